"""CP-08 证照和人员: the licence, how many hold which post, health certificates by job, and the number for complaints."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from canteen.apps import KEEPERS, STAFF
from canteen.flow.particulars import PARTICULARS as FLOW
from canteen.models import Canteen, HealthCard, Meal
from canteen.queries import canteens_of
from canteen.queries.posts import counted
from portal import clock
from portal.errors import Refused
from portal.orgs.models import Unit
from portal.orgs.roles import title
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Opened, Period

LICENCES = (
    Column("canteen", "食堂"), Column("mode", "经营方式"), Column("licence", "食品经营许可证"), Column("until", "有效期至"),
    Column("phone", "投诉电话"),
)  # fmt: skip
POSTS = (Column("post", "岗位"), Column("n", "人数", "count"))
HEALTH = (
    Column("job", "岗位"),
    Column("n", "人数", "count"),
    Column("valid", "健康证有效", "count"),
    Column("until", "最早到期"),
)
SHOWN = ("principal", *STAFF, "meal_committee")
LARGE = 500  # diners from which on a school has a director of food safety (CR-08)


def build(school: Unit, period: Period) -> Content:
    """A school's canteens as they stand today. Refused: no licence or one that is over, no number for complaints."""
    today, canteens = clock.today(), list(canteens_of(school))
    if not canteens:
        raise Refused("本校没有启用的食堂。", instead="请先启用食堂。")
    for one in canteens:
        _refuse_gaps(one, today)
    cards = list(HealthCard.objects.filter(canteen__in=canteens, left_on=None).order_by("job", "until"))
    valid = sum(one.until >= today for one in cards)
    posts = counted(SHOWN, school)
    figures = (
        Figure("canteens", "食堂", len(canteens), unit="个", against="none"),
        Figure("posts", "有人的岗位", sum(n > 0 for n in posts.values()), unit="个", note=f"共 {len(SHOWN)} 个"),
        Figure("staff", "从业人员", len(cards), unit="人"),
        Figure("valid", "健康证有效", valid, unit="人"),
    )
    rows = [[title(code), n] for code, n in posts.items()]
    tables = [
        Table("licences", "证照和投诉电话", LICENCES, [_licence(one) for one in canteens]),
        Table("posts", "谁负责", POSTS, rows, said="校长是第一责任人。人数是今天在这个岗位上的人。"),
        Table("health", "健康证", HEALTH, _health(cards, today), ["合计", len(cards), valid, ""]),
    ]
    phones = "、".join(dict.fromkeys(one.phone for one in canteens))
    wall = [("投诉举报", f"学校 {phones}，市民热线 12345，市场监管 12315。")]
    summary = f"许可证有效，从业人员 {len(cards)} 人，健康证有效 {valid} 人"
    shown = [one for one in tables if one.rows]
    return Content(figures, shown, [f"投诉举报：{wall[0][1]}", *_director(canteens, posts)], summary, wall=wall)


def _refuse_gaps(one: Canteen, today: date) -> None:
    said = "请先在“食堂设置”里登记，再核对。"
    if not one.licence or one.licence_until is None:
        raise Refused(f"{one.name}没有登记食品经营许可证号和有效期。", rule="CP-08", instead=said)
    if one.licence_until < today:
        raise Refused(f"{one.name}的食品经营许可证已过期。", rule="食品安全法第三十五条", instead=said)
    if not one.phone:
        raise Refused(f"{one.name}没有登记投诉电话。", rule="CP-08", instead=said)


def _licence(one: Canteen) -> list[Any]:
    meals = "、".join(Meal(meal).label for meal in one.meals)
    return [one.name, f"{one.get_mode_display()}，供{meals}", one.licence, one.licence_until, one.phone]


def _health(cards: Sequence[HealthCard], today: date) -> list[list[Any]]:
    """By job, never by name."""
    found: dict[str, list[HealthCard]] = {}
    for one in cards:
        found.setdefault(one.job, []).append(one)
    return [[job, len(many), sum(one.until >= today for one in many), many[0].until] for job, many in found.items()]


def _director(canteens: Sequence[Canteen], posts: dict[str, int]) -> list[str]:
    """Canteens for five hundred and more have a director of food safety (CR-08)."""
    if sum(one.diners for one in canteens) < LARGE:
        return []
    return [f"就餐 {LARGE} 人以上，须配食品安全总监：{'已配' if posts['food_safety_director'] else '还没有配'}。"]


TERM = Kind(
    FLOW.kind,
    title="食堂证照和人员",
    about="许可证号和有效期、各岗位人数、健康证、投诉电话，每学期核对一次",
    icon="id-card",
    audience=Audience.PUBLIC,
    every=Every.TERM,
    posts=KEEPERS,
    build=build,
    opens=Opened.RUNNING,
    asks=("有疑问就问", "食堂须按时公开答复，问过的都看得到", "canteen:ask"),
)
