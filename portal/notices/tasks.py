"""What beat wakes."""

from celery import shared_task

from . import delivery


@shared_task
def deliver() -> None:
    """Sends what is due; running it twice, or many at once, sends nothing twice."""
    delivery.deliver()
