"""Sweepers in a process of their own, to be killed: `sweeper.py DATABASE`.

For each line with a number on its input three of them sweep, and so many times one of them is killed; once nothing is
due any more, one line of JSON says what it took.
"""

import sys
import time
from functools import partial

import django
from django.conf import settings

from tests.chaos.processes import storms

SWEEPERS = 3
BATCH = 4  # rows in one transaction: small, so that there are many to be killed in
DUE = """
select exists(select from cases_deadline where done_at is null and paused_at is null and next_rung_at <= now())
    or exists(select from cases_schedule where is_on and next_at <= now())
"""


def work() -> None:
    """Sweeps for ever."""
    from portal.cases import sweep

    sweep.BATCH = BATCH
    sweep.open_due = partial(sweep.open_due, BATCH)
    while True:
        sweep.sweep()
        time.sleep(0.005)


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    storms(work, SWEEPERS, DUE)
