"""CP-01 带量食谱和菜价: the week's menu with grams for one head, allergens and prices."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from canteen.apps import KEEPERS
from canteen.flow.menus import MENUS
from canteen.models import Canteen, DishPrice, Serving
from canteen.queries import canteens_of
from canteen.queries.menus import DayOf, MealOf, week_of
from canteen.rules.menus import BANNED, servable
from portal.clock import SCHOOL_TIME
from portal.errors import Refused
from portal.orgs.models import Unit
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Opened, Period
from portal.wire.amounts import cents

DAYS = "一二三四五六日"
COLUMNS = (
    Column("dish", "菜品"),
    Column("meal", "餐次"),
    Column("grams", "每人带量"),
    Column("allergens", "过敏原"),
    Column("price", "价格（元）", "money"),
)


def build(school: Unit, period: Period) -> Content:
    """One school's week: each day's dishes. Refused: a school day without a meal, and food schools do not serve (CR-11)."""
    tables, dishes, prices = [], 0, []
    canteens = list(canteens_of(school))
    for canteen in canteens:
        for day in week_of(canteen, period.since):
            _refuse_gaps(canteen, day)
            tables.append(_day(canteen, day, many=len(canteens) > 1))
            dishes += sum(len(one.servings) for one in day.meals)
            prices += [one.price for one in day.meals if one.servings]
    if not dishes:
        raise Refused("这一周还没有排菜谱。", instead="请先在“菜谱”里排好每天的菜，再核对。")
    figures = (
        Figure("dishes", "菜品", dishes, unit="道次"),
        Figure("price", "平均每餐", _mean(prices), "money", "元"),
    )
    words = _changes(school, period)
    summary = f"{len(tables)} 天菜谱，{dishes} 道次；过敏原见各菜品"
    posts = (("编排", "食堂"), ("核对", "食品安全员"), ("公示", "食堂管理员"))
    return Content(figures, tables, words, summary, posts=posts)


def _refuse_gaps(canteen: Canteen, day: DayOf) -> None:
    for meal in day.meals:
        if day.is_school_day and not meal.servings and meal.meal in canteen.meals:
            said = f"{day.day:%m-%d} {meal.title}还没有排菜。"
            raise Refused(said, instead="请在“菜谱”里排好再核对；不供这一餐的，请在食堂设置里去掉。")
        for one in meal.servings:
            servable(one.dish)


def _day(canteen: Canteen, day: DayOf, *, many: bool) -> Table:
    rows = [_row(meal, one) for meal in day.meals for one in meal.servings]
    total = ["合计", "", "", "", sum((one.price for one in day.meals), Decimal(0))]
    title = f"周{DAYS[day.day.weekday()]} {day.day.month}月{day.day.day}日"
    code = f"day_{canteen.pk}_{day.day:%m%d}"
    keep = [
        at for at, one in enumerate(COLUMNS) if one.code != "meal" or len(canteen.meals) > 1
    ]  # one meal a day: no column
    columns, rows, total = (
        [COLUMNS[at] for at in keep],
        [[row[at] for at in keep] for row in rows],
        [total[at] for at in keep],
    )
    return Table(code, f"{canteen.name} {title}" if many else title, columns, rows, total if rows else ())


def _row(meal: MealOf, one: Serving) -> list[Any]:
    grams = "，".join(str(part) for part in one.dish.parts.all())
    return [one.dish.name, meal.title, grams or "—", "、".join(one.dish.allergen_words) or "无", one.price]


def _mean(prices: list[Decimal]) -> Decimal:
    return cents(sum(prices, Decimal(0)) / len(prices)) if prices else Decimal(0)


def _changes(school: Unit, period: Period) -> list[str]:
    """Prices that change in this week or the two after it: diners are told before (CR-19)."""
    until = period.until + timedelta(days=14)
    rows = DishPrice.objects.filter(dish__school=school, since__gte=period.since, since__lte=until).exclude(notice="")
    said = [
        f"{one.dish.name}自 {one.since:%Y-%m-%d} 起 {one.price} 元。{one.notice}（{one.at.astimezone(SCHOOL_TIME):%m-%d} 登记，附会议纪要）"
        for one in rows.select_related("dish").order_by("since", "pk")[:20]
    ]
    return [f"菜价调整：{line}" for line in said] + [
        "对某种食物过敏的同学请避开标有它的菜品，并告诉班主任。",
        f"{BANNED}。",
    ]


WEEKLY = Kind(
    MENUS.kind,
    title="菜谱",
    about="每天每餐的菜品、每人带量、过敏原和价格",
    icon="utensils",
    audience=Audience.PUBLIC,
    every=Every.WEEK,
    posts=KEEPERS,
    build=build,
    opens=Opened.COMING,
)
