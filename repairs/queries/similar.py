"""What is already reported at a place and still open: shown before somebody reports the same thing again."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from portal.cases.flow import address_of, flow_of
from portal.cases.lines import photo_of, with_photo
from portal.cases.models import Case, CaseParty
from portal.cases.queries import open_alike
from portal.orgs.models import Unit, User
from portal.templatetags.sunlit import when

KIND = "repairs.ticket"
MOST = 3  # shown beside the form: whoever has more to read sends without reading


@dataclass(frozen=True)
class Similar:
    """One open report of the same kind at the same place; no `follow_url` where it is one's own or followed already."""

    number: str
    title: str
    note: str
    thumb_url: str
    url: str
    follow_url: str


def similar_at(unit: Unit, topic: str, *, by: User) -> list[Similar]:
    """The newest of them with a photo each; one query beside the person's posts."""
    followed = CaseParty.objects.filter(case=OuterRef("pk"), person=by, as_what=CaseParty.FOLLOWER)
    rows = with_photo(open_alike(KIND, unit, topic, by=by).select_related("unit", "opener"))
    rows = rows.annotate(is_followed=Exists(followed))
    return [_similar(case, by) for case in rows[:MOST]]


def _similar(case: Case, by: User) -> Similar:
    url = address_of(case)
    follows = case.is_followed or by.pk in (case.opener_id, case.assignee_id)  # type: ignore[attr-defined]
    note = f"{when(case.opened_at)} 报，现在“{flow_of(case).state(case.state).title}”"
    return Similar(case.number, case.title, note, photo_of(case), url, "" if follows else f"{url}follow/")
