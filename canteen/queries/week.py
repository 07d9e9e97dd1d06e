"""A canteen's week at a glance: what waits for whom, what is late, what was bought, cooked and eaten."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from canteen.models import Canteen, categories
from portal import clock
from portal.cases.faces import CaseRow, rows_of
from portal.cases.flow import FLOWS, Flow
from portal.cases.models import Case
from portal.cases.queries import waiting
from portal.orgs.models import User

from . import deliveries, meals, menus, suppliers

AFFAIR = "canteen."
SHOWN, MOST = 6, 5  # cases that wait for the person, and late ones of others


@dataclass(frozen=True)
class Kind:
    """How many cases of one kind are open at the school, and how many of them are late."""

    flow: Flow
    open: int
    late: int


@dataclass
class Week:
    """All that the canteen's first page shows of one canteen; amounts in 元, by category the largest first."""

    canteen: Canteen
    monday: date
    mine: list[CaseRow]
    late: list[CaseRow]
    kinds: list[Kind]
    menu: list[menus.DayOf]
    eaten: meals.Eaten
    ended: int
    soon: int
    spent: list[tuple[str, Decimal]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What was bought this week."""
        return sum((amount for _, amount in self.spent), Decimal(0))

    @property
    def is_planned(self) -> bool:
        """Whether anything is on this week's menu."""
        return any(meal.servings for day in self.menu for meal in day.meals)

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)


def week_at(canteen: Canteen, by: User) -> Week:
    """This week of a canteen as this person may see it."""
    today = clock.today()
    monday = menus.monday_of(today)
    mine, late = _cases(canteen, by)
    rows = rows_of([*mine, *late])
    bought = deliveries.spent(deliveries.bought(canteen, monday, monday + timedelta(days=6)))
    spent = sorted(((categories()[code].name, amount) for code, amount in bought.items()), key=lambda one: -one[1])
    ended, soon = suppliers.ending(canteen.school, today)
    return Week(
        canteen, monday, rows[: len(mine)], rows[len(mine) :], _kinds(canteen, by), menus.plan_of(canteen, monday),
        meals.eaten([canteen], monday, today), ended, soon, spent,
    )  # fmt: skip


def _cases(canteen: Canteen, by: User) -> tuple[list[Case], list[Case]]:
    """What waits for the person, the nearest clock first; and what is late with others."""
    parts = ("unit__school", "assignee", "opener")
    mine = waiting(by).filter(kind__startswith=AFFAIR, unit_path__startswith=canteen.school.path)
    first = list(mine.select_related(*parts).order_by("due_at", "pk")[:SHOWN])
    rows = Case.objects.visible_to(by).filter(_here(canteen), due_at__lt=clock.now())
    late = rows.exclude(pk__in=[one.pk for one in first]).select_related(*parts).order_by("due_at", "pk")
    return first, list(late[:MOST])


def _kinds(canteen: Canteen, by: User) -> list[Kind]:
    """Open cases of the school by kind, in the order of the flows; kinds with nothing open too."""
    rows = Case.objects.visible_to(by).filter(_here(canteen)).order_by().values_list("kind")
    late = Count("pk", filter=Q(due_at__lt=clock.now()))
    found = {kind: (n, over) for kind, n, over in rows.annotate(n=Count("pk"), over=late)}
    return [Kind(flow, *found.get(kind, (0, 0))) for kind, flow in FLOWS.items() if kind.startswith(AFFAIR)]


def _here(canteen: Canteen) -> Q:
    return Q(kind__startswith=AFFAIR, is_open=True, unit_path__startswith=canteen.school.path)
