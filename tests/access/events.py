"""What happens to a case in the table of who is told."""

from collections.abc import Callable
from datetime import timedelta

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, Deadline
from portal.cases.sweep import fire_batch
from portal.notices.models import Notice
from tests.district import MONDAY

from .people import Visitor
from .table import Cell
from .world import World, undone


def told(world: World, cell: Cell) -> str:
    """Whether the event puts a notice about the case into the person's inbox."""
    who = world.people[cell.person]
    with undone():
        case = world.cases[cell.state]
        world.relate(case, who, cell.column)
        mine = Notice.objects.filter(to=who.user, about=case.address)
        before = mine.count()
        EVENTS[cell.address](world, case, who)
        return "有" if who.user is not None and mine.count() > before else "—"


def commented(world: World, case: Case, who: Visitor) -> None:
    """By its opener; by the desk where the opener is the one who may be told."""
    opener = Case.objects.select_related("opener").get(pk=case.pk).opener
    move(case, "comment", by=world.dora if opener != world.rita else world.rita, data={"words": "在二楼"})


def dispatched(world: World, case: Case, who: Visitor) -> None:
    """To Will."""
    move(case, "assign", by=world.dora, data={"assignee": world.will.pk})


def three_weeks_pass(world: World, case: Case, who: Visitor) -> None:
    """And nobody does anything; other cases' clocks are left aside."""
    Deadline.objects.exclude(case=case).update(next_rung_at=None)
    with clock.at(MONDAY + timedelta(weeks=3)):
        fire_batch()


EVENTS: dict[str, Callable[[World, Case, Visitor], None]] = {
    "补充说明": commented,
    "派工给本校维修员王建平": dispatched,
    "三周没有人受理": three_weeks_pass,
    "三周没有修好": three_weeks_pass,
}
