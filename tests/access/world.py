"""The district the table is asked in, cases in every state, and how a case becomes somebody's own, barred or foreign."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import Flow
from portal.cases.models import Case, CaseParty, Escalation, Heartbeat
from portal.evidence.models import Piece
from portal.notices.models import Notice
from portal.orgs.actions import leave, plant
from portal.orgs.models import Unit, User
from portal.stickers.models import Sticker
from repairs.actions import open_monthly, report, take_stock
from repairs.actions.assets import enter_asset
from repairs.flow import FLOW, MONTHLY, STOCKTAKES
from repairs.models import Materials, StockTake, Ticket
from safety_grid.actions import open_safetymonth
from safety_grid.flow import MONTHS
from tests.conftest import photo_of
from tests.district import MONDAY, District, build_district, hire
from tests.repairs.strangers import sticker_of, visited

from . import buying, deliveries, hazards, kitchen, questions, ratings, repairing, rounds
from .people import RECEIPT, Visitor, gather

WAY = ("accept", "assign", "arrive", "finish", "confirm")
STATES = {"待受理": 0, "待派工": 1, "待上门": 2, "维修中": 3, "待验收": 4, "已办结": 5}
MATERIAL_WAY = ("approve", "buy", "check_in", "hand_out")
COUNTS = ("盘点中", "盘点待签字")
MATERIAL_STATES = ("材料待审批", "材料待采购", "材料待验收", "材料待发料", "材料已发料")


@dataclass
class World:
    """One district in one transaction; every cell that writes is undone."""

    place: District
    people: dict[str, Visitor]
    rita: User  # opens the cases of others; none of the table's people
    dora: User  # dispatches them
    will: User  # repairs them
    gone: User  # has left
    sam: User  # teaches at the other school
    far: User  # teaches in another county
    ping: User  # a parent, of no unit
    officer: User  # works at the bureau
    sue: User  # teaches beside Sam
    both: User  # belongs to the school, and holds a post at the other one too
    guest: User  # belongs to the other school, and holds a post here too
    far_room: Unit  # in another county
    lead: User  # heads logistics
    keeper: User  # keeps the store
    cases: dict[str, Any] = field(default_factory=dict)
    code: str = ""  # of the sticker on the asset that is counted
    uploads: dict[int, Piece] = field(default_factory=dict)  # of each person, attached to nothing

    @classmethod
    def build(cls) -> "World":
        """The district of the other tests, a class, another county, everybody of the table, and cases in every state."""
        place = build_district()
        school_class = plant(name="2024级3班", kind="class", parent=place.school, by="clock")
        county = plant(name="白石县教育局", kind="bureau", by="clock")
        school = plant(name="白石小学", kind="school", parent=county, code="BS01", stage="PRI", by="clock")
        room = plant(name="105 教室", kind="room", parent=school, by="clock")
        people = gather(place, school_class)
        s, other = place.school, place.far_school
        made = cls(
            place,
            people,
            rita=hire("rita", "林晓芸", s, ("teacher", s)),
            dora=hire("dora", "多兰", s, ("dispatcher", s)),
            will=hire("will", "王建平", s, ("technician", s)),
            gone=hire("left-opener", "早已离开", s, ("teacher", s)),
            sam=hire("sam", "沈三", other, ("teacher", other)),
            far=hire("far", "白远", school, ("teacher", school)),
            ping=hire("ping", "平雅琴", None, ("parent", s)),
            officer=hire("officer", "欧阳敏", place.bureau),
            sue=hire("sue", "苏静", other, ("teacher", other)),
            both=hire("both", "双喜", s, ("technician", s), ("technician", other)),
            guest=hire("guest", "客来", other, ("technician", other), ("technician", s)),
            far_room=room,
            lead=hire("logistics", "周总务", s, ("logistics_head", s)),
            keeper=hire("storekeeper", "吴管库", s, ("asset_manager", s)),
        )
        leave(made.gone, by="clock")
        Heartbeat.objects.create(name="sweep", at=MONDAY)
        made.uploads = {who.user.pk: who.photo for who in people.values() if who.user and who.photo}
        made.uploads |= {one.pk: photo_of(one) for one in (made.rita, made.sam, made.far)}
        made.fill()
        made.clear_away()
        return made

    def fill(self) -> None:
        """Opens cases at the school and walks them into every state."""
        for state in ("维修中，已申请延期", "待受理，已超时", *reversed(STATES)):
            self.cases[state] = self.walk(state, f"顶灯不亮（{state}）")
        keeper = self.people["局管理员"].user
        assert keeper is not None
        self.cases["待核实"] = visited(sticker_of(self.place.school, keeper))
        self.cases["待料"] = self.walk("维修中", "水管漏水（待料）")
        for state in MATERIAL_STATES:
            self.cases[state] = self.walk_materials(state)
        asset = enter_asset(unit=self.place.room, by=self.keeper, code="ZC-000", name="投影机", kind="2")
        self.code = Sticker.objects.get(about=asset.address).code
        for state in COUNTS:
            self.cases[state] = self.walk_count(state)
        self.cases |= hazards.in_every_state(self.place.room, self.rita, self.people["校长"].user)  # type: ignore[arg-type]
        self.cases |= deliveries.in_every_state(self.place)
        self.cases |= questions.in_every_state(self.place) | ratings.in_every_state(self.place)
        self.cases["涉及安全"] = self.walk("维修中", "插座冒烟")
        Case.objects.filter(pk=self.cases["涉及安全"].pk).update(topic="RP-03")

    def clear_away(self) -> None:
        """What would be in the way of other rows stands in another county until it is asked for."""
        elsewhere = Case.objects.filter(
            Q(state="waiting")
            | Q(kind="repairs.materials")
            | Q(kind__startswith="safety_grid.")
            | Q(kind__in=("canteen.delivery", "canteen.question", "canteen.rating", "canteen.rectification"))
        )
        for case in elsewhere | Case.objects.filter(pk=self.cases["涉及安全"].pk):
            _away(self, case, self.people["未登录"])
        for case in Case.objects.filter(unit=self.far_room):
            Notice.objects.filter(about=case.address).delete()  # nobody here was told of what stands elsewhere

    def bring(self, state: str) -> Any:
        """The case of this state; those about materials stand in another county until they are asked for."""
        if state.startswith("安全月报"):
            return self.month(state, MONTHS, open_safetymonth, "安全办主任")
        if state.startswith("月报"):
            return self.month(state)
        if state.startswith(kitchen.STATES):
            return kitchen.bring(state, self.place.room, self.rita)
        if state.startswith(buying.STATES):
            return buying.bring(state, self.place.room)
        if state.startswith(("巡查", "演练")):
            return rounds.bring(state, self.place.room, self.rita)
        case = self.cases[state]
        if state.startswith(("材料", "盘点", "隐患", "关爱", "到货", "提问", "评分", "整改")) or state in (
            "待料",
            "涉及安全",
        ):
            Case.objects.filter(pk=case.pk).update(unit=self.place.room, unit_path=self.place.room.path)
        return case

    def walk_count(self, state: str) -> StockTake:
        """A stock-take begun by the keeper; it stands in another county until it is asked for."""
        form = filled(STOCKTAKES, STOCKTAKES.opening, case=None, by=self.keeper, data={"unit": self.place.building.pk})
        take = take_stock(form, by=self.keeper)
        if state == "盘点待签字":
            move(take, "finish_count", by=self.keeper)
        _away(self, take, self.people["未登录"])
        return StockTake.objects.get(pk=take.pk)

    def walk_materials(self, state: str) -> Materials:
        """A request of Will's for materials that stands there; the first is for a job that waits."""
        job = self.cases["待料"] if state == MATERIAL_STATES[0] else self.walk("维修中", f"水管漏水（{state}）")
        row = {"item": f"角阀 {state}", "quantity": "4", "measure": "个", "price": "10"}
        move(job, "request_materials", by=self.will, data={"category": "water", "reason": "漏水", "lines": [row]})
        case = Materials.objects.get(links__target=job.pk)
        self.cases[state] = case
        for step in MATERIAL_WAY[: MATERIAL_STATES.index(state)]:
            taker = self.lead if step in ("approve", "check_in") else self.keeper
            move(case, step, by=taker, data=self.said(step, case=case, photo=[str(photo_of(taker).pk)]))
        return Materials.objects.get(pk=case.pk)

    def month(self, state: str, flow: Flow = MONTHLY, opens: Any = open_monthly, checker: str = "总务主任") -> Case:
        """October of the school, to be checked or to be published."""
        said = {"unit": self.place.school.pk, "period": "2026-10"}
        case = opens(filled(flow, flow.opening, case=None, by="clock", data=said), by="clock")
        if "待公示" in state:
            move(case, "check", by=self.people[checker].user)  # type: ignore[arg-type]
        if "已超时" in state:
            Case.objects.filter(pk=case.pk).update(due_at=MONDAY - timedelta(hours=1))
        return case

    def walk(self, state: str, words: str) -> Ticket:
        """A new case that stands there: opened by Rita, dispatched by Dora, repaired by Will, at the school, with a photo."""
        base, _, more = state.partition("，")
        said = {"unit": self.place.room.pk, "topic": "RP-05", "words": words, "photos": [photo_of(self.rita).pk]}
        form = filled(FLOW, FLOW.opening, case=None, by=self.rita, data=said)
        case = report(form, by=self.rita)
        for step in WAY[: STATES[base]]:
            self._take(case, step)
        if more == "已申请延期":
            move(case, "ask_time", by=self.will, data={"asked_hours": "6", "reason": "等件"})
        if more == "已超时":
            Case.objects.filter(pk=case.pk).update(due_at=MONDAY - timedelta(hours=1))
        return Ticket.objects.get(pk=case.pk)

    def _take(self, case: Case, step: str) -> None:
        taker = {"finish": self.will, "arrive": self.will, "confirm": self.rita}.get(step, self.dora)
        move(case, step, by=taker, data=self.said(step) | ({"after": [photo_of(taker).pk]} if step == "finish" else {}))

    def said(
        self, step: str, by: Visitor | None = None, *, case: Any = None, photo: list[str] | None = None
    ) -> dict[str, Any]:
        """What fits the form of a step."""
        photo = photo or ([str(by.photo.pk)] if by is not None and by.photo is not None else [])
        kind = case.kind if case is not None else ""
        if kind.startswith("safety_grid."):
            return hazards.said(step, self.place.room, User.objects.get(username="spot"), photo)
        if kind == "canteen.question":
            return questions.said(step)
        if kind in ("canteen.rating", "canteen.rectification"):
            return ratings.said(step)
        if kind == "canteen.delivery":
            return deliveries.said(step, case, photo)
        return (
            repairing.said(self, step, photo)
            or repairing.said_of_materials(step, case, photo)
            or buying.said(step, photo)
            or kitchen.said(step, photo)
            or rounds.said(step, self.place.room, photo)
        )

    def relate(self, case: Case, who: Visitor, relation: str) -> None:
        """Makes the case what the column says it is to this person: `圈内且自己发起` is both."""
        for part in relation.split("且"):
            RELATIONS[part](self, case, who)


def _party(as_what: str) -> Any:
    def join(world: World, case: Case, who: Visitor) -> None:
        if who.user is not None:
            CaseParty.objects.get_or_create(case=case, person=who.user, as_what=as_what)

    return join


def _opened(world: World, case: Case, who: Visitor) -> None:
    if who.name == "回执":
        Case.objects.filter(pk=case.pk).update(opener=None, receipt=RECEIPT.digest)
    elif who.user is not None:
        Case.objects.filter(pk=case.pk).update(opener=who.user)


def _assigned(world: World, case: Case, who: Visitor) -> None:
    """To the person; to whom they stand in for, where they stand in."""
    person = who.stands_for or who.user
    if person is not None:
        Case.objects.filter(pk=case.pk).update(assignee=person)


def _risen(world: World, case: Case, who: Visitor) -> None:
    deadline = case.deadlines.order_by("pk").first()
    if who.user is not None and deadline is not None:  # what has no clock rises to nobody
        Escalation.objects.create(
            deadline=deadline, case=case, rung=8, role="logistics_head", told=[who.user.pk], due_at=MONDAY, at=MONDAY
        )


def _at(find: Any) -> Any:
    def put(world: World, case: Case, who: Visitor) -> None:
        room = find(world)
        Case.objects.filter(pk=case.pk).update(unit=room, unit_path=room.path)

    return put


_away = _at(lambda world: world.far_room)


def _nothing(world: World, case: Case, who: Visitor) -> None:
    """As it is: at the school, somebody else's."""


def _circle(world: World, case: Case, who: Visitor) -> None:
    Case.objects.filter(pk=case.pk).update(circle="private")


def _orphaned(world: World, case: Case, who: Visitor) -> None:
    Case.objects.filter(pk=case.pk).update(opener=world.gone)


RELATIONS = {
    "自己发起": _opened,
    "派给自己": _assigned,
    "关注": _party(CaseParty.FOLLOWER),
    "协助": _party(CaseParty.HELPER),
    "经办过": _party(CaseParty.HANDLED),
    "须回避": _party(CaseParty.BARRED),
    "上报到我": _risen,
    "本校": _nothing,
    "外校": _at(lambda world: world.place.far_room),
    "外县": _at(lambda world: world.far_room),
    "圈内": _circle,
    "发起人已离开": _orphaned,
}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def held() -> Iterator[World]:
    """The world on Monday at nine, gone afterwards."""
    with clock.at(MONDAY), transaction.atomic():
        yield World.build()
        transaction.set_rollback(True)
