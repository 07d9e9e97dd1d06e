"""Questions about duty at posts: a day's list, a person's month, what a scan offers, where somebody may correct."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from portal import clock
from portal.errors import NotThere
from portal.orgs.access import reading, scope
from portal.orgs.models import Unit, User
from portal.orgs.roles import HEADS
from portal.stickers.doors import Door
from portal.stickers.models import Sticker
from portal.wire.days import FIRST, LAST
from safety_grid.models import Cell, SignIn

from .roster import Roster, Watch

EARLY = timedelta(hours=1)  # before the post begins
GRACE = timedelta(minutes=5)  # after it begins this still is on time (our own default)
CORRECTORS = ("safety_head", *HEADS)
AHEAD = "ahead"  # the post has not ended, and nobody has signed in
KIND = "safety_grid."
CHOICE = 30  # schools to choose from on the page
WORDS = dict(SignIn.STANDINGS) | {AHEAD: "还没签到"}


@dataclass(frozen=True)
class Duty:
    """One post of one person on one day, and how it stands."""

    watch: Watch
    sign_in: SignIn | None
    standing: str

    @property
    def words(self) -> str:
        """How it stands, in a word."""
        return WORDS[self.standing]

    @property
    def begins(self) -> datetime | None:
        """From when one is to be there."""
        return self.watch.hours[0] if self.watch.hours else None

    @property
    def ends(self) -> datetime | None:
        """Until when."""
        return self.watch.hours[1] if self.watch.hours else None

    @property
    def person(self) -> User | None:
        """Who was there, or who should be."""
        return self.sign_in.person if self.sign_in else self.watch.person


@dataclass(frozen=True)
class MonthRow:
    """One person's month at posts."""

    person: User
    due: int
    on_time: int
    late: int
    absent: int
    excused: int


def duties(unit: Unit, first: date, last: date) -> list[Duty]:
    """Every post with hours and a holder below a unit, day by day, in the order of their hours."""
    roster, now = Roster([unit], first, last), clock.now()
    rows = SignIn.objects.filter(day__gte=first, day__lte=last, holding__cell__unit__path__startswith=unit.path)
    signed = {(one.holding_id, one.day): one for one in rows.select_related("person")}
    found = []
    for step in range((last - first).days + 1):
        for watch in roster.on(first + timedelta(days=step)):
            if watch.holding is not None and watch.hours is not None:
                sign_in = signed.get((watch.holding.pk, watch.day))
                found.append(Duty(watch, sign_in, standing_of(sign_in, watch.hours, now)))
    return sorted(found, key=lambda one: (one.watch.hours or (now, now), one.watch.cell.unit.path))


def standing_at(begins: datetime, at: datetime) -> str:
    """On time until five minutes after the post begins, else late."""
    return SignIn.ON_TIME if at <= begins + GRACE else SignIn.LATE


def standing_of(sign_in: SignIn | None, hours: tuple[datetime, datetime], now: datetime) -> str:
    """What the head said, else what the moment says; absent once the post has ended without anybody."""
    if sign_in is not None and sign_in.corrected:
        return sign_in.corrected
    if sign_in is not None and sign_in.at is not None:
        return standing_at(hours[0], sign_in.at)
    return SignIn.ABSENT if now >= hours[1] else AHEAD


def month_rows(unit: Unit, first: date, last: date) -> list[MonthRow]:
    """People with posts there from one day to another, most often absent or late first; posts still to come do not count."""
    people: dict[int, User] = {}
    told: dict[int, list[str]] = {}
    for one in duties(unit, first, last):
        if one.person is not None and one.standing != AHEAD:
            people[one.person.pk] = one.person
            told.setdefault(one.person.pk, []).append(one.standing)
    rows = [
        MonthRow(people[pk], len(all_), *(all_.count(name) for name, _ in SignIn.STANDINGS))
        for pk, all_ in told.items()
    ]
    return sorted(rows, key=lambda row: (-row.absent, -row.late, row.person.name, row.person.pk))


def month_of(said: str) -> tuple[date, date]:
    """The first and the last day of a month such as 2026-11; the last is today in the month that runs."""
    first = date.fromisoformat(f"{said}-01")
    return first, min(first.replace(day=monthrange(first.year, first.month)[1]), clock.today())


def own_duties(by: User, day: date, *, known: list[Duty] | None = None) -> list[Duty]:
    """The posts of one person on a day at their school, those they stand in for among them; out of the school's, if `known`."""
    school = by.home.school if by.home else None
    if known is None:
        known = duties(school, day, day) if school else []
    return [one for one in known if one.person == by]


def schools_read(by: User) -> QuerySet[Unit]:
    """Schools whose duty lists the person reads by a role."""
    schools = Unit.objects.none()
    for (kind, _), paths in reading(by).items():
        for path in paths if kind in ("*", KIND) else ():
            schools = schools | Unit.objects.open().filter(path__startswith=path, kind="school")
    return schools


def school_read(by: User, asked: str) -> tuple[Unit | None, list[Unit]]:
    """The school asked for, else the first the person reads (none for those who read none), and the first of them all to
    choose from. Not there: another's."""
    rows = schools_read(by)
    first = list(rows[:CHOICE])
    if not asked:
        return next(iter(first), None), first
    found = next((one for one in first if str(one.pk) == asked), None)
    if found is None and asked.isdecimal() and len(asked) < 18:
        found = rows.filter(pk=int(asked)).first()
    if found is None:
        raise NotThere
    return found, first


def corrects(by: User, unit: Unit) -> bool:
    """Whether the person may correct the list there."""
    return any(unit.path.startswith(path) for path in scope(by, *CORRECTORS))


def duty_at(by: User, holding: int, day: date | str) -> Duty:
    """One post on one day (as an address names it, too), for those who may correct it; not there for others."""
    day = _day(day) if isinstance(day, str) else day
    cell = Cell.objects.filter(holdings=holding).select_related("unit__school").first()
    if cell is None or not corrects(by, cell.unit):
        raise NotThere
    for one in duties(cell.unit, day, day):
        if one.watch.holding is not None and one.watch.holding.pk == holding:
            return one
    raise NotThere


def _day(said: str) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise NotThere from None
    if not FIRST <= day <= LAST:
        raise NotThere
    return day


def doors_of(sticker: Sticker, by: User) -> Iterator[Door]:
    """签到: offered after a scan at a post while the person is to be there and has not signed in."""
    if sticker.about or not Cell.objects.filter(unit=sticker.unit_id, begins__isnull=False).exists():
        return
    if open_duties(sticker.unit, by):
        yield Door("值班签到", "badge-check", reverse("safety_grid:sign-in"), "记下现在的时间和地点", posts=True)


def open_duties(unit: Unit, by: User) -> list[Duty]:
    """The posts at this very place that wait for this person now, last night's among them."""
    now = clock.now()
    today = clock.today()
    found = [one for one in duties(unit, today - timedelta(days=1), today) if one.watch.cell.unit_id == unit.pk]
    return [one for one in found if one.watch.person == by and one.sign_in is None and _is_on(one, now)]


def _is_on(one: Duty, now: datetime) -> bool:
    hours = one.watch.hours
    return hours is not None and hours[0] - EARLY <= now < hours[1]
