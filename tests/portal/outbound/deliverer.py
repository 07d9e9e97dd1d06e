"""Three deliverers in processes of their own, killed at random moments: `deliverer.py DATABASE`; then the rest finish."""

import sys
import time
from datetime import timedelta

import django
from django.conf import settings

from tests.chaos.processes import Storm, Watch

KILLS, WORKERS = 12, 3
WAITING = "select exists(select from outbound_report where state = 'waiting')"


def work() -> None:
    """Sends for ever, impatiently: no rest, no long waits, short leases."""
    from portal import outbox
    from portal.outbound import delivery

    outbox.LEASE = timedelta(seconds=1)
    object.__setattr__(delivery.PACE, "least", timedelta(milliseconds=20))
    object.__setattr__(delivery.PACE, "most", timedelta(milliseconds=100))
    object.__setattr__(delivery.REST, "least", timedelta(milliseconds=1))
    object.__setattr__(delivery.REST, "most", timedelta(milliseconds=20))
    object.__setattr__(delivery.PACE, "attempts", 10_000)
    while True:
        delivery.deliver(limit=5)
        time.sleep(0.01)


def storm() -> None:
    """Kills, then waits until nothing waits."""
    from django.db import connection

    watch = Watch(connection.get_connection_params())
    toll = Storm(work, WORKERS, KILLS, watch).rage(until=lambda: not watch.ask(WAITING))
    sys.exit(toll.crashed)


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    storm()
