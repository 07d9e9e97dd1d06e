"""What happens in the district beside its affairs: absences, and heads who acknowledge what rises to them."""

from datetime import datetime, time, timedelta

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, Escalation
from portal.clock import SCHOOL_TIME
from portal.orgs.actions import record_absence
from portal.orgs.models import User

from .district import District
from .stage import Stage, Story

HEARD = 0.65  # of what rises is acknowledged
AWAY = "HW01"  # whose principal is away this week


def begin(district: District, stage: Stage) -> None:
    """Puts the absences on the stage, and lets heads hear what rises."""
    if district.has(AWAY):
        monday = stage.until.astimezone(SCHOOL_TIME).date()
        monday -= timedelta(days=monday.weekday())
        away = datetime.combine(monday, time(7, 20), SCHOOL_TIME)
        stage.add(min(away, stage.until - timedelta(minutes=30)), _away(district))
    ears = Ears(district, stage)
    stage.risen.append(ears.hear)


def _away(district: District) -> Story:
    """A principal is away this week; the vice-principal acts for them."""
    school = district.schools[AWAY]
    head, substitute = (district.person(school.holder(role)) for role in ("principal", "vice_principal"))
    today = clock.today()
    record_absence(
        person=head, substitute=substitute, since=today, until=today + timedelta(days=7 - today.isoweekday()), by=head
    )
    district.wake_up()
    yield from ()


class Ears:
    """Hears every rung that fires; most heads acknowledge within an hour of daylight, some do not."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage = district, stage
        self.last = 0

    def hear(self) -> None:
        """Those told by new rungs will acknowledge them in a while."""
        for one in Escalation.objects.filter(pk__gt=self.last).exclude(ack_by=None).order_by("pk"):
            self.last = one.pk
            chance = self.district.chance
            if one.told and chance.happens(HEARD):
                when = self.district.hours.awake(one.at + timedelta(minutes=chance.around(25)))
                self.stage.add(when, self._acknowledge(one.case_id, one.role, chance.choice(one.told)))

    def _acknowledge(self, case: int, role: str, person: int) -> Story:
        holder = Case.objects.get(pk=case)
        told = Escalation.objects.filter(case=case, acknowledged_at=None, told__contains=[person]).exists()
        if holder.is_open and told and (case, role) not in self.stage.unheard:
            by = User.objects.get(pk=person)
            move(holder, "acknowledge", by=by)
        yield from ()
