"""A deliverer in a process of its own, to be killed: `deliverer.py DATABASE WHAT`.

`before` and `after` stop for good right before or after the message is written; `storm` runs three deliverers and kills
one of them at random moments, thirty times, then lets the rest finish.
"""

import os
import random
import signal
import sys
import time
from datetime import timedelta

import django
from django.conf import settings

KILLS = 30
WORKERS = 3


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
    from portal.notices import delivery
    from portal.notices.channels.file import File

    write = File.send

    def send(*args: object) -> None:
        time.sleep(0.004)
        write(*args)
        time.sleep(0.004)

    File.send = send
    delivery.LEASE = timedelta(seconds=1)
    while True:
        delivery.deliver()
        time.sleep(0.01)


def storm() -> None:
    workers = [fork() for _ in range(WORKERS)]
    for _ in range(KILLS):
        time.sleep(random.uniform(0.02, 0.12))
        unlucky = workers.pop(random.randrange(WORKERS))
        os.kill(unlucky, signal.SIGKILL)
        os.waitpid(unlucky, 0)
        workers.append(fork())
    finish()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


def fork() -> int:
    pid = os.fork()
    if not pid:
        work()
    return pid


def finish() -> None:
    from portal.notices.models import Delivery

    for _ in range(600):
        if not Delivery.objects.filter(state="waiting").exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    if sys.argv[2] == "storm":
        storm()
    else:
        stop_around_the_message(sys.argv[2])
