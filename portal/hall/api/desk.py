"""待办 for programs: the four tabs of the desk, over every affair."""

from typing import Any

from django import forms
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases import queries
from portal.cases.api import listing
from portal.cases.api.shapes import CaseShape, live_clocks
from portal.cases.models import Case
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, person
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.paging import Page

TABS = [("waiting", "待我办，超时的在前"), ("opened", "我发起"), ("governed", "我管辖"), ("done", "已办")]


class DeskForm(listing.ListForm):
    """Which tab, and what it is narrowed to."""

    tab = forms.ChoiceField(label="哪一栏", required=False, choices=TABS, help_text="不填为 waiting。")


class Desk(Endpoint):
    """What waits for the person, what they opened, what they answer for, what they have done."""

    policies = {"GET": SIGNED_IN}
    tag = "待办"
    verbs = {"GET": Verb("desk", "待办", asks=DeskForm, gives=CaseShape, many=True)}

    def get(self, request: Request) -> Response:
        """One tab: open work by its clocks, histories newest first."""
        asked = self.asked()
        page = _tab(person(self.here), asked)
        return self.page(page, CaseShape, clocks=live_clocks(page.rows))


def _tab(user: User, asked: dict[str, Any]) -> Page[Case]:
    tab = asked["tab"] or "waiting"
    if tab == "waiting":
        return listing.by_clock(queries.waiting(user), asked)
    if tab == "governed" and asked["state"] in ("open", "late"):
        return listing.by_clock(queries.governed(user), asked)
    rows = {"opened": queries.opened, "governed": queries.governed, "done": queries.done}[tab](user)
    return listing.newest(rows, asked, narrow=tab != "governed" or queries.is_narrow(user))
