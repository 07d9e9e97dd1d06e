"""The demo's spots: every school's places with a name each, a gate in the morning, a night watch, and a few gaps."""

from datetime import date, time

from portal import clock
from portal.hall.demo.district import District, School
from portal.orgs.models import Unit, User
from safety_grid.actions.many import Spot, set_up_many
from safety_grid.models import Cell, Days, Holding

MOST = 60  # places of one school that are watched
GAP = 17  # every so many places nobody has been named for
IDLE = 2  # teachers of a school who hold no spot
LEADERS = ("principal", "vice_principal", "logistics_head", "safety_head")
DUTIES = {
    "building": "每天放学后看一遍楼道和楼梯\n安全出口不堆物、不上锁\n发现隐患当天上报",
    "floor": "课间在楼道值守\n楼梯口不拥挤、不追跑",
    "room": "放学断电、关窗、锁门\n插座、门窗、桌椅完好",
    "outdoor": "器械牢固，地面平整\n活动时间有人看护",
    "school": "全校安全第一责任人",
}
GATE = "校门口早到岗\n疏导接送车辆\n不让陌生人进校"
NIGHT = "每两小时巡一遍\n守好大门和监控室"


def set_out(district: District) -> None:
    """The bureau, its sections and every school set their spots out; most have somebody from the first of the month."""
    officer = district.person("caoyan")
    set_up_many(
        [Spot(district.bureau, person=district.person("chengyuan"), duties="全县校园安全第一责任人")], by=officer
    )
    for school in district.schools.values():
        head = school.holder("safety_head")
        set_up_many(list(_spots(district, school)), by=district.person(head) if head else officer)


def summary() -> str:
    """How many spots there are."""
    cells = Cell.objects.filter(closed_on=None).count()
    return f"{cells} spots, {Holding.objects.filter(ended_at=None).count()} held"


def _spots(district: District, school: School) -> list[Spot]:
    since = clock.today().replace(day=1)
    leaders = [district.person(who) for role in LEADERS if (who := school.holder(role))]
    teachers = [district.person(who) for who in school.posts.get("teacher", ())[IDLE:]] or leaders
    found = [Spot(school.unit, person=leaders[0], duties=DUTIES["school"], since=since)]
    found += _duty(district, school, teachers, since)
    kinds = ("building", "floor", "room", "outdoor")
    places = list(Unit.objects.filter(school=school.unit, kind__in=kinds).select_related("school")[:MOST])
    for number, place in enumerate(places, 1):
        watched = leaders[number % len(leaders)] if place.kind == "building" else teachers[number % len(teachers)]
        found.append(_spot(place, None if number % GAP == 0 else watched, teachers, since))
    return found


def _duty(district: District, school: School, teachers: list[User], since: date) -> list[Spot]:
    """The gate before school begins, and the night."""
    guard = school.holder("guard")
    gate = Spot(
        school.unit, title="校门口", duties=GATE, begins=time(7, 20), ends=time(7, 50), days=Days.SCHOOL,
        person=teachers[0], substitute=teachers[-1] if len(teachers) > 1 else None, since=since,
    )  # fmt: skip
    night = Spot(
        school.unit, title="夜间值守", duties=NIGHT, begins=time(22), ends=time(6),
        person=district.person(guard) if guard else None, since=since,
    )  # fmt: skip
    return [gate, night]


def _spot(place: Unit, person: User | None, teachers: list[User], since: date) -> Spot:
    other = teachers[0] if person is not None and teachers[0] != person else None
    return Spot(place, duties=DUTIES[place.kind], person=person, substitute=other, since=since)
