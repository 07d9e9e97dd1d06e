"""What beat wakes; running it twice at once does no harm."""

from celery import shared_task

from .actions import close_due


@shared_task
def close() -> int:
    """Closes the surveys whose end has come."""
    return close_due()
