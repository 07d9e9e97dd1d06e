"""Who keeps a canteen."""

from canteen.apps import KEEPERS
from portal.errors import NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import Unit, User


def keeps_canteen(by: User | str, school: Unit) -> None:
    """A canteen and its numbers are kept by its manager and the school's heads (校长负责制, CR-01)."""
    if isinstance(by, User) and not may(by, (*KEEPERS, "admin"), school.path):
        raise NotAllowed("食堂由本校的食堂管理员、总务主任或校长设置。", who="食堂管理员、总务主任、校长")


def of_this_school(place: Unit | None, school: Unit) -> None:
    """A canteen's place is one of its own school's."""
    if place is not None and place.school_id != school.pk:
        raise Refused("这个地点不在本校。", instead="请选本校的地点。")
