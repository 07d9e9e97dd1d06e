"""Who keeps the list of ingredients."""

from canteen.apps import LISTERS
from portal.errors import NotAllowed
from portal.orgs.access import may
from portal.orgs.models import Unit, User


def keeps_the_list(by: User | str, school: Unit) -> None:
    """Ingredients are listed by who buys, keeps or runs the canteen."""
    if isinstance(by, User) and not may(by, LISTERS, school.path):
        raise NotAllowed("食材由本校的食堂管理员、采购员或保管员登记。", who="食堂管理员、采购员、保管员")
