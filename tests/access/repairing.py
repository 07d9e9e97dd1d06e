"""What fits the forms of repairs, counts of things and requests for materials."""

from typing import TYPE_CHECKING, Any

from repairs.models import Materials

if TYPE_CHECKING:
    from .world import World


def said(world: "World", step: str, photo: list[str]) -> dict[str, Any] | None:
    """Of repairs, counts of things, and what every case has."""
    return {
        "scans": {"code": world.code},
        "cancel_count": {"reason": "改期"},
        "recount": {"reason": "漏了一间"},
        "{line}": {"outcome": "kept", "reason": "借出去了"},
        "also_hazard": {"unit": world.place.room.pk, "topic": "HZ-04", "words": "插座冒烟", "photos": photo},
        "accept": {"reply": "马上来"},
        "dismiss": {"reason": "没有的事"},
        "assign": {"assignee": world.will.pk},
        "finish": {"after": photo, "done": "换了灯管"},
        "confirm": {"speed": 5, "quality": 5},
        "send_back": {"reason": "还在闪"},
        "reject": {"reason": "不归我们管"},
        "return_job": {"reason": "要电工证"},
        "reassign": {"assignee": world.will.pk, "reason": "他在忙"},
        "enter_sheet": {"sheet": photo, "done": "换了灯管"},
        "reclassify": {"topic": "RP-03", "priority": 2, "reason": "漏电"},
        "replace": {"unit": world.place.other_room.pk, "reason": "写错了"},
        "raise_priority": {"priority": 2, "reason": "考试要用"},
        "ask_time": {"asked_hours": "6", "reason": "等件"},
        "merge": {"into": world.cases["维修中"].number if "维修中" in world.cases else ""},
        "hand_over": {"assignee": world.both.pk, "reason": "要电工证"},
        "call_help": {"helper": world.both.pk},
        "reopen": {"reason": "又坏了"},
        "plan_visit": {"visit_at": "2026-12-24T10:00:00+08:00"},
        "refuse_time": {"reason": "库里有"},
        "nudge": {"words": "请尽快"},
        "comment": {"words": "在二楼"},
    }.get(step)


def said_of_materials(step: str, case: Materials | None, photo: list[str]) -> dict[str, Any] | None:
    """Of requests for materials: the case's own line where it has one."""
    row = {"item": "水泵", "quantity": "1", "measure": "台", "price": "30"}
    return {
        "request_materials": {"category": "water", "reason": "漏水", "lines": [row]},
        "decline": {"reason": "先用旧的"},
        "add_quotes": {"quotes": photo},
        "buy": {"supplier": "县五金", "receipt": photo, "lines": _line(case, quantity="4", price="8")},
        "reprice": {"amount": "60", "reason": "涨价"},
        "check_in": {"lines": _line(case, quantity="4")},
        "send_goods_back": {"reason": "型号不对"},
        "hand_out": {"lines": _line(case, quantity="4")},
        "give_back": {"lines": _line(case, quantity="1")},
    }.get(step)


def _line(case: Materials | None, **numbers: str) -> list[dict[str, Any]]:
    return [{"line": case.lines.get().pk} | numbers] if case is not None else []
