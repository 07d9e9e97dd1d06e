"""Lists of cases for programs: by a person's desk, or everything of one kind they may see, in pages that never shift."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from portal.cases.flow import FLOWS, Flow
from portal.cases.models import Case, CaseParty, CaseQuerySet
from portal.cases.queries import FAR, Filters, is_narrow, narrowed
from portal.orgs.access import standing_in
from portal.orgs.models import Unit, User
from portal.wire.kinds import LARGEST
from portal.wire.paging import Keyset, Page, PageForm, page_of

NEWEST: Keyset[Case] = Keyset(("pk",), (int,), lambda case: (case.pk,), falling=True)
BY_CLOCK: Keyset[Case] = Keyset(("key", "pk"), (datetime, int), lambda case: (case.due_at or FAR, case.pk))
LENSES = [("open", "在办"), ("late", "已超时"), ("over", "已了结")]
JOINED = (CaseParty.FOLLOWER, CaseParty.HELPER)
Narrow = Callable[[CaseQuerySet], CaseQuerySet]


class ListForm(PageForm):
    """What a list of cases may be narrowed to."""

    state = forms.ChoiceField(label="状态", required=False, choices=LENSES)
    unit = forms.IntegerField(
        label="地点", required=False, min_value=1, max_value=LARGEST, help_text="单位编号；含下级。"
    )
    since = forms.DateTimeField(
        label="此后有变化", required=False, help_text="这一时刻起发起或有进展的，如 2026-11-16T09:00:00+08:00。"
    )
    q = forms.CharField(label="找", required=False, max_length=60, help_text="编号开头，或标题里的字。")


def list_form(flow: Flow) -> type[ListForm]:
    """The list's form with this flow's own states."""
    states = [(state.name, state.title) for state in flow.states]
    field = forms.ChoiceField(label="状态", required=False, choices=[*LENSES, *states])
    return type("ListForm", (ListForm,), {"state": field, "__doc__": ListForm.__doc__, "__module__": __name__})


def everything(user: User, flow: Flow, asked: dict[str, Any]) -> Page[Case]:
    """All of one kind the person may see, newest first."""
    narrow = _narrowing(asked, kind=flow.kind)

    def ask(bounds: Q, back: bool, n: int) -> list[Case]:
        order = "pk" if back else "-pk"
        newest = [
            rows.filter(bounds).order_by(*_walk(back, slow))[:n].values("pk") for rows, slow in _ways(user, narrow)
        ]
        found = newest[0].union(*newest[1:])
        return list(_rows().filter(pk__in=found).order_by(order)[:n])

    return page_of(ask, NEWEST, cursor=asked["cursor"], limit=asked["limit"])


def newest(rows: CaseQuerySet, asked: dict[str, Any], *, narrow: bool) -> Page[Case]:
    """A desk's tab, newest first; `narrow` stops the planner from walking the whole table."""
    rows = _narrowing(asked)(_told(rows))

    def ask(bounds: Q, back: bool, n: int) -> list[Case]:
        return list(rows.filter(bounds).order_by(*_walk(back, narrow))[:n])

    return page_of(ask, NEWEST, cursor=asked["cursor"], limit=asked["limit"])


def by_clock(rows: CaseQuerySet, asked: dict[str, Any]) -> Page[Case]:
    """A desk's tab, late first: by the nearest running clock, those without one last."""
    rows = _narrowing(asked)(_told(rows)).alias(key=Coalesce("due_at", FAR))

    def ask(bounds: Q, back: bool, n: int) -> list[Case]:
        order = ("-key", "-pk") if back else ("key", "pk")
        return list(rows.filter(bounds).order_by(*order)[:n])

    return page_of(ask, BY_CLOCK, cursor=asked["cursor"], limit=asked["limit"])


def _ways(user: User, narrow: Narrow) -> Iterator[tuple[CaseQuerySet, bool]]:
    """Each way a person may see a case, as an indexed list of its own; whether its order must not use the whole table's."""
    cases: Any = Case.objects
    stood_for = standing_in(user).values("person")
    yield narrow(cases.governed_by(user)), is_narrow(user)
    for mine in (Q(opener=user), Q(assignee=user), Q(assignee__in=stood_for)):
        yield narrow(cases.filter(mine).not_barring(user)), False
    joined = CaseParty.objects.filter(person=user, as_what__in=JOINED)
    yield narrow(cases.filter(pk__in=joined.values("case")).not_barring(user)), False


def _walk(back: bool, narrow: bool) -> list[Any]:
    by = F("id") + 0 if narrow else F("id")
    return [by.asc() if back else by.desc()]


def _narrowing(asked: dict[str, Any], *, kind: str = "") -> Narrow:
    filters = Filters(state=asked["state"], place=_path(asked["unit"]), q=asked["q"])

    def narrow(rows: CaseQuerySet) -> CaseQuerySet:
        rows = rows.filter(kind=kind) if kind else rows.filter(kind__in=FLOWS)
        rows = rows.filter(moved_at__gte=asked["since"]) if asked["since"] else rows
        return narrowed(rows, filters)

    return narrow


def _path(unit: int | None) -> str:
    """The place's path; for a place nobody knows, one that nothing lies below."""
    if unit is None:
        return ""
    return Unit.objects.filter(pk=unit).values_list("path", flat=True).first() or "-"


def _rows() -> CaseQuerySet:
    return _told(Case.objects.all())


def _told(rows: CaseQuerySet) -> CaseQuerySet:
    """With what a line of a list tells."""
    return rows.select_related("unit", "assignee", "opener")
