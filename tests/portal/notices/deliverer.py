"""A deliverer in a process of its own, to be killed: `deliverer.py DATABASE WHAT`.

`before` and `after` stop for good right before or after the message is written; `storm` runs three deliverers and kills
one of them at random moments, thirty times, then lets the rest finish.
"""

import sys
import time
from datetime import timedelta

import django
from django.conf import settings

from tests.chaos.processes import Storm, Watch
from tests.chaos.sizes import SIZES

KILLS = SIZES.deliverer_kills
WORKERS = 3
WAITING = "select exists(select from notices_delivery where state = 'waiting')"


def stop_around_the_message(when: str) -> None:
    from portal.notices.channels.file import File
    from portal.notices.delivery import deliver

    write = File.send

    def send(*args: object) -> None:
        if when == "after":
            write(*args)
        print("sending", flush=True)
        time.sleep(600)

    File.send = send
    deliver()


def work() -> None:
    """Sends for ever, slowly enough to be killed before, while and after writing."""
    from portal import outbox
    from portal.notices import delivery
    from portal.notices.channels.file import File

    write = File.send

    def send(*args: object) -> None:
        time.sleep(0.004)
        write(*args)
        time.sleep(0.004)

    File.send = send
    outbox.LEASE = timedelta(seconds=1)
    while True:
        delivery.deliver()
        time.sleep(0.01)


def storm() -> None:
    from django.db import connection

    watch = Watch(connection.get_connection_params())
    toll = Storm(work, WORKERS, KILLS, watch).rage(until=lambda: not watch.ask(WAITING))
    sys.exit(toll.crashed)


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    if sys.argv[2] == "storm":
        storm()
    else:
        stop_around_the_message(sys.argv[2])
