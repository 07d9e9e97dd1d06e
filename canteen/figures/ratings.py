"""What the diners think: points of all scores of ratings closed in the time, how many answered, what is put right."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum

from canteen.flow.ratings import RECTIFICATIONS
from canteen.models import Rating
from portal import clock
from portal.rollups.book import Counting, Figure, How, Light, Tally
from portal.surveys.queries import result_of


def _closed(path: str, since: date, until: date) -> Any:
    """Ratings below a place that closed on these days."""
    start, end = clock.days(since, until)
    rows = Rating.objects.filter(unit_path__startswith=path, survey__closed_at__gte=start, survey__closed_at__lt=end)
    return rows.select_related("survey__unit", "unit__school")


def satisfaction(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Points given and points there were, by school; scores too few have given are left out."""
    for one in _closed(path, since, until).exclude(topic="again"):
        for said in result_of(one.survey).outcomes:
            if said.satisfaction is not None:
                yield one.survey.unit.path, round(said.satisfaction * said.n), 100 * said.n


def response(path: str, since: date, until: date) -> Iterable[tuple[str, int, int]]:
    """Who answered, of those asked."""
    rows = _closed(path, since, until).order_by().values(where=F("survey__unit__path"))
    rows = rows.annotate(n=Sum("survey__voted"), over=Sum("survey__invited"))
    return [(row["where"], row["n"], row["over"]) for row in rows]


def fixing() -> Q:
    """Put right this moment."""
    return Q(is_open=True)


KINDS: dict[str, Counting] = {}
TALLIES: tuple[Tally, ...] = ()
LEADING = ("satisfaction", "survey_response")
RANKED: tuple[tuple[str, int], ...] = ()
FIGURES = (
    Figure("canteen.satisfaction", "满意度", "%", "这段时间里截止的评分和调查，大家给的分 ÷ 满分；复评不算，答的人太少的题不算。", How.SHARE,
           asked=satisfaction, word="分", icon="star", high_is_good=True, light=Light(Decimal(85), Decimal(90), word="满意")),
    Figure("canteen.survey_response", "评分回收率", "%", "这段时间里截止的评分和调查，已答的户和人 ÷ 请答的。", How.SHARE, asked=response, word="份",
           icon="users", high_is_good=True),
    Figure("canteen.rectifying", "正在整改", "件", "此刻因满意度低于线而没有办结的整改。", How.LIVE, live=fixing, kind=RECTIFICATIONS.kind,
           icon="wrench", high_is_good=False),
)  # fmt: skip
