"""How tries slow down and never lock: each key's tries leak away with time, counted in PostgreSQL in one statement."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from portal import clock

from .models import Attempts

KEPT = timedelta(days=2)  # longer than any level takes to leak away
STEPS = 10  # a level never rises further than this above the free tries, so that it leaks away again soon


@dataclass(frozen=True)
class Pace:
    """`free` tries at once, then a wait of `first` seconds, doubling up to `longest`; one forgiven per `forgive` s."""

    free: int
    first: int
    longest: int
    forgive: int

    def after(self, level: float) -> int:
        """The wait in seconds after a try that brought the key to this level."""
        beyond = round(level) - self.free
        return 0 if beyond < 0 else min(self.longest, self.first * 2**beyond)


# One statement: whoever comes while the key is shut changes nothing, so fifty tries at once are one try.
RAISE = """
    insert into orgs_attempts as a (key, level, last_at, open_at)
    values (%(key)s, 1, %(now)s, %(now)s + make_interval(secs => case when 1 < %(free)s then 0 else %(first)s end))
    on conflict (key) do update set (level, last_at, open_at) = (
        select level, at, at + make_interval(secs => case when round(level) < %(free)s then 0
            else least(%(longest)s, %(first)s * power(2, round(level) - %(free)s)) end)
        from (select excluded.last_at as at, least(%(free)s + %(steps)s, 1 + greatest(0,
            a.level - greatest(0, extract(epoch from excluded.last_at - a.last_at)) / %(forgive)s)) as level) as risen)
    where %(always)s or a.open_at <= excluded.last_at
    returning level
"""


def key_of(*parts: object) -> str:
    """The stored key: a keyed digest, because what people type as a name may be their password."""
    return salted_hmac("portal.orgs.throttle", "|".join(map(str, parts)), algorithm="sha256").hexdigest()


def take(key: str, pace: Pace) -> int:
    """Takes one try, if the key is open: 0, or the seconds to wait when it is shut."""
    return 0 if _raise(key, pace, always=False) is not None else max(1, waiting(key))


def blame(key: str, pace: Pace) -> None:
    """Raises a level that shuts nobody out by itself: the heat that makes newcomers wait."""
    _raise(key, pace, always=True)


def heat(pace: Pace, key: str) -> int:
    """The seconds a newcomer waits at this level, as it has leaked by now."""
    row = Attempts.objects.filter(key=key).first()
    if row is None:
        return 0
    return pace.after(row.level - (clock.now() - row.last_at).total_seconds() / pace.forgive)


def appoint_time(key: str, wait: int, pace: Pace) -> int:
    """Gives a newcomer the moment from which one try is heard for certain; a moment once given stays."""
    now = clock.now()
    Attempts.objects.bulk_create(
        [Attempts(key=key, level=pace.free - 1, last_at=now, open_at=now + timedelta(seconds=wait))],
        ignore_conflicts=True,
    )
    return wait


def met(key: str) -> bool:
    """Whether this key has been seen lately."""
    return Attempts.objects.filter(key=key).exists()


def forgive(key: str) -> None:
    """A right answer: what went wrong before it no longer counts."""
    Attempts.objects.filter(key=key).delete()


def waiting(key: str) -> int:
    """The seconds until the key's next try is heard."""
    open_at = Attempts.objects.filter(key=key).values_list("open_at", flat=True).first()
    return max(0, ceil((open_at - clock.now()).total_seconds())) if open_at else 0


def purge() -> int:
    """Deletes counts that no longer matter; each signing in calls it."""
    return Attempts.objects.filter(last_at__lt=clock.now() - KEPT).delete()[0]


def _raise(key: str, pace: Pace, *, always: bool) -> float | None:
    facts: dict[str, Any] = {
        "key": key,
        "now": clock.now(),
        "free": pace.free,
        "first": pace.first,
        "longest": pace.longest,
    }
    with connection.cursor() as cursor:
        cursor.execute(RAISE, facts | {"forgive": pace.forgive, "steps": STEPS, "always": always})
        row = cursor.fetchone()
    return row[0] if row else None
