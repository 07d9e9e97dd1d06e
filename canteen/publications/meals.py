"""CP-06 陪餐记录: each week which leader ate along at which meal, the parents who came, and what was missed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from canteen.apps import HEADS, KEEPERS
from canteen.flow.disclosed import MEALS as FLOW
from canteen.models import Accompany, Meal, ParentMeal
from canteen.queries.accounts import share
from canteen.queries.duties import accompanied
from canteen.queries.posts import Held, held
from portal.orgs.models import Unit
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period
from portal.wire.amounts import rounded

DAYS = "一二三四五六日"
MEALS = (
    Column("day", "日期"), Column("meal", "哪一餐"), Column("eater", "学校负责人"), Column("score", "评价"),
    Column("parents", "家长", "count"), Column("said", "家长评价"),
)  # fmt: skip
STANDS = {"due": "还没有记录", "missed": "没有陪餐", "unserved": "没有陪餐"}
Parents = Sequence[ParentMeal]


def build(school: Unit, period: Period) -> Content:
    """One school's week: every meal that was served, by whom it was accompanied, and how it was found (1 to 5)."""
    meals = list(accompanied(school, period.since, period.until))
    posts = held((case.eater_id for case, _ in meals), HEADS, school)
    done = sum(case.state == "done" for case, _ in meals)
    guests = [one for _, parents in meals for one in parents]
    answered = sum(one.state == "answered" for one in guests)
    rate = share(Decimal(done), Decimal(len(meals)))
    figures = (
        Figure("meals", "供餐", len(meals), unit="餐"),
        Figure("share", "陪餐率", rate, "share", note=f"{done} / {len(meals)} 餐"),
        Figure("parents", "家长陪餐", len(guests), unit="人次"),
        Figure("answered", "意见已答复", answered, unit="条", note=f"共 {len(guests)} 条"),
    )
    many = len({case.canteen_id for case, _ in meals}) > 1
    rows = [_row(case, parents, posts, many=many) for case, parents in meals]
    said = "陪餐的学校负责人和学生吃一样的，次日中午前记下；没有记的算没有陪餐。评价 5 分最好。"
    tables = [Table("meals", "逐餐", MEALS, rows, said=said)] if rows else []
    words = () if rows else ("这一周没有供餐。",)
    return Content(figures, tables, words, f"供餐 {len(meals)} 餐，陪餐 {done} 餐，家长陪餐 {len(guests)} 人次")


def _row(case: Accompany, parents: Parents, posts: Held, *, many: bool) -> list[Any]:
    """One meal; where a school has several canteens it is said at which."""
    day = f"{case.day.month}月{case.day.day}日 周{DAYS[case.day.weekday()]}"
    meal = f"{case.canteen.name}{Meal(case.meal).label}" if many else Meal(case.meal).label
    who = posts.on(case.eater_id, case.day) or STANDS.get(case.state, "—")
    return [day, meal, who, f"{case.score} 分" if case.score else "—", len(parents), _mean(parents)]


def _mean(parents: Parents) -> str:
    if not parents:
        return "—"
    mean = Decimal(sum(one.score or 0 for one in parents)) / len(parents)
    return f"{rounded(mean, Decimal('0.1'))} 分"


WEEKLY = Kind(
    FLOW.kind,
    title="陪餐记录",
    about="每一餐学校哪位负责人陪了餐、家长来了几位、觉得怎么样，哪一餐没有人陪",
    icon="utensils",
    audience=Audience.PUBLIC,
    every=Every.WEEK,
    posts=KEEPERS,
    build=build,
)
