"""Quiet hours: from 21:00 to 07:00 in China only what is urgent leaves the inbox."""

from datetime import datetime, time, timedelta

from portal.clock import SCHOOL_TIME

EVENING = time(21, 0)
MORNING = time(7, 0)


def is_quiet(moment: datetime) -> bool:
    """Whether people are left in peace at this moment; 21:00 is, 07:00 is not."""
    hour = moment.astimezone(SCHOOL_TIME).time()
    return hour >= EVENING or hour < MORNING


def after_quiet(moment: datetime) -> datetime:
    """The moment itself, or 07:00 of the morning that ends the quiet hours it falls in."""
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(SCHOOL_TIME)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, SCHOOL_TIME)
