"""What beat wakes; running it twice at once does no harm."""

from celery import shared_task

from .running import publish_due


@shared_task
def publish() -> int:
    """What is signed goes out at its moment."""
    return publish_due()
