"""Questions about hazards: their categories and direct-judgement rules, what came back, what a page says of one."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from portal import clock
from portal.cases.faces import rows_of
from portal.cases.flow import ASSIGNEE
from portal.cases.lines import Line
from portal.cases.models import Case, CaseQuerySet
from portal.cases.queries import cases, governed
from portal.orgs.models import Unit, User
from portal.outbound.queries import standing
from portal.templatetags.sunlit import money, when
from safety_grid.models import COLOURS, GENERAL, GRADES, MAJOR, Concern, Hazard

from .cells import holders_at

NOT_ONE = ("unconfirmed", "refused", "withdrawn", "merged", "dismissed")  # states in which it is no hazard, or none yet
DATA = Path(__file__).parents[1] / "data"
WINDOW = timedelta(days=90)  # within which the same place and category is a recurrence (docs/rules.md 3.4, a proposal)
RECURRENCE = "recurrence"
KIND = "safety_grid.hazard"
UNREGISTERED = ("unconfirmed", "reported", "to_grade")
SHORT = {GENERAL: "一般", MAJOR: "重大"}  # grades on a row
RECENT = 4  # cases shown beside the report form


@dataclass(frozen=True)
class Category:
    """A category of hazard (系统预置参考项，请按当地文件修订) with its finer kinds; of a `private` one a closed circle knows."""

    code: str
    name: str
    short: str
    icon: str
    items: tuple[str, ...]
    owner: str
    private: bool


@dataclass(frozen=True)
class MajorRule:
    """A case the ministry's guide judges as 重大 directly; `words` are what reports of it tend to say."""

    code: str
    condition: str
    categories: tuple[str, ...]
    words: tuple[str, ...]
    source: str


@cache
def categories() -> dict[str, Category]:
    """Every category by code, in the order shown."""
    rows = json.loads((DATA / "hazard_categories.json").read_text(encoding="utf-8"))
    return {row["code"]: Category(**row | {"items": tuple(row["items"])}) for row in rows}


@cache
def major_rules() -> dict[str, MajorRule]:
    """Every direct-judgement rule by code."""
    rows = json.loads((DATA / "major_rules.json").read_text(encoding="utf-8"))
    several = ("categories", "words")
    return {row["code"]: MajorRule(**row | {name: tuple(row[name]) for name in several}) for row in rows}


def holder_of(unit: Unit) -> User | None:
    """Who answers for this place now, by the grid: the first of its holders, or who stands in; nobody where it has none."""
    return next((one.who for one in holders_at(unit, clock.now()) if one.who is not None), None)


def is_private(topic: str) -> bool:
    """Whether a category belongs to the closed circle of those who look after students."""
    found = categories().get(topic)
    return found is not None and found.private


def proposed_rule(topic: str, text: str) -> MajorRule | None:
    """The first rule of this category whose words stand in what was said; a proposal, never a judgement."""
    fitting = (rule for rule in major_rules().values() if topic in rule.categories)
    return next((rule for rule in fitting if any(word in text for word in rule.words)), None)


def earlier_at(unit: Unit, topic: str) -> QuerySet[Hazard]:
    """Hazards of the same place and category closed out within the last 90 days, the newest first."""
    since = clock.now() - WINDOW
    return Hazard.objects.filter(unit=unit, topic=topic, state="closed_out", closed_at__gte=since).order_by("-pk")


def on_board() -> Q:
    """Hazards under public supervision."""
    return Q(state="supervised")


def majors() -> Q:
    """重大隐患, asked of cases."""
    return Q(grade=MAJOR)


def facts_of(hazard: Hazard) -> list[tuple[str, str]]:
    """What the page says of a hazard beside what every case shows."""
    category = categories().get(hazard.topic)
    name = category.name if category else hazard.topic
    facts = [("类别", f"{name} · {hazard.item}" if hazard.item else name)]
    facts.append(("级别", dict(GRADES).get(hazard.grade, "待定级")))
    if hazard.colour:
        facts.append(("风险颜色", dict(COLOURS)[hazard.colour]))
    if hazard.rule:
        facts.append(("直接判定情形", major_rules()[hazard.rule].condition))
    if hazard.danger:
        facts.append(("危险", "报告人勾选了“正在危及人”"))
    if hazard.fixed:
        facts.append(("当场", "报告人说已当场整改"))
    if hazard.again:
        facts.append(("复发", f"同一地点同类隐患，90 天内第 {hazard.again + 1} 次"))
    return facts + _plan(hazard) + _time(hazard) + _elsewhere(hazard)


def row_of(hazard: Case) -> Line:
    """A row of a list: how grave, what kind, and once it is registered who puts it right and who checks it."""
    category, grade = categories().get(hazard.topic), hazard.grade
    words = [SHORT.get(grade, "待定级")]
    words += [category.short] if category else []
    checks = "safety_officer" if grade == MAJOR else "safety_head"
    if not hazard.is_open or hazard.assignee_id is None or hazard.state in UNREGISTERED:
        return Line(" · ".join(words), category.icon if category else "")
    watched = hazard.state == "supervised"  # whoever put it on the board watches over it, so nobody else is named
    parts = ((ASSIGNEE, "整改"),) if watched else ((ASSIGNEE, "整改"), (checks, "验收"))
    words += ["挂牌督办"] if watched else []
    return Line(" · ".join(words), category.icon if category else "", parts)


def _plan(hazard: Hazard) -> list[tuple[str, str]]:
    """五落实, once it is made; the person stands among the people."""
    if hazard.due_on is None:
        return []
    return [
        ("整改措施", hazard.measures),
        ("整改责任人", hazard.assignee.name if hazard.assignee else ""),
        ("整改资金", f"{money(hazard.money or 0)} 元"),
        ("整改时限", f"{hazard.due_on:%Y-%m-%d}"),
        ("临时防范", hazard.interim),
    ]


def _time(hazard: Hazard) -> list[tuple[str, str]]:
    facts = []
    if hazard.asked_on is not None:
        facts.append(("延期申请", f"申请延到 {hazard.asked_on:%Y-%m-%d}，等答复"))
    if hazard.extensions:
        facts.append(("已批准延期", f"{hazard.extensions} 次"))
    if hazard.rework:
        facts.append(("验收退回", f"{hazard.rework} 次"))
    if hazard.supervised_at is not None:
        reports = f"，周报 {hazard.reports} 份" if hazard.reports else ""
        facts.append(("挂牌督办", f"{when(hazard.supervised_at)} 起{reports}"))
    return facts


def _elsewhere(hazard: Hazard) -> list[tuple[str, str]]:
    """双线报送: how it stands with other systems, of those that are on."""
    return [(f"报送{name}", words) for name, words in standing(hazard)]


def facts_of_concern(case: Concern) -> list[tuple[str, str]]:
    """What the page of a concern says: who may read it, and no more."""
    return [("谁能看", "报告人、经办人和心理与德育专员；不进任何列表、统计和公示")]


def beside(place: Unit, *, by: User) -> dict[str, Any]:
    """The side of the report form: what will happen, and the latest hazards here that this person may see."""
    rows = rows_of(cases().filter(unit=place, kind=KIND).visible_to(by).newest(RECENT))
    return {
        "promise": [
            ("clipboard-check", "good", "安全办核实、定级、登记", "24 小时内"),
            ("hammer", "", "当场整改，或定下五落实", "24 小时内"),
            ("shield-check", "", "别人验收后才能销号", "重大隐患由局里验收"),
            ("arrow-up-right", "bad", "到期没改完就挂牌督办", "每周报一次"),
        ],
        "recent": [(row.title, row.clock.tone, row.state_title) for row in rows],
    }


def board_of(user: User) -> CaseQuerySet:
    """挂牌督办: what stands under public supervision where this person reads it."""
    return governed(user).filter(on_board(), kind=KIND)
