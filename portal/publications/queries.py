"""Questions about publications: a school's boards, one issue, on-time figures, lists for programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from portal import clock
from portal.cases.models import Case, Deadline
from portal.errors import NotThere
from portal.ledger.models import Event, Seal, SealedHead
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.roles import title as role_title

from .access import Reader
from .kinds import KINDS, Kind
from .models import Issue, Publication
from .periods import before

CLOCK = "publish"
SIGNED = "signed"  # the state of a duty that has every signature and waits for its moment
OWED = "owed"  # the same of one that needs no signature
READY = (SIGNED, OWED)
PAGE = 24
PUBLISHERS = (UnitKind.SCHOOL, UnitKind.BUREAU)  # who has a board


def issues() -> QuerySet[Issue]:
    """Issues with when they were due, by their case's clock or their own, and whose turn it is now."""
    due = Deadline.objects.filter(case=OuterRef("case"), clock=CLOCK).order_by("-pk").values("due_at")[:1]
    return Issue.objects.select_related("unit", "case").annotate(due=Coalesce("due_at", Subquery(due)))


@dataclass(frozen=True)
class State:
    """How an issue stands: `tone` and words for the page; `holder` is the post that holds it while it is not out."""

    code: str
    tone: str
    words: str
    holder: str = ""

    @property
    def said(self) -> str:
        """Who holds it, as a sentence without its end: a post, or the clock that puts out what is signed."""
        return "由系统到时公示" if self.code == "signed" else f"现在由{self.holder}负责"


def state_of(issue: Issue) -> State:
    """On time, late, not yet due, missing with the post that holds it, or taken back."""
    due: datetime | None = getattr(issue, "due", issue.due_at)
    if issue.withdrawn:
        return State("withdrawn", "off", "已撤下")
    if issue.first_at is not None:
        late = due is not None and issue.first_at > due
        return (
            State("late", "soon", "迟公示")
            if late
            else State("on_time", "done", "按时公示" if due is not None else "已公示")
        )
    if issue.case is not None and issue.case.state == SIGNED:
        return State("signed", "going", "已签字，到时公示", "系统")
    holder = role_title(issue.case.turn if issue.case and issue.case.turn else issue.about.posts[0])
    if due is not None and due <= clock.now():
        return State("missing", "late", "未按时公示", holder)
    return State("waiting", "going", "待公示", holder)


def school_at(code: str) -> Unit:
    """The open school of this code in addresses; not there otherwise."""
    return _unit_at(code, UnitKind.SCHOOL)


def publisher_at(code: str) -> Unit:
    """The open school or bureau of this code in addresses; not there otherwise."""
    return _unit_at(code, *PUBLISHERS)


def _unit_at(code: str, *kinds: str) -> Unit:
    if not code or len(code) > 20:
        raise NotThere
    named = Q(code=code) | (Q(code="", pk=int(code)) if code.isdecimal() and len(code) < 18 else Q(pk__in=[]))
    found = Unit.objects.open().filter(named, kind__in=kinds).first()
    if found is None:
        raise NotThere
    return found


def school_code(school: Unit) -> str:
    """What stands for a school in addresses."""
    return str(school.code or school.pk)


def page_of(issue: Issue) -> str:
    """Its page, for good; the page says who may read it."""
    return reverse("board-issue", args=[school_code(issue.unit), issue.kind, issue.period])


@dataclass(frozen=True)
class Board:
    """One kind at one school: its latest issue that is out, the one that is owed now, and how it has done."""

    kind: Kind
    latest: Issue | None
    owed: Issue | None
    due: int
    on_time: int
    late: int
    missing: int

    @property
    def share(self) -> int | None:
        """On time, in percent of what was due, 100 only where all of it was; none where nothing was due yet."""
        return 100 * self.on_time // self.due if self.due else None


def boards(school: Unit, reader: Reader) -> list[Board]:
    """Every kind the school owes or has published and this reader may see. Two questions."""
    mine = issues().filter(reader.condition(), unit=school)
    tallied = {row["kind"]: row for row in tally(mine, "kind")}
    newest: dict[str, list[Issue]] = {}
    for issue in mine.order_by("kind", "-period", "-pk").distinct("kind"):
        newest.setdefault(issue.kind, []).append(issue)
    out = mine.filter(current__gt=0).order_by("kind", "-period", "-pk").distinct("kind")
    latest = {issue.kind: issue for issue in out}
    found = []
    for code, kind in KINDS.items():
        if code in tallied:
            head = newest[code][0]
            row = {name: tallied[code][name] for name in ("due", "on_time", "late", "missing")}
            found.append(Board(kind, latest.get(code), head if not head.current else None, **row))
    return found


def tally(rows: QuerySet[Issue], *by: str) -> list[dict[str, Any]]:
    """Due, on time, late and missing of these issues, grouped: what is not due yet and not out does not count."""
    at = clock.now()
    is_due = Q(due__lte=at) | Q(first_at__isnull=False, due__isnull=False)
    counts = {
        "owed": Count("pk", filter=is_due),
        "on_time": Count("pk", filter=is_due & Q(first_at__lte=F("due"))),
        "late": Count("pk", filter=is_due & Q(first_at__gt=F("due"))),
        "missing": Count("pk", filter=Q(due__lte=at, first_at=None)),
    }
    found = rows.order_by(*by).values(*by).annotate(**counts)
    return [{**row, "due": row.pop("owed")} for row in found]


def history(school: Unit, kind: Kind, *, before_code: str = "") -> list[Issue]:
    """A kind's issues at a school, newest first, one more than a page."""
    rows = issues().filter(unit=school, kind=kind.code)
    if before_code:
        rows = rows.filter(period__lt=before_code)
    return list(rows.order_by("-period")[: PAGE + 1])


def found(school: Unit, kind: str, period: str, reader: Reader | None) -> Issue:
    """One issue, for whoever may read it; without a `reader` only what everybody may."""
    issue = issues().filter(unit=school, kind=kind, period=period).first()
    if issue is None or not (reader or Reader()).sees(issue.audience, issue.kind, school):
        raise NotThere
    return issue


def version_of(issue: Issue, number: int) -> Publication:
    """One version of an issue; not there when it has none of that number."""
    made = Publication.objects.filter(issue=issue, version=number).first() if 0 < number < 32_000 else None
    if made is None:
        raise NotThere
    return made


def previous(issue: Issue) -> Publication | None:
    """What the same school published for the period before, if it did and still stands by it."""
    earlier = before(issue.about.every, issue.when)
    if earlier is None:
        return None
    rows = Publication.objects.filter(
        issue__unit=issue.unit_id, issue__kind=issue.kind, issue__period=earlier.code, withdrawn=False
    )
    return rows.filter(version=F("issue__current")).first()


@dataclass(frozen=True)
class Sealed:
    """In which daily seal a publication's entry stands; none before the night after it."""

    seal: Seal | None
    event: Event | None


def sealed(made: Publication) -> Sealed:
    """The seal that covers the chain up to this version's entry. Two questions."""
    address = f"issue:{made.issue_id}"
    event = Event.objects.filter(address=address, facts__version=made.version, facts__digest=made.digest).first()
    if event is None:
        return Sealed(None, None)
    head = SealedHead.objects.filter(address=address, seq__gte=event.seq).order_by("seq").select_related("seal").first()
    return Sealed(head.seal if head else None, event)


def newest(reader: Reader, **narrow: Any) -> QuerySet[Publication]:
    """Current versions this reader may see, for lists and feeds."""
    mine = Issue.objects.filter(reader.condition(), current__gt=0, **narrow)
    rows = Publication.objects.filter(issue__in=mine.values("pk"), version=F("issue__current"))
    return rows.select_related("issue__unit")


def publishers(*, words: str = "", after: str = "", size: int = 60) -> list[Unit]:
    """Open schools and bureaus by name, in the order of the tree, one more than a page."""
    rows = Unit.objects.open().filter(kind__in=PUBLISHERS, path__gt=after)
    if words:
        rows = rows.filter(name__icontains=words)
    return list(rows.order_by("path")[: size + 1])


def standing(units: Iterable[Unit], reader: Reader) -> dict[int, dict[str, int]]:
    """Due, on time, late and missing of each of these schools, as far as the reader may see."""
    rows = tally(issues().filter(reader.condition(), unit__in=[one.pk for one in units]), "unit")
    return {row["unit"]: row for row in rows}


def current_of(rows: Iterable[Issue]) -> dict[int, Publication]:
    """The current version of each of these issues, by the issue's id. One question."""
    made = Publication.objects.filter(issue__in=[one.pk for one in rows], version=F("issue__current"))
    return {one.issue_id: one for one in made.select_related("issue__unit")}


def drafts(by: User, kinds: Iterable[str]) -> QuerySet[Case]:
    """Duties to publish that this person sees and that are not out."""
    rows = Case.objects.visible_to(by).filter(kind__in=list(kinds), is_open=True, issue__isnull=False)
    return rows.select_related("unit", "issue")
