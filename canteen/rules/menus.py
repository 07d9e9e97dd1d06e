"""What may stand on a menu: no food schools do not serve, no meal that has been, nothing changed in silence."""

from datetime import date
from typing import Any

from canteen.apps import COOKS, KEEPERS
from canteen.models import Dish
from canteen.queries.banned import ban_on
from portal import clock
from portal.errors import NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import Unit, User

BANNED = "学校食堂不得制售冷荤凉菜、生食、裱花蛋糕，不得加工四季豆、鲜黄花菜、野生蘑菇、发芽马铃薯"


def plans_menus(by: User | str, school: Unit) -> None:
    """Dishes and menus are written by the canteen's manager, its chef, or the school's heads."""
    if isinstance(by, User) and not may(by, COOKS, school.path):
        raise NotAllowed("菜品和菜谱由本校的食堂管理员、厨师长或学校负责人编排。", who="食堂管理员、厨师长")


def sets_prices(by: User | str, school: Unit) -> None:
    """Prices are decided by the canteen's management group (CR-19): its manager or the school's heads enter them."""
    if isinstance(by, User) and not may(by, KEEPERS, school.path):
        raise NotAllowed("菜价由食堂管理员或学校负责人登记。", who="食堂管理员、总务主任、校长")


def fit_for_school(name: str, style: str, ingredients: list[Any]) -> None:
    """Refused: food schools do not serve, with the rule named (CR-11)."""
    ban = ban_on(name, style, ingredients)
    if ban is not None:
        raise Refused(
            f"“{name}”不能上菜谱：{ban.what}，{ban.why}。", rule=f"{BANNED}（CR-11）", instead="请换一道菜或换食材。"
        )


def servable(dish: Dish) -> None:
    """The same of a dish as it is now; a retired one is offered no more."""
    if dish.retired_on is not None:
        raise Refused(f"“{dish.name}”已停用。", instead="请换一道菜。")
    fit_for_school(dish.name, dish.style, [part.ingredient for part in dish.parts.all()])


def not_gone_by(day: date) -> None:
    """What was eaten stays as it was written."""
    if day < clock.today():
        raise Refused("这一天已经过去，菜谱不能再改。", instead="请排今天或以后的。")


def not_eaten(counted: bool) -> None:
    """The same of a meal of today somebody was counted at: its dishes owe their samples."""
    if counted:
        raise Refused(
            "这一餐已经登记了就餐人数，菜谱不能再改。",
            rule="每道菜都要留样",
            instead="请排以后的；人数登记错了，先改人数。",
        )
