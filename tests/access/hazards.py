"""Hazards and concerns of the table: one in every state, and what fits the form of each of their steps."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.cases.actions import filled, move
from portal.cases.actors import Receipt
from portal.cases.models import Case
from portal.evidence.actions import take_in
from portal.orgs.models import Unit, User
from safety_grid.actions import report, visit
from safety_grid.flow import FLOW
from tests.conftest import jpeg, photo_of
from tests.district import hire
from tests.repairs.strangers import sticker_of

WAY = ("register", "plan", "start", "finish", "close_out")
STATES = {
    "隐患待核实": (), "隐患已登记": WAY[:1], "隐患限期整改": WAY[:2], "隐患整改中": WAY[:3], "隐患待验收": WAY[:4],
    "隐患已申请延期": (*WAY[:3], "ask_time"), "隐患挂牌督办": ("major", "plan"), "隐患待局验收": ("major", "plan", "finish"),
    "隐患待复查": ("major", "plan", "finish", "accept"),
}  # fmt: skip
CARE = {"关爱待受理": (), "关爱办理中": ("take_up",), "关爱待复核": ("take_up", "wind_up")}


def said(step: str, room: Unit, person: User, photo: list[str]) -> dict[str, Any]:
    """What fits the form of a step of a hazard or a concern; `person` holds posts enough to be given either."""
    plan = {"measures": "换合页", "money": "20", "due_on": "2026-11-28", "interim": "警戒", "assignee": person.pk}
    reason = {"reason": "有原因"}
    return {
        "merge": {"into": _reported(room, person, "HZ-03", "窗扇松动").number} if step == "merge" else {},
        "register": {"topic": "HZ-03", "grade": "general", "assignee": person.pk},
        "major": {"topic": "HZ-03", "grade": "major", "assignee": person.pk},
        "plan": plan,
        "finish": {"after": photo},
        "refer": {"note": "整面墙在动"},
        "regrade": {"grade": "general", **reason},
        "reassign": {"assignee": person.pk, **reason},
        "take_up": {"assignee": person.pk},
        "hand_on": {"assignee": person.pk, **reason},
        "ask_time": {"asked_on": "2026-12-05", **reason},
        "grant_time": {"due_on": "2026-12-05"},
        "report_week": {"progress": "到货"},
        "to_repair": {"unit": room.pk, "topic": "RP-04", "words": "窗扇松动"},
        "wind_up": {"outcome": "谈过了"},
        "comment": {"words": "在二楼"},
        **dict.fromkeys(("refuse", "send_back", "recheck_bad", "refuse_time", "dismiss"), reason),
        **dict.fromkeys(("call_officer", "take_back", "find_nothing"), reason),
    }.get(step, {})


def in_every_state(room: Unit, opener: User, principal: User) -> dict[str, Case]:
    """By people of their own, so that none of the table's has a part in them."""
    school, bureau = room.school, room.school.get_parent().get_parent()  # type: ignore[union-attr]
    an = hire("safety", "安卫国", school, ("safety_head", school))  # type: ignore[arg-type]
    gao = hire("spot", "高勤", school, ("grid_holder", room), ("counsellor", school))  # type: ignore[arg-type]
    song = hire("bureau-safety", "宋严", bureau, ("safety_officer", bureau))
    takers = {"register": an, "major": principal, "close_out": an, "accept": song}
    found: dict[str, Case] = {}
    for topic, states in (("HZ-03", STATES), ("HZ-16", CARE)):
        for state, steps in states.items():
            case = _reported(room, opener, topic, f"窗扇松动（{state}）")
            for step in steps:
                taker = takers.get(step, gao)
                name = "register" if step == "major" else step
                move(case, name, by=taker, data=said(step, room, gao, [str(photo_of(taker).pk)]))
            found[state] = Case.objects.get(pk=case.pk)
    found["隐患待核实来源"] = _stranger(room)
    return found


def _reported(room: Unit, by: User, topic: str, words: str) -> Case:
    data = {"unit": room.pk, "topic": topic, "words": words, "photos": [str(photo_of(by).pk)]}
    return report(filled(FLOW, FLOW.opening, case=None, by=by, data=data), by=by)


def _stranger(room: Unit) -> Case:
    by = Receipt.of("HAZA-HAZA-HAZA-HAZA")
    sticker = sticker_of(room, User.objects.get(username="storekeeper"))
    photo = str(take_in(SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg"), by=by).pk)
    form = filled(FLOW, FLOW.visiting, case=None, by=by, data={"topic": "HZ-03", "photos": [photo]})  # type: ignore[arg-type]
    return visit(form, by=by, sticker=sticker, receipt="HAZA-HAZA-HAZA-HAZA")
