"""双线报送: what a hazard says to the emergency authority's system beside our own record (docs/rules.md 3.4).

Only hazards: 学生关爱 is another kind, registered nowhere here, and what stands in a closed circle never leaves the house.
Names of people and free words stay here too.
"""

from datetime import date

from portal import clock
from portal.outbound.matters import Matter, Moment, report
from safety_grid.flow import FLOW
from safety_grid.models import COLOURS, GRADES, Hazard
from safety_grid.queries.hazards import categories, major_rules

BEGUN = (
    "registered",
    "planned",
    "fixing_now",
    "working",
    "supervised",
    "to_check",
    "to_accept",
    "to_recheck",
    "closed_out",
)


def content(hazard: Hazard) -> dict[str, str | int | None]:
    """What is told of a hazard: category, grade, colour, the rule it fits, days, money (元), and how often it came back."""
    category = categories().get(hazard.topic)
    return {
        "category": hazard.topic,
        "category_title": category.name if category else hazard.topic,
        "item": hazard.item,
        "grade": hazard.grade,
        "grade_title": dict(GRADES).get(hazard.grade, ""),
        "colour": dict(COLOURS).get(hazard.colour, ""),
        "rule": hazard.rule,
        "rule_title": major_rules()[hazard.rule].condition if hazard.rule in major_rules() else "",
        "found_on": _day(hazard.found_on),
        "due_on": _day(hazard.due_on),
        "money": str(hazard.money) if hazard.money is not None else None,
        "closed_on": _day(hazard.closed_at.astimezone(clock.SCHOOL_TIME).date() if hazard.closed_at else None),
        "recurrences": hazard.again,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


MATTER = report(
    Matter(
        kind=FLOW.kind,
        title=FLOW.title,
        sorts=dict(GRADES),
        sort_of=lambda hazard: hazard.grade,
        moments=(
            Moment("registered", "登记", ("registered",)),
            Moment("supervised", "挂牌督办", ("supervised",)),
            Moment("closed_out", "销号", ("closed_out",)),
        ),
        owing=BEGUN,
        content=content,
        columns={
            "category_title": "类别",
            "item": "细项",
            "grade_title": "级别",
            "colour": "风险颜色",
            "rule_title": "直接判定情形",
            "found_on": "发现日期",
            "due_on": "整改时限",
            "money": "整改资金（元）",
            "closed_on": "销号日期",
        },
    )
)
