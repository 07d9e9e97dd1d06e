"""Dishes: a new one with the grams for one head, another recipe, another price with its minutes, offered no more."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from canteen.models import Dish, DishPart, DishPrice
from canteen.rules import menus as rules
from portal import clock
from portal.errors import BadInput, Refused, Stale
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.ledger.actions import append
from portal.notices.actions import tell
from portal.orgs.access import holders
from portal.orgs.models import Unit, User

Parts = Sequence[dict[str, Any]]
TOLD = ("meal_committee", "principal", "canteen_manager", "canteen_accountant")  # of another price
NOTICE = timedelta(days=3)  # a new price is told so long before it holds (our own default)


@transaction.atomic
def add_dish(
    *, school: Unit, name: str, course: str, parts: Parts, price: Decimal, by: User | str, style: str = "hot",
    photos: Sequence[Piece] = (),
) -> Dish:  # fmt: skip
    """A new dish of a school: `parts` are {"ingredient", "grams"} for one head, `price` in 元.

    Refused: people who do not cook there, food schools do not serve (CR-11), a name that is taken.
    """
    rules.plans_menus(by, school)
    Unit.objects.select_for_update().get(pk=school.pk)
    _name_free(school, name, None)
    rules.fit_for_school(name, style, [one["ingredient"] for one in parts])
    at = clock.now()
    dish = Dish.objects.create(school=school, name=name, course=course, style=style)
    _write_parts(dish, parts)
    _attach(dish, photos, "photo", by=by)
    DishPrice.objects.create(dish=dish, price=price, since=date(2000, 1, 1), at=at, by=_person(by))
    append(dish, "added", by=by, at=at, facts={"school": school, "course": course, "price": price, **_grams(parts)})
    return dish


@transaction.atomic
def change_dish(
    dish: Dish, *, name: str, course: str, style: str, parts: Parts, by: User | str, photos: Sequence[Piece] = (),
    seen: int | None = None,
) -> Dish:  # fmt: skip
    """Another name or recipe from now on; what was published stays. Refused as for a new dish, and when it changed meanwhile."""
    dish = _locked(dish)
    rules.plans_menus(by, dish.school)
    if seen is not None and seen != dish.version:
        raise Stale("这道菜刚刚被别人改过，这次没有写入。", instead="请看过现在的内容再改。")
    _name_free(dish.school, name, dish)
    rules.fit_for_school(name, style, [one["ingredient"] for one in parts])
    dish.name, dish.course, dish.style, dish.version = name, course, style, dish.version + 1
    dish.save(update_fields=["name", "course", "style", "version"])
    dish.parts.all().delete()
    _write_parts(dish, parts)
    _attach(dish, photos, "photo", by=by)
    append(dish, "changed", by=by, at=clock.now(), facts={"course": course, "style": style, **_grams(parts)})
    return dish


@transaction.atomic
def price_dish(
    dish: Dish, *, price: Decimal, since: date, notice: str, minutes: Sequence[Piece], by: User | str
) -> DishPrice:
    """Another price from a day on (CR-19): with the minutes of the canteen's management group and what diners are told.

    Refused: people who do not set prices, no minutes, no notice, sooner than three days from now, the price it has already. The
    meal committee and the school are told at once; menus of these days take the new price.
    """
    dish = _locked(dish)
    rules.sets_prices(by, dish.school)
    if not minutes:
        raise BadInput("调价要附食堂管理小组的会议纪要。", errors={"minutes": ["请附会议纪要的照片或文件。"]})
    if not notice.strip():
        raise BadInput("调价要写明告知家长和学生的话。", errors={"notice": ["请写明告知家长和学生的话。"]})
    if since < clock.today() + NOTICE:
        raise BadInput("调价要提前 3 天告知。", errors={"since": ["请选 3 天以后的日子，先告知再调价。"]})
    was = dish.price_on(since)
    if was == price:
        raise Refused("价格和现在一样。", instead="不用再调。")
    at = clock.now()
    made = DishPrice.objects.create(dish=dish, price=price, since=since, notice=notice, at=at, by=_person(by))
    _attach(dish, minutes, f"minutes:{made.pk}", by=by)
    dish.servings.filter(day__gte=since).update(price=price)
    pieces = [one.sha256 for one in minutes]
    append(dish, "priced", by=by, at=at, facts={"was": was, "price": price, "since": since, "minutes": pieces})
    words = f"{dish.name}：{was} 元改为 {price} 元，{since:%Y-%m-%d} 起。{notice}"
    people = list(holders(TOLD, dish.school.path).order_by("pk"))
    url = f"/canteen/dishes/{dish.pk}/"
    tell(people, about=dish.address, verb="priced", title=f"菜价调整：{dish.name}"[:120], body=words, url=url, at=at)
    return made


@transaction.atomic
def retire_dish(dish: Dish, *, by: User | str) -> Dish:
    """停用: offered no more. Refused while it stands on a menu still to come."""
    dish = _locked(dish)
    rules.plans_menus(by, dish.school)
    if dish.servings.filter(day__gte=clock.today()).exists():
        raise Refused("这道菜还在今天或以后的菜谱上。", instead="请先从菜谱里去掉，再停用。")
    if dish.retired_on is None:
        dish.retired_on, dish.version = clock.today(), dish.version + 1
        dish.save(update_fields=["retired_on", "version"])
        append(dish, "retired", by=by, at=clock.now())
    return dish


def _locked(dish: Dish) -> Dish:
    return Dish.objects.select_for_update(of=("self",)).select_related("school").get(pk=dish.pk)


def _name_free(school: Unit, name: str, own: Dish | None) -> None:
    rows = Dish.objects.filter(school=school, name=name)
    if (rows.exclude(pk=own.pk) if own else rows).exists():
        raise BadInput("本校已有同名的菜品。", errors={"name": ["本校已有同名的菜品，请换个名称。"]})


def _write_parts(dish: Dish, parts: Parts) -> None:
    DishPart.objects.bulk_create(
        [DishPart(dish=dish, ingredient=one["ingredient"], grams=one["grams"]) for one in parts]
    )


def _grams(parts: Parts) -> dict[str, Any]:
    return {"grams": {str(one["ingredient"].pk): one["grams"] for one in parts}}


def _attach(dish: Dish, pieces: Sequence[Piece], role: str, *, by: User | str) -> None:
    if pieces and isinstance(by, User):
        attach(pieces, to=dish.address, role=role, by=by, at=clock.now())


def _person(by: User | str) -> User | None:
    return by if isinstance(by, User) else None
