"""What beat wakes; running it twice at once does no harm."""

from celery import shared_task

from . import keys, routines
from .sweep import sweep as run


@shared_task
def sweep() -> int:
    """One pass of the clock."""
    return run()


@shared_task
def forget() -> int:
    """Answers kept for requests sent twice are forgotten after a week."""
    return keys.forget()


@shared_task
def arrange() -> int:
    """What comes again by itself is planned wherever it should come, at schools opened or closed since too."""
    return routines.arrange()
