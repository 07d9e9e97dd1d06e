"""Who keeps the list of ingredients, and what nothing may be made of."""

from canteen.apps import LISTERS
from canteen.models import Ingredient
from portal.errors import NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import Unit, User


def keeps_the_list(by: User | str, school: Unit) -> None:
    """Ingredients are listed by who buys, keeps or runs the canteen."""
    if isinstance(by, User) and not may(by, LISTERS, school.path):
        raise NotAllowed("食材由本校的食堂管理员、采购员或保管员登记。", who="食堂管理员、采购员、保管员")


def usable(ingredient: Ingredient) -> None:
    """Banned ingredients are in no menu, order or delivery (CR-11)."""
    if ingredient.banned:
        reason = f"：{ingredient.why}" if ingredient.why else ""
        raise Refused(f"{ingredient.label}已禁用{reason}。", rule="学校食堂禁用食材", instead="请换成别的食材。")
