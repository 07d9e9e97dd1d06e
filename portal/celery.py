"""The worker and the beat: they wake the clock, and nothing else is scheduled anywhere."""

import logging
import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_init, worker_ready
from celery.worker.consumer import Consumer
from celery.worker.state import maybe_shutdown
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
logger = logging.getLogger(__name__)
app = Celery("sunlit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What beat wakes, when, and after how many seconds a wake-up nobody answered is worth nothing any more. Each task asks
# the database what is due, so a wake-up lost, late or doubled changes nothing.
WAKE_UPS = (
    ("portal.cases.tasks.sweep", timedelta(seconds=10), 10),
    ("portal.notices.tasks.deliver", timedelta(seconds=10), 10),
    ("portal.publications.tasks.publish", timedelta(seconds=10), 10),
    ("portal.rollups.tasks.fold", timedelta(seconds=20), 20),
    ("portal.outbound.tasks.deliver", timedelta(seconds=20), 20),
    ("portal.outbound.tasks.reconcile", timedelta(minutes=10), 600),
    ("portal.surveys.tasks.close", timedelta(minutes=1), 60),
    ("portal.ledger.tasks.seal", timedelta(minutes=10), 600),
    ("portal.cases.tasks.arrange", timedelta(minutes=10), 600),
    ("portal.evidence.tasks.purge", crontab(hour=3, minute=20), 3600),
    ("portal.cases.tasks.forget", crontab(hour=3, minute=40), 3600),
    ("portal.orgs.tasks.forget_sessions", crontab(hour=3, minute=50), 3600),
)
app.conf.beat_schedule = {
    task: {"task": task, "schedule": when, "options": {"expires": seconds}} for task, when, seconds in WAKE_UPS
}

app.conf.worker_consumer = "portal.celery:PromptConsumer"


class PromptConsumer(Consumer):
    """Asks for a lost broker every 5 s at most, however long it was away; Celery's own waits grow to half a minute."""

    def ensure_connected(self, conn: Connection) -> Connection:
        """The connection, as soon as the broker is there."""
        return conn.ensure_connection(
            lambda error, wait: logger.error("The broker is away, asking again in %s s: %s", wait, error),
            interval_start=1,
            interval_step=1,
            interval_max=5,
            callback=maybe_shutdown,
        )


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_: Any) -> None:
    """Ends a worker or beat that may not serve people: Celery lets a signal end it by SystemExit only."""
    from portal.local.safety import refuse_unsafe_start

    refuse_unsafe_start(SystemExit)


@worker_ready.connect
def wake_up_at_once(**_: Any) -> None:
    """What fell due while no worker ran is done as soon as one does, not at beat's next round."""
    for task, _when, seconds in WAKE_UPS:
        app.send_task(task, expires=seconds)
