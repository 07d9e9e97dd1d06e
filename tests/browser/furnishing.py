"""A district in which every page of the portal has something to show, and what stands in their addresses."""

from datetime import date, time, timedelta

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.cases.settings import set_clock
from portal.evidence.covering import cover
from portal.evidence.models import Piece
from portal.orgs.actions import record_absence
from portal.orgs.models import Appointment
from portal.publications.actions import correct, publish
from portal.publications.announcing import hand_in, write
from portal.publications.announcing import issue as announce
from portal.publications.kinds import KINDS
from portal.publications.periods import Every, period_of
from portal.stickers.actions import make, welcome
from portal.surveys.access import Whom
from portal.surveys.actions import answer, close_due, issue
from portal.surveys.questions import Asked
from portal.worktime.actions import set_unit_day
from repairs.actions import open_monthly, take_stock
from repairs.actions.assets import enter_asset
from repairs.flow import MONTHLY, STOCKTAKES
from repairs.models import CountLine
from safety_grid.actions import hold, mark_out, plan_drill
from safety_grid.flow import DRILLS
from tests.access import buying, kitchen, rounds
from tests.access.ratings import in_every_state as fixes_of
from tests.access.reported import system_at
from tests.access.things import run_of
from tests.canteen.cast import canteen_of, kitchen_of
from tests.canteen.orders import ordered, stocked
from tests.canteen.test_questions import asked as asked_canteen
from tests.conftest import photo_of
from tests.district import Cast, District, hire
from tests.repairs.strangers import sticker_of
from tests.repairs.test_loop import reported
from tests.repairs.test_materials import asked as wanted
from tests.repairs.test_materials import at_work, in_store, row


def furnished(place: District, cast: Cast) -> dict[str, object]:
    """Something of every kind, by the names the addresses of pages are filled with."""
    jobs = jobs_of(place, cast)
    rules_of_the_house(place, cast)
    things = things_of(place, cast)
    hire("song", "宋严", place.bureau, ("safety_officer", place.bureau))
    return {
        **jobs,
        **things,
        **counted(place, cast),
        "round": rounds.bring("巡查待巡查", place.room, cast.rita).number,
        **in_the_canteen(place),
        "plan": rounds.plan_of(place.school).pk,
        "watch": rounds.watch_of(place.school),
        "drill": drilled(place, cast).number,
        "system": system_at(place.school).pk,
        "run": run_of(place.school),
        **issues(place, cast),
        **asked_of_all(place, cast),
        "question": question_of(place, cast),
        "fix": fixes_of(place)["整改待安排"].number,
        **spots(place, cast),
        "rita": cast.rita.pk,
        "ada": cast.ada.pk,
        "post": Appointment.objects.get(person=cast.rita, role="teacher").pk,
        "reported": reported(place, cast.rita).number,
        "day": clock.today().isoformat(),
        "ahead": (clock.today() + timedelta(days=7)).isoformat(),
        "room": place.room.pk,
        "school": place.school.pk,
        "bureau": place.bureau.pk,
    }


def jobs_of(place: District, cast: Cast) -> dict[str, object]:
    """A ticket at work, late and come back once, one waiting for its reporter; materials asked for, and granted."""
    working, finished = (reported(place, cast.rita, photos=[photo_of(cast.rita).pk]) for _ in range(2))
    for ticket in (working, finished):
        move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
        move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
        move(ticket, "arrive", by=cast.will)
        move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    move(working, "send_back", by=cast.rita, data={"reason": "还在闪"})
    item = in_store(place, cast, "3")
    asked, granted = (
        wanted(at_work(place, cast), cast.will, row("角阀", "4", measure="个", price="10")) for _ in range(2)
    )
    move(granted, "approve", by=cast.lin)
    seen, hidden = (Piece.objects.get(address=one.address, role="photos") for one in (working, finished))
    return {
        "working": working.number, "finished": finished.number, "item": item.pk, "asked": asked.number, "granted": granted.number,
        "photo": seen.pk, "covered": cover(hidden.pk, [0, 1, 13], by=cast.rita).pk, "waiting": photo_of(cast.rita).pk,
    }  # fmt: skip


def rules_of_the_house(place: District, cast: Cast) -> None:
    """A clock of the bureau's own, a day off, somebody away."""
    rungs = [{"tells": "logistics_head", "share": "1", "ack": "1"}, {"tells": "principal", "plus": "24"}]
    set_clock(
        unit=place.bureau, kind="repairs.ticket", clock="resolve", topic="RP-01", amount="12", measure="wall", rungs=rungs,
        by=cast.ada,
    )  # fmt: skip
    set_unit_day(unit=place.school, day=date(2026, 10, 30), is_open=False, name="校运动会", by=cast.ada)
    record_absence(person=cast.vera, substitute=cast.lin, since=clock.today(), until=clock.today(), by="clock")


def things_of(place: District, cast: Cast) -> dict[str, object]:
    """Stickers for a school that welcomes strangers, and an asset."""
    welcome(place.school, is_on=True, by=cast.ada)
    sticker = sticker_of(place.room, cast.lin)
    make(place.school, by=cast.lin)
    asset = enter_asset(unit=place.room, by=cast.lin, code="ZC-001", name="投影机", kind="2", keeper=cast.rita)
    return {"sticker": sticker.code, "stuck": sticker.pk, "asset": asset.pk}


def counted(place: District, cast: Cast) -> dict[str, object]:
    """A stock-take of the one asset."""
    form = filled(STOCKTAKES, STOCKTAKES.opening, case=None, by=cast.lin, data={"unit": place.school.pk})
    return {"take": take_stock(form, by=cast.lin).number, "line": CountLine.objects.get().pk}


def in_the_canteen(place: District) -> dict[str, object]:
    """What a canteen cooks, buys, books, keeps and looks after."""
    return {
        "canteen": kitchen.canteen_at(place.school).pk,
        "dish": kitchen.planned(place.school).pk,
        "entry": kitchen.entry_at(place.school).pk,
        "book_month": kitchen.month_at(place.school).pk,
        "closable": kitchen.closable_at(place.school).pk,
        "refund_plan": kitchen.plan_at(place.school).pk,
        "signed_plan": kitchen.signed_plan_at(place.school).pk,
        "pupil": kitchen.pupil_at(place.school).pk,
        "jiang": kitchen_of(place).jiang.pk,
        "ingredient": buying.ingredient_at(place.school).pk,
        "supplier": buying.supplier_there(place.school).pk,
        **bought_in(place),
        "camera": kitchen.camera_at(place.school),
        "health": kitchen.health_at(place.school),
        "sampling": kitchen.sampled(place.school),
        "inquiry": buying.bring("询价待选定", place.room).number,
    }


def asked_of_all(place: District, cast: Cast) -> dict[str, object]:
    """A survey that is open, and one that is over, with a remark."""
    questions = (Asked("score", "午餐"), Asked("yes_no", "还订吗"), Asked("choice", "想吃", ("面", "饭")), Asked("percent", "总分"),
                 Asked("words", "想说的", required=False))  # fmt: skip
    made = [
        issue(unit=place.school, title=f"食堂怎么样 {n}", questions=questions, asks=Whom(staff=True), least=3, by=cast.hu,
              closes_at=clock.now() + timedelta(days=n))
        for n in (1, 2)
    ]  # fmt: skip
    for n, who in enumerate((cast.dora, cast.will, cast.vera)):
        said = dict(
            zip(made[0].questions.values_list("pk", flat=True), (5 - n, "yes", "1", 90, "多放点肉"), strict=True)
        )
        answer(made[0], by=who, answers=said)
    with clock.at(made[0].closes_at):
        close_due()
    return {"surveyed": made[0].code, "survey": made[1].code}


def question_of(place: District, cast: Cast) -> str:
    """A question to the canteen that waits, and one that stands answered on the public list."""
    canteen = canteen_of(place)
    open_, done = (asked_canteen(cast.rita, canteen, f"第 {n} 问：豆腐新鲜吗") for n in (1, 2))
    move(done, "answer", by=cast.hu, data={"words": "每天早上现做。", "listed": True})
    return open_.number


def spots(place: District, cast: Cast) -> dict[str, object]:
    """A held spot of the grid, one nobody holds, and the gate in the morning."""
    spot = mark_out(unit=place.room, duties="放学断电\n关窗锁门", by=cast.hu)
    held = hold(cell=spot, person=cast.rita, substitute=cast.vera, by=cast.hu)
    mark_out(unit=place.building, by=cast.hu)
    gate = mark_out(unit=place.school, title="校门口", begins=time(7, 20), ends=time(7, 50), days="school", by=cast.hu)
    hold(cell=gate, person=cast.vera, until=clock.today(), by=cast.hu)
    return {"spot": spot.pk, "held": held.pk}


def drilled(place: District, cast: Cast) -> Case:
    """A drill held this minute."""
    data = {"unit": place.school.pk, "topic": "fire"}
    case = plan_drill(filled(DRILLS, DRILLS.opening, case=None, by=cast.hu, data=data), by=cast.hu)
    assert isinstance(case, Case)
    said = rounds.held([str(photo_of(cast.hu).pk)])
    return move(case, "hold_drill", by=cast.hu, data=said)


def issues(place: District, cast: Cast) -> dict[str, object]:
    """September published and corrected, October waiting to be checked."""
    september = period_of(Every.MONTH, "2026-09")
    made = publish(KINDS["repairs.monthly"], unit=place.school, period=september, by=cast.hu)
    corrected = correct(made.issue, reason="漏了一件", by=cast.hu, seen=1)
    said = {"unit": place.school.pk, "period": "2026-10"}
    month = open_monthly(filled(MONTHLY, MONTHLY.opening, case=None, by="clock", data=said), by="clock")
    return {"month": month.number, "proof": corrected.code, **notes(place, cast)}


def notes(place: District, cast: Cast) -> dict[str, object]:
    """A note handed in by a teacher, and one issued that asks for receipts."""
    said = {
        "audience": "staff",
        "category": "notice",
        "title": "教研安排",
        "text": "# 周五\n\n- 三点",
        "asks_receipt": True,
    }
    note, noted = (write(None, unit=place.school, by=cast.rita, files=[], **said) for _ in range(2))
    made = announce(hand_in(noted, by=cast.rita), by=cast.hu)
    return {"note": hand_in(note, by=cast.rita).pk, "noted": noted.pk, "told": made.issue.period}


def bought_in(place: District) -> dict[str, object]:
    """A delivery in stock, one on its way, and a lot of the first."""
    who, canteen = kitchen_of(place), canteen_of(place)
    came, coming = stocked(place, canteen, who), ordered(place, canteen, who.cai)
    lot = came.lines.get(ingredient__name="大米").lot
    assert lot is not None
    return {"came": came.number, "coming": coming.number, "lot": lot.pk, "shelf": lot.shelf_id}
