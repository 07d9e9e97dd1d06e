"""CP-04: what the diners said of the canteen, with the response, and what is put right because of it."""

from canteen.actions.ratings import KIND
from canteen.models import Rectification
from canteen.queries.ratings import BELOW
from portal.cases.flow import flow_of
from portal.orgs.models import Unit
from portal.orgs.roles import HEADS
from portal.publications.content import Column, Content, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period
from portal.surveys.publications import content_of, result_at

FIXES = (
    Column("name", "评的是"),
    Column("satisfaction", "满意度", "count"),
    Column("line", "线", "count"),
    Column("state", "整改"),
)


def build(school: Unit, period: Period) -> Content:
    """One rating of a canteen, and its rectifications as they stand when it is published or corrected."""
    result = result_at(school, period.code)
    content = content_of(result)
    fixes = Rectification.objects.filter(links__kind=BELOW, links__target__rating__survey=result.survey).order_by("pk")
    rows = [[one.name, one.satisfaction, one.line, flow_of(one).state(one.state).title] for one in fixes]
    said = "低于线的都要整改：写明谁改、哪天改好、怎么改，由另一人核验，再请大家就同一样评一次。"
    table = Table("fixes", "需要整改的", FIXES, rows, said=said)
    return Content(content.figures, [*content.tables, table], content.words, content.summary)


SATISFACTION = Kind(
    KIND,
    title="满意度结果与整改",
    about="每月菜品评分、每学期满意度调查的结果和回收率，以及低于线的怎么改",
    icon="star",
    audience=Audience.PUBLIC,
    every=Every.EVENT,
    posts=("canteen_manager", *HEADS),
    build=build,
)
