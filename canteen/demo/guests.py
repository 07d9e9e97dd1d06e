"""Who eats along at 柳溪镇中心小学 beside the heads, and what hangs at the door: a parent's meals, licence and people."""

from datetime import datetime, time, timedelta

from canteen.actions import book_meal, open_particulars
from canteen.flow import PARENT_MEALS, PARTICULARS
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage, Story
from portal.ledger.actions import CLOCK

from .cast import SCHOOL
from .places import the_canteen

PARENT, MANAGER = "meiyu", "jianghong"
HOUR = timedelta(hours=1)
# Days before the end on which she eats (below zero: to come), what she says, what the canteen answers.
MEALS = (
    (10, "饭菜是热的，青菜有点老。孩子们排队很安静。", "青菜改为当天早上送，已和供应商说好，下周起换。"),
    (3, "汤偏咸，米饭软硬合适。", ""),
    (-4, "", ""),
)


def begin(district: District, stage: Stage) -> None:
    """Puts it on the stage; nothing where the school was not planted."""
    if not district.has(SCHOOL):
        return
    calendar = district.hours.calendars.of(district.schools[SCHOOL].unit.path)
    for days, said, answer in MEALS:
        day = stage.until.astimezone(clock.SCHOOL_TIME) - timedelta(days=days)
        while not calendar.is_school_day(day.date()) and day > stage.starts:
            day -= timedelta(days=1)
        booked = min(day, stage.until) - timedelta(days=1)
        if booked > stage.starts:
            stage.add(booked, eaten(district, day, said, answer))
    stage.add(stage.starts + timedelta(days=1), licence_hung(district))


def eaten(district: District, day: datetime, said: str, answer: str) -> Story:
    """A parent books, eats, says how it was, and is answered."""
    parent = district.person(PARENT)
    data = {"canteen": the_canteen(district, SCHOOL).pk, "day": day.date(), "meal": "lunch"}
    case = book_meal(filled(PARENT_MEALS, PARENT_MEALS.opening, case=None, by=parent, data=data), by=parent)
    yield datetime.combine(day.date(), time(12, 50), clock.SCHOOL_TIME)
    if not said:
        return
    move(case, "give_opinion", by=parent, data={"score": "4", "words": said})
    yield clock.now() + 20 * HOUR
    if answer:
        move(Case.objects.get(pk=case.pk), "answer_opinion", by=district.person(MANAGER), data={"words": answer})


def licence_hung(district: District) -> Story:
    """This term's licence and people: looked through by the manager, published by the principal."""
    school = district.schools[SCHOOL]
    form = filled(PARTICULARS, PARTICULARS.opening, case=None, by=CLOCK, data={"unit": school.unit.pk})
    case = open_particulars(form, by=CLOCK)
    yield clock.now() + 3 * HOUR
    if isinstance(case, Case):
        move(case, "check", by=district.person(MANAGER))
        yield clock.now() + 2 * HOUR
        move(Case.objects.get(pk=case.pk), "publish", by=district.person(school.holder("principal")))
