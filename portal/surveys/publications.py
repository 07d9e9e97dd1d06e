"""How the result of a survey is published: scores never without the response, and nothing of fewer answers than promised."""

from decimal import Decimal

from portal.errors import BadInput
from portal.orgs.models import Unit
from portal.orgs.roles import HEADS
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period

from .access import whom
from .models import Ask, Survey
from .queries import Result, result_of

SCORES = (
    Column("title", "评什么"),
    Column("n", "答的人", "count"),
    Column("mean", "平均分", "count"),
    Column("satisfaction", "满意度（百分）", "count"),
)
SAID = "满意度是平均分折成百分；答的人不够的问题不写结果。一人或一户一份，不记姓名，谁也查不出谁答了什么。"


def build(school: Unit, period: Period) -> Content:
    """The result of one survey of a school. Refused before its end, and where too few have answered."""
    return content_of(result_at(school, period.code))


def result_at(school: Unit, code: str) -> Result:
    """The result that a publication speaks of; refused where there is none to show."""
    survey = Survey.objects.select_related("unit").filter(unit=school, code=code).first()
    if survey is None:
        raise BadInput("本校没有这份问卷。")
    result = result_of(survey)
    if result.hidden:
        raise BadInput(result.hidden)
    return result


def content_of(result: Result) -> Content:
    """Scores in one table, every other question in one of its own; the response rate first."""
    survey, standing = result.survey, result.standing
    per = "户" if survey.per == "household" else "人"
    figures = [
        Figure("response", "回收率", standing.share, "share", note=f"{standing.voted} / {standing.invited} {per}"),
        Figure("ballots", "答卷", survey.ballots, unit="份"),
    ]
    rows = [
        [one.question.title, one.n, None if one.hidden else one.mean, None if one.hidden else one.satisfaction]
        for one in result.outcomes
        if one.question.kind in (Ask.SCORE, Ask.PERCENT)
    ]
    tables = [Table("scores", "打分", SCORES, rows, bars="satisfaction", said=SAID)] if rows else []
    answers = (Column("answer", "回答"), Column("n", "份数", "count"), Column("share", "占比", "share"))
    for one in result.outcomes:
        if one.question.kind in (Ask.CHOICE, Ask.YES_NO) and not one.hidden:
            lines = [[line.words, line.n, Decimal(line.share) / 100] for line in one.lines]
            tables.append(Table(f"q{one.question.place}", one.question.title, answers, lines))
    asked = f"请{whom(survey).words}来答，{standing.voted} / {standing.invited} {per}答了，收到 {survey.ballots} 份"
    return Content(figures, tables, [survey.about] if survey.about else [], asked)


RESULTS = {
    audience: Kind(
        f"surveys.{audience.value}",
        title="问卷结果",
        about="本校问卷的结果和回收率",
        icon="vote",
        audience=audience,
        every=Every.EVENT,
        posts=HEADS,
        build=build,
    )
    for audience in Audience
}
