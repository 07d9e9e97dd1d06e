"""Questions about meals and meal money: how many ate, what a family has paid and has left, and who may ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from canteen.models import Accompany, Canteen, Meal, MealCount, MealMoney, Sample, Sampling
from portal import clock
from portal.errors import NotThere
from portal.orgs.models import Enrolment, Guardianship, Student, User, held_on
from portal.wire.paging import Keyset, Page, page_of

from .places import canteens_for

KEEPERS = ("canteen_accountant", "canteen_cashier")  # who sees the balances of all families; nobody else does
NEWEST: Keyset[MealMoney] = Keyset(("day", "pk"), (date, int), lambda one: (one.day, one.pk), falling=True)
BY_DAY: Keyset[MealCount] = Keyset(("day", "pk"), (date, int), lambda one: (one.day, one.pk), falling=True)
BY_NUMBER: Keyset[Student] = Keyset(("number", "pk"), (str, int), lambda one: (one.number, one.pk))
ATE = Q(students__gt=0) | Q(staff__gt=0) | Q(guests__gt=0)  # a count of somebody
NOTHING = Value(Decimal("0.00"), output_field=DecimalField(max_digits=12, decimal_places=2))


@dataclass(frozen=True)
class Eaten:
    """How many ate in some days: meals served to pupils, staff and guests, and on how many days.

    `diner_days` (就餐人天) counts everybody once a day: the meal most came to. Of the pupils, `three_meals` counts those who
    ate all three meals of a day, `lunch_only` those who came to lunch beyond them, both once a day.
    """

    students: int
    staff: int
    guests: int
    days: int
    diner_days: int = 0
    three_meals: int = 0
    lunch_only: int = 0

    @property
    def meals(self) -> int:
        """Everybody's."""
        return self.students + self.staff + self.guests


def eaten(canteens: Iterable[Canteen], since: date, until: date) -> Eaten:
    """Meals served in these days. One question."""
    counted = list(MealCount.objects.filter(canteen__in=list(canteens), day__range=(since, until)))
    days: dict[tuple[int, date], dict[str, MealCount]] = {}
    for one in counted:
        days.setdefault((one.canteen_id, one.day), {})[one.meal] = one
    whole = [len(meals) == len(Meal) and min(one.students for one in meals.values()) for meals in days.values()]
    lunch = [meals[Meal.LUNCH].students if Meal.LUNCH in meals else 0 for meals in days.values()]
    return Eaten(
        sum(one.students for one in counted),
        sum(one.staff for one in counted),
        sum(one.guests for one in counted),
        len({one.day for one in counted if one.students + one.staff + one.guests}),
        sum(max(one.students + one.staff + one.guests for one in meals.values()) for meals in days.values()),
        sum(whole),
        sum(max(0, some - all_) for some, all_ in zip(lunch, whole, strict=True)),
    )


def eaten_on(canteen: int, day: date, *meals: str) -> bool:
    """Whether anybody was counted at a meal of a day (at any where none is named)."""
    rows = MealCount.objects.filter(ATE, canteen=canteen, day=day)
    return (rows.filter(meal__in=meals) if meals else rows).exists()


def is_proven(case: Sampling | Accompany) -> bool:
    """Whether that meal was served: somebody was counted, a sample was kept, or somebody of the school ate along."""
    here: dict[str, Any] = {"canteen": case.canteen_id, "day": case.day, "meal": case.meal}
    sampled = Sample.objects.filter(**{f"sampling__{name}": value for name, value in here.items()})
    return (
        eaten_on(case.canteen_id, case.day, case.meal)
        or sampled.exists()
        or Accompany.objects.filter(**here, state="done").exists()
    )


def counts_of(canteen: Canteen, since: date, until: date) -> list[MealCount]:
    """The counts of these days, in order."""
    order = [code for code, _ in MealCount._meta.get_field("meal").flatchoices]
    rows = canteen.meal_counts.filter(day__range=(since, until))
    return sorted(rows, key=lambda one: (one.day, order.index(one.meal)))


def usual(canteen: Canteen, meal: str) -> dict[str, int]:
    """How many are likely to eat a meal: pupils and staff as they were counted last, else the canteen's diners."""
    last = canteen.meal_counts.filter(ATE, meal=meal).order_by("-day").first()
    return {"students": last.students, "staff": last.staff} if last else {"students": canteen.diners}


def counts_page(canteen: Canteen, asked: dict[str, Any]) -> Page[MealCount]:
    """A page of counts, the newest day first, from one day to another where they are said."""
    rows = canteen.meal_counts.all()
    for name, bound in (("since", "day__gte"), ("until", "day__lte")):
        rows = rows.filter(**{bound: asked[name]}) if asked.get(name) else rows

    def ask(bounds: Q, back: bool, n: int) -> list[MealCount]:
        return list(rows.filter(bounds).order_by(*(("day", "pk") if back else ("-day", "-pk")))[:n])

    return page_of(ask, BY_DAY, cursor=asked.get("cursor") or "", limit=asked.get("limit"))


def children_of(user: User) -> QuerySet[Student]:
    """The pupils whose meal money this person sees as family: own children in custody today, and themselves."""
    live = Guardianship.objects.filter(held_on(clock.today()), guardian=user, custody=True)
    return Student.objects.filter(Q(pk__in=live.values("student")) | Q(account=user)).order_by("pk")


def with_balances(rows: QuerySet[Student], canteen: Canteen | None = None) -> QuerySet[Student]:
    """Pupils with what they have left, in 元 (at one canteen, or everywhere)."""
    mine = Q(meal_money__canteen=canteen) if canteen else Q()
    return rows.annotate(balance=Coalesce(Sum("meal_money__amount", filter=mine), NOTHING))


def own_balances(user: User, asked: dict[str, Any]) -> Page[Student]:
    """A page of one's own children with what each has left, by number."""
    rows = with_balances(children_of(user).order_by())

    def ask(bounds: Q, back: bool, n: int) -> list[Student]:
        return list(rows.filter(bounds).order_by(*(("-number", "-pk") if back else ("number", "pk")))[:n])

    return page_of(ask, BY_NUMBER, cursor=asked.get("cursor") or "", limit=asked.get("limit"))


def moves_seen_by(user: User, pk: int) -> QuerySet[MealMoney]:
    """The moves of a pupil that this person may see: all of one's own child's and one's own, else those at the canteens
    whose till one keeps; not there otherwise."""
    child = children_of(user).filter(pk=pk).first()
    return moves_of(child) if child else moves_of(pupil_of_till(user, pk)[1], *tills_for(user))


def pupil_of_till(user: User, pk: int, at: int | None = None) -> tuple[Canteen, Student]:
    """A pupil of a canteen (`at` this one, or the first) whose till this person keeps; not there otherwise."""
    for canteen in [till_for(user, at)] if at else tills_for(user):
        child = pupils_of(canteen).filter(pk=pk).first()
        if child is not None:
            return canteen, child
    raise NotThere


def balance_of(student: Student, canteen: Canteen) -> Decimal:
    """What a pupil has left at a canteen, in 元."""
    total = student.meal_money.filter(canteen=canteen).aggregate(left=Sum("amount"))["left"]
    return total or Decimal("0.00")


def moves_of(student: Student, *canteens: Canteen) -> QuerySet[MealMoney]:
    """A pupil's moves at these canteens; without any, everywhere: that is for the family alone."""
    rows = student.meal_money.select_related("canteen")
    return rows.filter(canteen__in=canteens) if canteens else rows


def newest(rows: QuerySet[MealMoney], asked: dict[str, Any]) -> Page[MealMoney]:
    """A page of moves, the newest day first, however late a file of them came."""

    def ask(bounds: Q, back: bool, n: int) -> list[MealMoney]:
        return list(rows.filter(bounds).order_by(*(("day", "pk") if back else ("-day", "-pk")))[:n])

    return page_of(ask, NEWEST, cursor=asked.get("cursor") or "", limit=asked.get("limit"))


def till_for(user: User, pk: int | str | None = None) -> Canteen:
    """The canteen whose meal money this person keeps; not there for everybody else."""
    mine = canteens_for(user, *KEEPERS, closed=True)
    found = mine.filter(pk=pk).first() if pk else mine.first()
    if found is None:
        raise NotThere
    return found


def tills_for(user: User) -> list[Canteen]:
    """Every canteen whose meal money this person keeps."""
    return list(canteens_for(user, *KEEPERS, closed=True)[:20])


def pupils_of(canteen: Canteen) -> QuerySet[Student]:
    """Who is enrolled at the canteen's school today, and who still has money there."""
    here = Enrolment.objects.filter(held_on(clock.today()), school_class__path__startswith=canteen.school.path)
    owing = MealMoney.objects.filter(canteen=canteen).values("student")
    return Student.objects.filter(Q(pk__in=here.values("student")) | Q(pk__in=owing))


def balances(canteen: Canteen, asked: dict[str, Any]) -> Page[Student]:
    """A page of the pupils of a canteen with what each has left, by number; narrowed to a name or number."""
    rows = with_balances(pupils_of(canteen), canteen)
    if asked.get("q"):
        rows = rows.filter(Q(name__icontains=asked["q"]) | Q(number__startswith=asked["q"]))

    def ask(bounds: Q, back: bool, n: int) -> list[Student]:
        return list(rows.filter(bounds).order_by(*(("-number", "-pk") if back else ("number", "pk")))[:n])

    return page_of(ask, BY_NUMBER, cursor=asked.get("cursor") or "", limit=asked.get("limit"))
