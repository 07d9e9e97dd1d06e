"""When people do things: in school hours, or at least while they are awake."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from portal.clock import SCHOOL_TIME
from portal.worktime.calendars import Calendars
from portal.worktime.spans import Measure, Span

MORNING, EVENING = time(6, 40), time(21, 20)
LONGEST_WAIT = timedelta(days=4)  # longer, and somebody is on duty although there is no school
STEP = timedelta(minutes=10)


class Hours:
    """The hours of one district; the calendar is read once, when it has been set up."""

    def __init__(self) -> None:
        self.calendars = Calendars()

    def at_work(self, path: str, moment: datetime, minutes: float) -> datetime:
        """The moment so many minutes of school time later; in holidays people on duty do it by daylight."""
        calendar = self.calendars.of(path)
        when = calendar.add(moment, Span(Decimal(max(1, round(minutes))) / 60, Measure.HOURS))
        return when if when - moment < LONGEST_WAIT else self.awake(moment + timedelta(minutes=minutes))

    def awake(self, moment: datetime) -> datetime:
        """The moment itself by day; at night the next morning, not everything at the same minute."""
        local = moment.astimezone(SCHOOL_TIME)
        if MORNING <= local.time() <= EVENING:
            return local
        day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
        return datetime.combine(day, MORNING, SCHOOL_TIME) + timedelta(minutes=local.minute, seconds=local.second)

    def school_hours_before(self, path: str, until: datetime, hours: float, *, since: datetime) -> datetime | None:
        """A moment in school time with so many school hours between it and `until`; none when that is before `since`."""
        calendar, moment = self.calendars.of(path), until
        while moment >= since:
            moment -= STEP
            if calendar.between(moment, until, Measure.HOURS) >= Decimal(str(hours)):
                return moment
        return None

    def by_day(self, earliest: datetime, latest: datetime) -> datetime:
        """The latest moment between these two at which people are awake; the earliest when they sleep all the time."""
        moment = latest
        while moment > earliest:
            if self.awake(moment) == moment:
                return moment
            moment -= STEP
        return earliest

    def shares(self, since: datetime, until: datetime, count: int) -> list[datetime]:
        """So many moments between the two, in order and spread over the time people are awake."""
        lit = [since + STEP * n for n in range(1, max(2, int((until - since) / STEP)))]
        lit = [moment for moment in lit if self.awake(moment) == moment] or lit
        return [lit[min(len(lit) - 1, len(lit) * n // (count + 1))] for n in range(1, count + 1)]
