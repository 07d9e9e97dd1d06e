"""Whether what a canteen owes the public is out, and in time: kind by kind, and all of it together, by which schools rank."""

from collections.abc import Iterator
from decimal import Decimal

from canteen.flow import MEALS, MENUS, MONTHS, PARTICULARS, PURCHASES, SUPPLIES, TERMS, WEEKLY
from canteen.queries import standing
from portal.publications import figures as publications
from portal.rollups.book import Counting, Figure, How, Light, Part, Past, Tally, day_of

FLOWS = (MENUS, PURCHASES, WEEKLY, MONTHS, SUPPLIES, MEALS, TERMS, PARTICULARS)


def counted(past: Past) -> Iterator[Part]:
    """One publication: owed on the day it is due, and how it came out."""
    due = past.deadlines.get("publish")
    if due is not None:
        yield Part("canteen.owed", day_of(due.due_at))
    yield from publications.counted(past)


KINDS: dict[str, Counting] = {flow.kind: counted for flow in FLOWS}
TALLIES = (
    Tally("canteen.owed", by_topic=False), *(one for flow in FLOWS for one in publications.tallies(flow)),
)  # fmt: skip
LEADING = ("published_on_time",)
RANKED = (("published_on_time", 6), ("published", 4))
FIGURES = (
    Figure("canteen.published_on_time", "按时公示", "%", "到期的菜谱、采购、周账、月报、供应商、陪餐、决算、证照等公示中，在期限之内公示的 ÷ 到期的。", How.SHARE,
           asked=standing.published, listed="canteen.owed", word="期", fewest=1, icon="megaphone", high_is_good=True,
           light=Light(Decimal(90), Decimal(100), word="按时")),
    Figure("canteen.published", "公示完整", "%", "到期的菜谱、采购、周账、月报、供应商、陪餐、决算、证照等公示中，已经公示的（迟的也算）÷ 到期的。", How.SHARE,
           asked=standing.published, nth=3, listed="canteen.owed", word="期", fewest=1, icon="file-check", high_is_good=True,
           light=Light(Decimal(90), Decimal(100), word="完整")),
    *(one for flow in FLOWS for one in publications.figures(flow)),
)  # fmt: skip
