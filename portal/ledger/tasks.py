"""What the clock wakes for the ledger."""

from celery import shared_task

from .sealing import seal as seal_days
from .witnesses import tell_witnesses


@shared_task
def seal() -> None:
    """Seals the days that are over, then sends the witnesses what they have not had. Harmless to run twice."""
    seal_days()
    tell_witnesses()
