"""Questions about dishes and menus: a school's dishes, a week's meals, what was published."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from canteen.apps import COOKS, READERS
from canteen.models import Canteen, Dish, DishPart, Meal, MenuChange, Serving
from portal import clock
from portal.errors import NotThere
from portal.orgs.access import children_paths, scope
from portal.orgs.models import Unit, User
from portal.publications.models import Issue
from portal.wire.paging import Keyset, Page, page_of
from portal.worktime.calendars import calendar_for

from .banned import ban_on
from .nutrition import groups_in, norms
from .places import canteens_of

KIND = "canteen.weekmenu"
BY_COURSE: Keyset[Dish] = Keyset(("course", "name", "pk"), (str, str, int), lambda one: (one.course, one.name, one.pk))
Meals = dict[tuple[date, str], list[Serving]]
COURSES = ("staple", "meat", "vegetable", "soup", "side")  # in the order of the tray


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def with_parts(rows: QuerySet[Dish]) -> QuerySet[Dish]:
    """Dishes with their ingredients and prices, so that grams, allergens and prices ask nothing more."""
    parts = DishPart.objects.select_related("ingredient").order_by("-grams", "pk")
    return rows.prefetch_related(Prefetch("parts", parts), "prices")


def dishes_of(school: Unit) -> QuerySet[Dish]:
    """What a school may cook today, by course and name."""
    return Dish.objects.filter(school=school, retired_on=None).order_by("course", "name", "pk")


def dishes_for(user: User, *roles: str) -> QuerySet[Dish]:
    """The dishes of the schools below a person's posts."""
    there = Q(pk__in=[])
    for path in scope(user, *(roles or READERS)):
        there |= Q(school__path__startswith=path)
    return Dish.objects.filter(there).select_related("school")


def dish_for(user: User, pk: int, *roles: str) -> Dish:
    """The dish, for whoever reads the canteen's matters of its school (or holds one of these posts there)."""
    found = with_parts(dishes_for(user, *roles)).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def listed_dishes(user: User, school: Unit | None, *, q: str, cursor: str, limit: int | None = None) -> Page[Dish]:
    """A page of dishes, by course and name."""
    rows = dishes_for(user).filter(retired_on=None)
    rows = rows.filter(school=school) if school else rows
    rows = rows.filter(name__icontains=q) if q else rows

    def ask(bounds: Q, back: bool, n: int) -> list[Dish]:
        order = [f"-{name}" for name in BY_COURSE.names] if back else list(BY_COURSE.names)
        return list(with_parts(rows.filter(bounds)).order_by(*order)[:n])

    return page_of(ask, BY_COURSE, cursor=cursor, limit=limit)


def sees_dish(by: Any, address: str) -> bool:
    """Whoever reads the canteen of a dish's school, or has a child there, may see its photo; minutes alike."""
    dish = Dish.objects.select_related("school").filter(pk=address.partition(":")[2]).first()
    if dish is None or not isinstance(by, User):
        return False
    tops = [*scope(by, *READERS), *scope(by, "parent")]
    return any(dish.school.path.startswith(path) for path in tops) or any(
        path.startswith(dish.school.path) for path in children_paths(by)
    )


def fits(dish: Dish) -> bool:
    """Whether it may be served today: neither retired nor food schools do not serve."""
    return dish.retired_on is None and not ban_on(dish.name, dish.style, [part.ingredient for part in dish.parts.all()])


def meals_of(canteen: Canteen, first: date, last: date) -> Meals:
    """The servings of some days, by day and meal, in the order of the tray. Four questions."""
    rows = Serving.objects.filter(canteen=canteen, day__gte=first, day__lte=last)
    return _trays(rows.prefetch_related(Prefetch("dish", with_parts(Dish.objects.all()))))


def _trays(rows: QuerySet[Serving]) -> Meals:
    found: Meals = {}
    for one in rows.order_by("day", "meal", "pk"):
        found.setdefault((one.day, one.meal), []).append(one)
    for servings in found.values():
        servings.sort(key=lambda one: (COURSES.index(one.dish.course), one.pk))
    return found


def is_published(school: Unit, day: date) -> bool:
    """Whether the menu of this day's week is out."""
    year, week, _ = day.isocalendar()
    rows = Issue.objects.filter(kind=KIND, unit=school, period=f"{year}-W{week:02d}", current__gt=0)
    return rows.exists()


def issue_of(school: Unit, day: date) -> Issue | None:
    """The menu's issue of this day's week, if there is one yet."""
    year, week, _ = day.isocalendar()
    return Issue.objects.filter(kind=KIND, unit=school, period=f"{year}-W{week:02d}").select_related("case").first()


def owes_menu(school: Unit, day: date) -> bool:
    """Whether a school runs a canteen and has a school day in this day's week."""
    if not canteens_of(school).exists():
        return False
    monday, calendar = monday_of(day), calendar_for(school.path)
    return any(calendar.is_school_day(monday + timedelta(days=at)) for at in range(7))


@dataclass(frozen=True)
class MealOf:
    """One meal of a day on the page: its dishes, whether it may still be written, why it was changed."""

    day: date
    meal: str
    servings: list[Serving]
    open: bool
    changes: list[MenuChange] = field(default_factory=list)

    @property
    def title(self) -> str:
        """早餐、午餐 or 晚餐."""
        return str(Meal(self.meal).label)

    @property
    def price(self) -> Decimal:
        """All its dishes together, in 元."""
        return sum((one.price for one in self.servings), Decimal(0))

    @property
    def groups(self) -> set[str]:
        """Which of the four groups of food are in it (docs/rules.md 2.6)."""
        return groups_in(self.servings)

    @property
    def poor(self) -> bool:
        """Fewer than three of the four groups: worth a word, never refused."""
        return bool(self.servings) and len(self.groups) < norms()["least_groups"]


@dataclass(frozen=True)
class DayOf:
    """One day of the week's menu."""

    day: date
    is_school_day: bool
    meals: list[MealOf]


def week_of(canteen: Canteen, monday: date) -> list[DayOf]:
    """The week's days that have school or a meal, in order."""
    last = monday + timedelta(days=6)
    changes: dict[tuple[date, str], list[MenuChange]] = {}
    for one in MenuChange.objects.filter(canteen=canteen, day__gte=monday, day__lte=last).order_by("pk"):
        changes.setdefault((one.day, one.meal), []).append(one)
    return _days(canteen, monday, meals_of(canteen, monday, last), changes)


def plan_of(canteen: Canteen, monday: date) -> list[DayOf]:
    """The same as those who eat read it: dishes and prices, neither grams nor why a meal was changed. Two questions."""
    rows = Serving.objects.filter(canteen=canteen, day__gte=monday, day__lte=monday + timedelta(days=6))
    return _days(canteen, monday, _trays(rows.select_related("dish")), {})


def _days(
    canteen: Canteen, monday: date, meals: Meals, changes: dict[tuple[date, str], list[MenuChange]]
) -> list[DayOf]:
    calendar, today, found = calendar_for(canteen.school.path), clock.today(), []
    for at in range(7):
        day = monday + timedelta(days=at)
        school_day = calendar.is_school_day(day)
        rows = [
            MealOf(day, meal, meals.get((day, meal), []), day >= today, changes.get((day, meal), []))
            for meal in dict(Meal.choices)
            if meal in canteen.meals or (day, meal) in meals
        ]
        if school_day or any(one.servings for one in rows):
            found.append(DayOf(day, school_day, rows))
    return found


def writes_menus(user: User, canteen: Canteen) -> bool:
    """Whether the person plans this canteen's menus: for buttons."""
    return any(canteen.school.path.startswith(path) for path in scope(user, *COOKS))
