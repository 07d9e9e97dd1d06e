"""Rounds, duty and drills in the demo: the last school days at 柳溪镇中心小学, through the same actions as everybody's."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

from django.core.files.base import ContentFile

from portal import clock
from portal.cases.actions import filled, move
from portal.errors import Refused
from portal.evidence.actions import take_in
from portal.hall.demo.brush import Sheet
from portal.hall.demo.district import District, School
from portal.hall.demo.stage import Stage, Story
from portal.orgs.models import User
from portal.stickers.models import Sticker
from safety_grid.actions import plan_drill
from safety_grid.actions.duty import correct, sign_in
from safety_grid.actions.plans import set_plan
from safety_grid.flow import DRILLS, ROUNDS
from safety_grid.models import Drill, Holding, Round
from safety_grid.queries.duty import duties
from safety_grid.queries.reference import check_items, reference_plans

HEAD, SCHOOL = "qinhai", "LX01"
VACANT, A_WEEK = "SM01", Decimal(168)  # the school without a vice-principal; a round that lasts until the next
LAST = timedelta(days=8)  # how long before the end rounds begin
WALKED = ("IP-01", "IP-09")
PLACES = 3  # places of each walker
GATE = (time(7, 12), time(7, 18), time(7, 31), time(7, 16))  # when whoever has the gate signs in, day after day


def begin(district: District, stage: Stage) -> None:
    """Puts rounds, duty and drills on the stage; nothing where the school was not planted."""
    if district.has(SCHOOL):
        walks = Walks(district, stage)
        stage.add(max(stage.starts, stage.until - LAST), walks.plan())
        stage.add(max(stage.starts + timedelta(days=1), stage.until - LAST), drills(district, stage))
        stage.when_opened(walks.look, ROUNDS.kind)
    if district.has(VACANT):
        stage.add(max(stage.starts, stage.until - LAST), plan_of_nobody(district))


def plan_of_nobody(district: District) -> Story:
    """A weekly round of the vice-principal's at a school that has none: it waits for the safety head to name somebody."""
    one, school = reference_plans()["IP-02"], district.schools[VACANT]
    items = [vars(check_items()[item]) for item in one["items"]]
    rule: dict[str, object] = {"every": "week", "day": 4, "time": "08:00"}
    by = district.person(school.posts["principal"][0])
    set_plan(
        None, unit=school.unit, title="分管副校长周查", who="vice_principal", rule=rule, hours=A_WEEK, places=[], items=items, by=by
    )  # fmt: skip
    yield from ()


class Walks:
    """The plans, and who walks what the clock opens."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage, self.last, self.number = district, stage, 0, 0
        self.head = district.person(HEAD)
        self.unit = district.schools[SCHOOL].unit

    def plan(self) -> Story:
        """The safety head plans the daily round of six places and the guard's, two a day."""
        known = check_items()
        held = Holding.objects.filter(
            cell__unit__school=self.unit, cell__unit__kind="room", cell__begins=None, ended_at=None
        )
        first = held.order_by("pk").first()
        rows = list(held.filter(person=first.person if first else None).select_related("cell__unit")[:PLACES])
        rows += list(held.exclude(person=first.person if first else None).select_related("cell__unit")[:1])
        for code in WALKED:
            one = reference_plans()[code]
            items = [vars(known[item]) for item in one["items"]]
            rule = dict(one["rule"]) | ({"time": ["06:50", "15:30"]} if one["who"] else {})
            places = [] if one["who"] else [row.cell.unit for row in rows]
            set_plan(
                None, unit=self.unit, title=one["title"], who=one["who"], rule=rule, hours=Decimal(one["hours"]), places=places,
                items=items, code=code, by=self.head,
            )  # fmt: skip
        while True:
            yield self._tomorrow(GATE[self.number % len(GATE)])
            self._sign_in()

    def look(self) -> None:
        """Rounds opened since the last look: most are walked, one is forgotten, one excused, one finds something."""
        for case in Round.objects.filter(pk__gt=self.last).select_related("assignee").order_by("pk"):
            self.last = case.pk
            if case.assignee is None:
                continue
            self.number += 1
            if self.number % 6 == 4:
                continue
            self.stage.add(case.opened_at + timedelta(minutes=35), self._walk(case, self.number))

    def _walk(self, case: Round, number: int) -> Story:
        if number % 6 == 5:
            move(case, "excuse", by=self.head, data={"reason": "县里统一演练，人员抽调。"})
            return
        person = self.district.person(case.assignee.username)  # type: ignore[union-attr]
        for at, spot in enumerate(case.spots.select_related("unit").order_by("pk")):
            code = Sticker.objects.filter(unit=spot.unit, about="", revoked_at=None).first()
            lines = [{"item": one["code"], "outcome": "ok"} for one in case.items]
            if number % 6 == 1 and at == 0:
                lines[-1] |= {"outcome": "failed", "words": "放学没关窗", "photos": [picture(person)]}
            body = {
                "spot": spot.pk,
                "code": code.code if code and at != 1 else "",
                "reason": "贴纸被撕了" if at == 1 or not code else "",
            }
            move(case, "check_spot", by=person, data=body | {"items": lines})
            yield clock.now() + timedelta(minutes=4)

    def _sign_in(self) -> None:
        """Whoever has the gate signs in; one day they forgot, and the head corrects it."""
        code = Sticker.objects.filter(unit=self.unit, about="", revoked_at=None).first()
        mine = [one for one in duties(self.unit, clock.today(), clock.today()) if one.watch.person]
        gate = next((one for one in mine if one.watch.cell.title == "校门口"), None)
        if code is None or gate is None or gate.watch.person is None:
            return
        try:
            sign_in(code.code, by=gate.watch.person)
            if self.number % 5 == 2 and gate.watch.person != self.head:
                signed = next(
                    one
                    for one in duties(self.unit, clock.today(), clock.today())
                    if one.watch.holding == gate.watch.holding
                )
                correct(signed, standing="on_time", reason="雨天先在里面接学生", by=self.head)
        except Refused:
            return

    def _tomorrow(self, at: time) -> datetime:
        day = clock.today() + timedelta(days=1)
        return datetime.combine(day, at, clock.SCHOOL_TIME)


def drills(district: District, stage: Stage) -> Story:
    """Two drills held and compared, one called off, one still to come."""
    by, unit = district.person(HEAD), district.schools[SCHOOL].unit
    for number, (kind, words) in enumerate(
        (("fire", "二楼起火，东楼梯不能走"), ("fire", "食堂起火"), ("quake", "第二节课地震"))
    ):
        data = {"unit": unit.pk, "topic": kind, "scenario": words, "planned_on": clock.today()}
        made = plan_drill(filled(DRILLS, DRILLS.opening, case=None, by=by, data=data), by=by)
        assert not isinstance(made, list)
        yield clock.now() + timedelta(hours=1)
        if kind == "quake":
            move(made, "cancel_drill", by=by, data={"reason": "当天大雨。"})
            later = data | {"topic": "crowd", "scenario": "放学时楼梯拥挤", "planned_on": None}
            plan_drill(filled(DRILLS, DRILLS.opening, case=None, by=by, data=later), by=by)
            return
        move(made, "hold_drill", by=by, data=results(district.schools[SCHOOL], number, by))
        yield clock.now() + timedelta(hours=3)
        if number == 0:
            move(made, "review_drill", by=by, data={"words": "整体有序；三楼转角拥挤，下次错开下楼。"})
        yield clock.now() + timedelta(days=1)


def results(school: School, number: int, by: User) -> dict[str, object]:
    """What a drill's form is filled with: class by class, a little faster each time, and a photo."""
    names = [one.name for one in school.classes[:9]] or [school.unit.name]
    rows = [
        {"group": name, "exit": ("东门", "西门")[at % 2], "people": 38 + at % 7, "seconds": 92 + at * 7 - number * 11}
        for at, name in enumerate(names)
    ]
    return {"held_at": clock.now().isoformat(), "results": rows, "photos": [picture(by)]}


def picture(by: User) -> str:
    """A plain photo: a window and a corridor."""
    return str(take_in(ContentFile(_drawn(), name="photo.jpg"), by=by).pk)


@cache
def _drawn() -> bytes:
    sheet, held = Sheet("#cfd8dc", "#90a4ae"), BytesIO()
    sheet.box((90, 60, 120, 150), "#eceff1", round_=4)
    sheet.image.save(held, "JPEG", quality=85)
    return held.getvalue()


def summary() -> str:
    """How much of it there is."""
    return f"{Round.objects.count()} rounds, {Drill.objects.count()} drills"
