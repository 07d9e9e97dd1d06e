"""What beat wakes."""

from celery import shared_task

from . import delivery, reconciling


@shared_task
def deliver() -> None:
    """Sends what other systems are owed; running it twice, or many at once, sends nothing twice."""
    delivery.deliver()


@shared_task
def reconcile() -> None:
    """Compares with what other systems say they have, once a day each."""
    reconciling.reconcile()
