"""The post behind a holding: 网格责任人 at the cell's place, one at a time however many cells a person holds there."""

from datetime import date, timedelta

from django.db.models import Q

from portal import clock
from portal.orgs.actions import appoint, relieve
from portal.orgs.models import Appointment, Unit, User
from portal.orgs.rules import Actor, overlapping
from safety_grid.models import Holding

ROLE = "grid_holder"
DAY = timedelta(days=1)


def cover(person: User, unit: Unit, *, since: date, until: date | None, by: Actor) -> Appointment:
    """Appoints the person for those of these days on which they do not hold the post already; gives the first post."""
    found: list[Appointment] = []
    day: date | None = since
    for one in Appointment.objects.filter(overlapping(since, until), _post(person, unit)).order_by("since"):
        if day is not None and one.since > day:
            found.append(appoint(person=person, role=ROLE, unit=unit, since=day, until=one.since - DAY, by=by))
        found.append(one)
        day = one.until + DAY if one.until else None
    if day is not None and (until is None or day <= until):
        found.append(appoint(person=person, role=ROLE, unit=unit, since=day, until=until, by=by))
    return found[0]


def uncover(person: User, unit: Unit, *, by: Actor) -> None:
    """Relieves the person from when on they hold no cell of this place any more."""
    today = clock.today()
    live = Q(ended_at=None) & (Q(until=None) | Q(until__gte=today))
    ends = list(Holding.objects.filter(live, person=person, cell__unit=unit).values_list("until", flat=True))
    if None in ends:
        return
    last = max((day for day in ends if day), default=None)
    for one in Appointment.objects.filter(live, _post(person, unit)).order_by("since"):
        if last is None or last < one.since:
            relieve(one, by=by)
        elif one.until is None or one.until > last:
            relieve(one, by=by, until=last)


def _post(person: User, unit: Unit) -> Q:
    return Q(person=person, unit=unit, role=ROLE)
