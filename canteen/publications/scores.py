"""What the diners gave, as one number beside the accounts: never without how many of those asked have answered."""

from collections.abc import Sequence
from datetime import date

from canteen.models import Canteen
from canteen.queries.ratings import last_score
from portal import clock
from portal.publications.content import Mark


def scored(canteens: Sequence[Canteen], until: date) -> list[Mark]:
    """The last rating that had closed before a period's last day, on which accounts are prepared; nothing where there is none."""
    score = last_score(canteens, clock.midnight(until))
    if score is None:
        return []
    rate = f"，回收 {score.percent}%" if score.percent else ""
    said = f"{score.on.month}月{score.on.day}日截止的评分：{score.voted} 份，应评 {score.invited} 份{rate}"
    verdict = f"{'不低于' if score.is_good else '低于'} {score.line}"
    return [
        Mark("score", "家长学生打分", score.points, "score", label="分", said=said, verdict=verdict, good=score.is_good)
    ]
