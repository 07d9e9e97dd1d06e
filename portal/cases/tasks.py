"""What beat wakes; running it twice at once does no harm."""

from celery import shared_task

from . import keys
from .sweep import sweep as run


@shared_task
def sweep() -> int:
    """One pass of the clock."""
    return run()


@shared_task
def forget() -> int:
    """Answers kept for requests sent twice are forgotten after a week."""
    return keys.forget()
