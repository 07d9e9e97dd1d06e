"""今天的活: what a technician has to do, in the order in which they will do it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from portal import clock
from portal.cases.faces import CaseRow, rows_of
from portal.cases.flow import ASSIGNEE
from portal.cases.lines import photo_of, with_photo
from portal.cases.models import CaseParty
from portal.cases.queries import FAR
from portal.orgs.access import standing_in
from portal.orgs.models import User
from portal.templatetags.sunlit import when
from repairs.models import Ticket

MOST = 60  # jobs on one page: a technician with more has another problem
LATE, TODAY, LATER, VISITS, HELPS = "已超时", "今天到期", "以后到期", "约好的", "协助别人的"
ICONS = {VISITS: "calendar-clock", LATE: "octagon-alert", TODAY: "clock", LATER: "calendar", HELPS: "users"}


@dataclass(frozen=True)
class Job:
    """One line of the day: the ticket, its row, the very place, who reported it and how to reach them, the agreed visit, a photo."""

    ticket: Ticket
    row: CaseRow
    place: str
    opener: str
    phone: str
    visit: str
    thumb_url: str


def jobs_of(user: User) -> list[Ticket]:
    """Jobs whose turn is this person's (or of those they stand in for), and those they help with; at most 60.

    Agreed visits come first by their time (those of later days last); then what is late, due today and due later,
    each by building, floor and room, so that nobody crosses the yard twice.
    """
    mine = Q(assignee=user) | Q(assignee__in=standing_in(user).values("person"))
    parts = CaseParty.objects.filter(case=OuterRef("pk"), person=user)
    rows = Ticket.objects.annotate(helps=Exists(parts.filter(as_what=CaseParty.HELPER)), mine=mine & Q(turn=ASSIGNEE))
    rows = rows.filter(Q(mine=True) | Q(helps=True), ~Exists(parts.filter(as_what=CaseParty.BARRED)), is_open=True)
    rows = with_photo(rows).select_related("unit__school", "opener", "assignee", "spot")
    first = rows.order_by(F("visit_at").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "pk")[:MOST]
    return sorted(first, key=_place_in_day)


def day_of(user: User) -> list[tuple[str, str, list[Job]]]:
    """The jobs in groups: (title, icon, jobs)."""
    tickets = jobs_of(user)
    groups: dict[str, list[Job]] = {}
    for ticket, row in zip(tickets, rows_of(tickets), strict=True):
        opener = ticket.opener
        phone = (opener.phone or "") if opener else ""
        name = opener.name if opener else "没有账号的报修人"
        groups.setdefault(group_of(ticket), []).append(
            Job(ticket, row, (ticket.spot or ticket.unit).place, name, phone, when(ticket.visit_at), photo_of(ticket))
        )
    return [(title, ICONS[title], jobs) for title, jobs in groups.items()]


def group_of(ticket: Ticket) -> str:
    """Under which heading a job stands."""
    if not ticket.mine:  # type: ignore[attr-defined]
        return HELPS
    if ticket.visit_at is not None and ticket.visit_at < _midnight():
        return VISITS
    if ticket.due_at is not None and ticket.due_at <= clock.now():
        return LATE
    return TODAY if ticket.due_at is not None and ticket.due_at < _midnight() else LATER


def _place_in_day(ticket: Ticket) -> tuple[int, datetime, str, datetime, int]:
    """The order within a day: group, agreed time, place, clock."""
    group = group_of(ticket)
    visit = ticket.visit_at if group == VISITS and ticket.visit_at else FAR
    return list(ICONS).index(group), visit, ticket.unit_path, ticket.due_at or FAR, ticket.pk


def _midnight() -> datetime:
    """When today ends at school."""
    at = clock.now().astimezone(clock.SCHOOL_TIME)
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
