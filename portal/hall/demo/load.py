"""Loading the demo: plant, people, then weeks of life up to now."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection

from portal import clock
from portal.clock import SCHOOL_TIME
from portal.errors import Refused
from portal.notices.channels.registry import kept_inside
from portal.orgs.models import Installation, Unit, User
from portal.rollups.folding import fold

from . import announcing
from .affairs import affair_demos
from .calendar import set_up
from .chance import SEED, Chance
from .district import District, plant_district
from .events import begin
from .people import people_district
from .stage import Stage


@dataclass(frozen=True)
class Loaded:
    """What was loaded, counted."""

    schools: int
    places: int
    people: int
    summary: str


def refuse_where_not_empty() -> None:
    """A demo belongs into an empty demo database and nowhere else."""
    if Installation.objects.filter(kind="real").exists():
        raise Refused("This is a real installation: a demo may not be loaded into it.")
    if Unit.objects.exists():
        raise Refused("The database is not empty: the demo is loaded once, into an empty one.")


def load(*, weeks: int, schools: int) -> Loaded:
    """Builds the district and lives so many weeks up to now; nobody is told outside the portal of what is over.

    Refused on a real installation and where units stand.
    """
    refuse_where_not_empty()
    until = clock.now()
    first = until.astimezone(SCHOOL_TIME).date() - timedelta(weeks=weeks)
    starts = datetime.combine(first, time(6, 0), SCHOOL_TIME)
    stage = Stage(starts, until)
    with kept_inside(), clock.at(starts):
        district = build(schools=schools, until=until)
        _weigh_tables()
        begin(district, stage)
        announcing.begin(district, stage)
        for demo in affair_demos():
            demo.begin(district, stage)
    with kept_inside():
        stage.live()
    fold()
    places = Unit.objects.filter(kind__in=("building", "floor", "room", "outdoor")).count()
    return Loaded(
        len(district.schools), places, User.objects.count(), "; ".join(one.summary() for one in affair_demos())
    )


def _weigh_tables() -> None:
    """Thousands came in at once: the database looks at the portal's tables, as it would by itself within minutes; never at its
    own, which every database beside it shares."""
    with connection.cursor() as cursor:
        names = (connection.ops.quote_name(one) for one in sorted(connection.introspection.table_names(cursor)))
        cursor.execute(f"analyze {', '.join(names)}")


def build(*, schools: int, until: datetime) -> District:
    """The district on its first day, before anything happens."""
    district = plant_district(Chance(SEED), schools=schools)
    admin = people_district(district)
    set_up(district, until=until.astimezone(SCHOOL_TIME).date(), by=admin)
    return district
