"""Weeks of repairs: how many tickets on which day at which school, who reports them, and what the bureau has set."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from portal.cases.settings import set_clock
from portal.clock import SCHOOL_TIME
from portal.hall.demo.cast import ADMIN
from portal.hall.demo.district import District, School
from portal.hall.demo.stage import Stage, Story
from portal.orgs.models import Unit
from repairs.actions.dispatching import set_rule
from repairs.flow import FLOW
from repairs.models import Ticket

from . import counting, plots, store, things
from .album import Album
from .characters import character_of
from .faults import Deck, Fault
from .job import Job, Planned
from .monthly import Months
from .today import scenes

A_WEEK, ALL = 15, 66  # tickets in the whole district, and the loads of its schools together
SCHOOL_DAY, WEEKDAY, WEEKEND = 1.0, 0.22, 0.09  # how much breaks, compared
RUSHES = (
    ((7, 20), (8, 10), 5),
    ((9, 35), (10, 20), 5),
    ((11, 40), (14, 10), 5),
    ((15, 20), (17, 30), 6),
    ((18, 30), (21, 10), 1),
)
BOARDERS = ("宿舍", "开水房", "洗漱", "后厨", "校门", "园门", "操场", "住宿间")
CLASSROOMS = ("教室", "饮水点", "走廊", "厕")
PUBLIC = ("校门", "园门", "道路", "操场")


def begin(district: District, stage: Stage) -> None:
    """Puts every repair of these weeks on the stage."""
    album = Album(district.chance)
    life = Life(district, stage, album, Deck(district.chance))
    life.set_clocks()
    life.set_rules()
    things.label(district)
    things.register(district)
    store.stock(district)
    things.stranger(district, stage, album)
    counting.takes(district, stage)
    Months(district, stage).begin()
    planned = [*life.weeks(), *life.farewell(), *scenes(district, stage, album)]
    album.develop(one.job.fault.scene for one in sorted(planned, key=lambda one: one.moment))
    for one in planned:
        stage.add(one.moment, one.story)


def summary() -> str:
    """How many tickets there are, and how many are open."""
    every, still = Ticket.objects.count(), Ticket.objects.filter(is_open=True)
    late = still.filter(due_at__lt=Ticket.objects.latest("moved_at").moved_at).count() if every else 0
    return f"{every} tickets, {still.count()} open, {late} late"


class Life:
    """What breaks in these weeks."""

    def __init__(self, district: District, stage: Stage, album: Album, deck: Deck) -> None:
        self.district, self.stage, self.album, self.deck = district, stage, album, deck
        self.chance = district.chance

    def set_clocks(self) -> None:
        """The admin gives one school its own times and ladder: it answers faster, and its head hears of it earlier."""
        if not self.district.has("SY01"):
            return
        by, unit = self.district.person(ADMIN), self.district.place("SY01")
        rungs = [
            {"tells": "holder", "share": "0.5"},
            {"tells": "logistics_head", "share": "1", "ack": "0.5"},
            {"tells": "principal", "plus": "2", "ack": "2"},
            {"tells": "repairs_officer", "plus": "24", "ack": "8"},
        ]
        set_clock(unit=unit, kind=FLOW.kind, clock="respond", amount=Decimal(1), measure="hours", rungs=rungs, by=by)
        set_clock(unit=unit, kind=FLOW.kind, clock="resolve", topic="RP-06", amount=Decimal(4), measure="hours", by=by)

    def set_rules(self) -> None:
        """One school dispatches by a rule that proposes whoever has least in hand."""
        if self.district.has("YG01"):
            school = self.district.schools["YG01"]
            team = [self.district.person(one) for one in school.posts["technician"]]
            set_rule(unit=school.unit, people=team, by=self.district.person(school.holder("dispatcher")))

    def weeks(self) -> Iterator[Planned]:
        """Every ordinary ticket: school by school, each with the moment of its report."""
        days = list(self._days())
        weeks = len(days) / 7
        for school in self.district.schools.values():
            count = round(A_WEEK * weeks * character_of(school.code).load / ALL)
            for plot in self.chance.deal(plots.DECK, count):
                day = self.chance.choices(days, [self._weight(school, one) for one in days])[0]
                yield self._ticket(school, day, plot)

    def farewell(self) -> Iterator[Planned]:
        """A teacher leaves while her ticket waits for her: the principal signs off instead."""
        school = self.district.schools["LX01"]
        span = self.stage.until - self.stage.starts
        when = self.district.hours.at_work(school.unit.path, self.stage.starts + span * 0.55, 30)
        fault, place, words = self.deck.draw([one for one in school.places if "教室" in one.name])
        job = self._job(school, fault, place, words, school.posts["teacher"][-1])
        yield Planned(when, job, self._leaving(job))

    def _leaving(self, job: Job) -> Story:
        yield from plots.to_the_technician(job)
        yield from plots.repaired(job)
        yield job.later(60)
        job.opener_leaves()
        yield job.later(100)
        job.confirm(by=job.school.holder("principal"), stars=5)

    def _days(self) -> Iterator[date]:
        day, last = (moment.astimezone(SCHOOL_TIME).date() for moment in (self.stage.starts, self.stage.until))
        while day <= last:
            yield day
            day += timedelta(days=1)

    def _weight(self, school: School, day: date) -> float:
        if self.district.hours.calendars.of(school.unit.path).is_school_day(day):
            return SCHOOL_DAY
        return WEEKDAY if day.isoweekday() <= 5 else WEEKEND

    def _ticket(self, school: School, day: date, plot: plots.Plot) -> Planned:
        """One ordinary ticket of a day; when there is no school, only what cannot wait, where people live and eat."""
        moment = self._moment(day)
        in_school = self._weight(school, day) == SCHOOL_DAY
        living = [one for one in school.places if any(word in one.name for word in BOARDERS)]
        if in_school and moment.hour < 18:
            fault, place, words = self.deck.draw(school.places)
        else:
            fault, place, words = self.deck.draw(living, urgent=True)
        opener = self._opener(school, place if plot is not plots.phoned else None)
        job = self._job(school, fault, place, words, opener)
        if fault.kind.priority == 1 and plot in (plots.rejected, plots.withdrawn):
            plot = plots.usual  # nobody takes back, or turns down, what is dangerous
        return Planned(moment, job, plot(job))

    def _moment(self, day: date) -> datetime:
        first, last, _ = self.chance.choices(RUSHES, [share for *_, share in RUSHES])[0]
        opens, closes = (datetime.combine(day, time(*one), SCHOOL_TIME) for one in (first, last))
        return opens + timedelta(seconds=self.chance.randrange(int((closes - opens).total_seconds())))

    def _opener(self, school: School, place: Unit | None) -> str:
        """Mostly a teacher; parents at the gate, and the cast more often than others. Without a place, a colleague."""
        seen_from_outside = place is not None and any(word in place.name for word in PUBLIC)
        if seen_from_outside and school.parents and self.chance.happens(0.3):
            return (
                "pingyaqin"
                if school.code == "LX01" and self.chance.happens(0.5)
                else self.chance.choice(school.parents)
            )
        around_class = place is not None and any(word in place.name for word in CLASSROOMS)
        if school.code == "LX01" and around_class and self.chance.happens(0.2):
            return "linxiaoyun"
        if school.code == "YG01" and place is not None and self.chance.happens(0.16):
            return "shenzhixing"
        staff = school.posts["teacher"] if school.code != "LX01" else school.posts["teacher"][:-2]
        return self.chance.choice([*staff, *school.posts.get("asset_manager", ())])

    def _job(self, school: School, fault: Fault, place: Unit, words: str, opener: str) -> Job:
        technician = self.chance.choice(school.posts["technician"])
        return Job(
            self.district, school, character_of(school.code), self.album, fault, place, words, opener, technician
        )
