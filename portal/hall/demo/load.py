"""Loading the demo: plant, people, then weeks of life up to now."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection

from portal import clock
from portal.clock import SCHOOL_TIME
from portal.errors import Refused
from portal.notices.actions import choose_channels
from portal.notices.channels.registry import enabled
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

REACHED = ("linxiaoyun", "pingyaqin", "wangjianping", "zhouli", "huqiming")  # also outside the portal


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
    """Builds the district and lives so many weeks up to now. Refused on a real installation and where units stand."""
    refuse_where_not_empty()
    until = clock.now()
    first = until.astimezone(SCHOOL_TIME).date() - timedelta(weeks=weeks)
    starts = datetime.combine(first, time(6, 0), SCHOOL_TIME)
    stage = Stage(starts, until)
    with clock.at(starts):
        district = build(schools=schools, until=until)
        _weigh_tables()
        begin(district, stage)
        announcing.begin(district, stage)
        for demo in affair_demos():
            demo.begin(district, stage)
    stage.live()
    fold()
    places = Unit.objects.filter(kind__in=("building", "floor", "room", "outdoor")).count()
    return Loaded(
        len(district.schools), places, User.objects.count(), "; ".join(one.summary() for one in affair_demos())
    )


def _weigh_tables() -> None:
    """Thousands came in at once: the database looks at what it has, as it would by itself within minutes (where it may)."""
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def build(*, schools: int, until: datetime) -> District:
    """The district on its first day, before anything happens."""
    district = plant_district(Chance(SEED), schools=schools)
    admin = people_district(district)
    set_up(district, until=until.astimezone(SCHOOL_TIME).date(), by=admin)
    _quiet_channels()
    return district


def _quiet_channels() -> None:
    """Only a few people's messages go to other channels than the inbox: thousands of others would be sent to nobody."""
    for person in User.objects.exclude(username__in=REACHED).filter(home__isnull=False):
        choose_channels(dict.fromkeys(enabled(), False), by=person)
