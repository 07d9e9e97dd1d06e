"""Questions about cases: a person's desk over every affair, one case with all that its page shows, its chain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from portal import clock
from portal.apps import SchoolApp
from portal.errors import NotThere
from portal.evidence.models import Piece, Reference
from portal.ledger.models import Event
from portal.ledger.queries import chain_of
from portal.notices.models import Notice
from portal.orgs.access import holdings, reading, tops
from portal.orgs.models import Unit, User

from .access import by_receipt, refuse_stranger, waiting_for
from .actors import Actor, Receipt
from .flow import FLOWS, Flow
from .models import Case, CaseLink, CaseParty, CaseQuerySet, Deadline, Escalation, Words

ADDRESS = Concat(Value(f"{Case._meta.model_name}:"), Cast(OuterRef("pk"), CharField()))  # of a row asked about
FAR = datetime(9999, 1, 1, tzinfo=clock.SCHOOL_TIME)
PAGE = 25
CAP = 1000
LINKED = 20  # linked cases on a page
PIECE_COLUMNS = ("id", "kind", "address", "sha256", "shown_sha256", "covered", "uploader_id", "receipt")
CLOCK_COLUMNS = ("clock", "started_at", "amount", "extra", "measure", "paused_at", "due_at", "provisional")


def open_alike(kind: str, unit: Unit, topic: str, *, by: User) -> CaseQuerySet:
    """What is open of a kind at the same place and of the same topic, as far as the person may see it, the newest first;
    never what is discreet, or what nobody has vouched for but the person."""
    rows: CaseQuerySet = Case.objects.visible_to(by).filter(kind=kind, is_open=True, unit=unit, topic=topic)
    return rows.filter(Q(circle="") | Q(opener=by), discreet=False).order_by("-id")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; kept in the address, so it survives a reload."""

    affair: str = ""
    state: str = ""
    place: str = ""
    q: str = ""
    since: str = ""
    kind: str = ""


def cases() -> CaseQuerySet:
    """Cases with what a row shows."""
    rows: CaseQuerySet = Case.objects.select_related("unit__school", "assignee", "opener")
    return rows


def waiting(user: User) -> CaseQuerySet:
    """待我办: open cases whose turn it is this person's, those they are barred from left out."""
    rows: CaseQuerySet = cases().filter(waiting_for(user))
    return rows.not_barring(user)


def waiting_count(user: User) -> int:
    """How many wait, counted up to 1,000."""
    return waiting(user).order_by()[:CAP].count()


class HowMany(Subquery):
    """The number of rows of a query, as a value beside others."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows)


def counted(user: User, *questions: QuerySet[Any], cap: int = CAP) -> tuple[int, ...]:
    """How many rows each of these has, counted up to `cap`, in one question."""
    asked = [HowMany(rows.order_by().values("pk")[:cap]) for rows in questions]
    return tuple(User.objects.filter(pk=user.pk).values_list(*asked).get())


def opened(user: User) -> CaseQuerySet:
    """我发起: what the person opened, or was opened for them, those they are barred from left out."""
    rows: CaseQuerySet = cases().filter(opener=user)
    return rows.not_barring(user)


def governed(user: User) -> CaseQuerySet:
    """我管辖: what their roles read."""
    return cases().governed_by(user)


def done(user: User) -> CaseQuerySet:
    """已办: what the person has acted on and may still see; `acted` is their part in it."""
    acted = FilteredRelation("parties", condition=Q(parties__person=user, parties__as_what=CaseParty.HANDLED))
    rows: CaseQuerySet = cases().alias(acted=acted).filter(acted__person=user)
    return rows.visible_to(user)


def is_narrow(user: User) -> bool:
    """Whether the person's scope is a school or less, so that the planner must not walk the whole table."""
    return all(len(path) > 8 for paths in reading(user).values() for path in paths)


def governs(user: User, kind: str = "") -> bool:
    """Whether the person has a 我管辖 list at all; with `kind` (or an affair's `repairs.`) whether they have one of that."""
    reads = {read for read, _ in reading(user)} if holdings(user) else set()
    return any(read == "*" or read.startswith(kind) or kind.startswith(read) for read in reads)


def narrowed(rows: CaseQuerySet, filters: Filters) -> CaseQuerySet:
    """Applies the filters of a list."""
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    elif filters.affair:
        rows = rows.filter(kind__startswith=f"{filters.affair}.")
    if filters.state == "open":
        rows = rows.filter(is_open=True)
    elif filters.state == "late":
        rows = rows.filter(is_open=True, due_at__lt=clock.now())
    elif filters.state == "over":
        rows = rows.filter(is_open=False)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.place:
        rows = rows.filter(unit_path__startswith=filters.place)
    return rows.search(filters.q) if filters.q else rows


def newest(rows: CaseQuerySet, tab: str, user: User, *, before: int | None, found: bool = False) -> CaseQuerySet:
    """A keyset page of a tab, newest first, walked along the index that lists it; what a search `found` is sorted."""
    if found:
        return rows.newest(PAGE + 1, before=before)
    if tab == "governed" and is_narrow(user):
        return _newest_of_each_place(rows, user, before)
    column = "acted__case" if tab == "done" else "pk"
    page = rows.filter(**{f"{column}__lt": before}) if before else rows
    return page.order_by(F(column).desc())[: PAGE + 1]


def _newest_of_each_place(rows: CaseQuerySet, user: User, before: int | None) -> CaseQuerySet:
    """The newest of each room by one index, then the newest of those: a school's cases are neither sorted nor sought."""
    here = rows.filter(unit_path=OuterRef("path"), **({"pk__lt": before} if before else {})).order_by("-pk")
    tree = Q(pk__in=[])
    for path in tops(path for paths in reading(user).values() for path in paths):
        tree |= Q(path__startswith=path)
    each = Unit.objects.filter(tree).order_by().values(found=Unnest(ArraySubquery(here.values("pk")[: PAGE + 1])))
    return cases().filter(pk__in=each).order_by("-pk")[: PAGE + 1]


class Unnest(Func):
    """The elements of an array as rows."""

    function = "unnest"
    arity = 1
    set_returning = True
    output_field = BigIntegerField()


def by_clock(
    rows: CaseQuerySet, *, after: tuple[datetime, int] | None = None, n: int = PAGE + 1, narrow: bool = True
) -> CaseQuerySet:
    """A keyset page, late first: by the nearest running clock, those without one last. A wide scope walks the index."""
    rows = rows.alias(key=Coalesce("due_at", FAR))
    if after is not None:
        rows = rows.filter(Q(key__gt=after[0]) | Q(key=after[0], pk__gt=after[1]))
    if not narrow:
        return rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:n]
    return rows.order_by("key", F("id") + 0)[:n]


def mark_of(case: Case) -> str:
    """Where the page after this case begins, in a list by the clock."""
    return f"{(case.due_at or FAR).timestamp():.6f}_{case.pk}"


def clock_mark(text: str) -> tuple[datetime, int] | None:
    """The mark an address carries; none for what is no mark."""
    stamp, _, pk = text.partition("_")
    try:
        return datetime.fromtimestamp(float(stamp), clock.SCHOOL_TIME), int(pk[:18])
    except (ValueError, OverflowError, OSError):
        return None


def find(flow: Flow, number: str, *, by: Actor, shown: bool = False) -> Case:
    """One case by its number as its own model, or NotThere for those who may not know of it; `shown` for its page."""
    rows = flow.model._base_manager.select_related("unit__school", "opener", "assignee", "spot").filter(number=number)
    if isinstance(by, User):
        parts = CaseParty.objects.filter(case=OuterRef("pk"), person=by)
        rows = rows.annotate(parts=ArraySubquery(parts.values("as_what")))
    try:
        case = (flow.brings(_with_what_its_page_asks(rows, by)) if shown else rows).get()
    except flow.model.DoesNotExist:
        raise NotThere from None
    if isinstance(by, User):
        case.keep_parts(by)
    refuse_stranger(by, case)
    return case


def _with_what_its_page_asks(rows: QuerySet[Case], by: Actor) -> QuerySet[Case]:
    """Linked cases, helpers and unread notices."""
    if not isinstance(by, User | Receipt):
        return rows
    helpers = CaseParty.objects.filter(case=OuterRef("pk"), as_what=CaseParty.HELPER).order_by("pk")
    rows = rows.annotate(helpers=ArraySubquery(helpers.values("person__name")))
    rows = rows.annotate(belongs_to=_linked(by, "source", "target"), owned=_linked(by, "target", "source"))
    if isinstance(by, Receipt):
        return rows
    return rows.annotate(has_unread=Exists(Notice.objects.filter(to=by, read_at=None, about=ADDRESS)))


def _linked(by: User | Receipt, here: str, there: str) -> ArraySubquery:
    """The newest cases at the other end of this case's links that the person may see, with their live clocks."""
    mine = Case.objects.visible_to(by) if isinstance(by, User) else Case.objects.filter(by_receipt(by))
    seen = mine.filter(pk=OuterRef(there)).order_by()
    live = Deadline.objects.filter(case=OuterRef(there), done_at=None).order_by("due_at", "pk")
    links = CaseLink.objects.filter(Exists(seen), **{here: OuterRef("pk")}).order_by("-pk")
    told = {name: f"{there}__{name}" for name in ("id", "kind", "number", "title", "state", "is_open")}
    clocks = ArraySubquery(live.values(row=JSONObject(**{name: name for name in CLOCK_COLUMNS})))
    return ArraySubquery(links.values(row=JSONObject(**told, clocks=clocks))[:LINKED])


def history_of(case: Case) -> QuerySet[Event]:
    """The case's chain with the words and photos that came with each event, in one question."""
    said = Words.objects.filter(case_id=case.pk, seq=OuterRef("seq")).order_by("pk")
    again = Reference.objects.filter(address=OuterRef(OuterRef("address")), at=OuterRef(OuterRef("at")))
    here = Q(address=OuterRef("address"), attached_at=OuterRef("at")) | Q(pk__in=again.values("piece"))
    shown = Piece.objects.filter(here).order_by("uploaded_at", "pk")
    return chain_of(case.address).annotate(
        said=ArraySubquery(said.values(row=JSONObject(name="name", text="text"))),
        shown=ArraySubquery(shown.values(row=JSONObject(**{name: name for name in PIECE_COLUMNS}))),
    )


def clocks_of(case: Case) -> QuerySet[Deadline]:
    """Every clock of the case with the setting it started with and the rungs it has fired, in one question."""
    fired = Escalation.objects.filter(deadline=OuterRef("pk"), round=OuterRef("round")).order_by("rung")
    row = JSONObject(rung="rung", role="role", told="told", vacant="vacant", at="at", acknowledged_at="acknowledged_at")
    asked = Deadline.objects.filter(case_id=case.pk).select_related("setting").order_by("pk")
    return asked.annotate(fired=ArraySubquery(fired.values(row=row)))


def kinds() -> list[tuple[str, str, str]]:
    """Affairs that have cases: label, title and icon, for the desk's filters."""
    affairs = dict.fromkeys(flow.affair for flow in FLOWS.values())
    found = [app for app in apps.get_app_configs() if isinstance(app, SchoolApp) and app.label in affairs]
    return [(app.label, app.title, app.icon) for app in found]
