"""Who keeps a canteen."""

from collections.abc import Mapping
from typing import Any

from canteen.apps import KEEPERS
from canteen.models import Canteen, SurplusRule
from portal.errors import NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import Unit, User

DISTRICT = ("canteen_officer", "admin")  # who, above a school, says what becomes of a surplus
SETTERS = (*KEEPERS, *DISTRICT)


def keeps_canteen(by: User | str, school: Unit) -> None:
    """A canteen and its cameras are kept by its manager and the school's heads (校长负责制, CR-01)."""
    if isinstance(by, User) and not may(by, (*KEEPERS, "admin"), school.path):
        raise NotAllowed("食堂由本校的食堂管理员、总务主任或校长设置。", who="食堂管理员、总务主任、校长")


def sets_numbers(by: User | str, school: Unit) -> None:
    """A canteen's numbers are set by who keeps it, an administrator, or the bureau's canteen officer."""
    if isinstance(by, User) and not may(by, SETTERS, school.path):
        raise NotAllowed(
            "食堂的数由本校的食堂管理员、总务主任、校长或局里设置。", who="食堂管理员、总务主任、校长、局食堂专管"
        )


def surplus_is_the_districts(by: User | str, canteen: Canteen, to: Mapping[str, Any]) -> None:
    """结余办法按地区 (CR-24, CR-25): what becomes of a surplus is said above the school; a school may only be stricter."""
    rule, limit = to.get("surplus_rule", canteen.surplus_rule), to.get("surplus_limit", canteen.surplus_limit)
    looser = canteen.surplus_rule == SurplusRule.RETURNED and rule != SurplusRule.RETURNED
    if not looser and (rule == SurplusRule.RETURNED or limit <= canteen.surplus_limit):
        return
    above = canteen.school.path[: -Unit.steplen]
    if isinstance(by, User) and not (above and may(by, DISTRICT, above)):
        name = "surplus_rule" if looser else "surplus_limit"
        raise Refused(
            "结余怎么办由局里按当地规定定，学校不能放宽。", rule="结余不超过规定比例，或全部退还学生（CR-24、CR-25）",
            who="局食堂专管、局管理员", errors={name: ["学校只能改得更严。"]},
        )  # fmt: skip


def of_this_school(place: Unit | None, school: Unit) -> None:
    """A canteen's place is one of its own school's."""
    if place is not None and place.school_id != school.pk:
        raise Refused("这个地点不在本校。", instead="请选本校的地点。")
