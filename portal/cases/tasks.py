"""What beat wakes; running it twice at once does no harm."""

from celery import shared_task

from .sweep import sweep as run


@shared_task
def sweep() -> int:
    """One pass of the clock."""
    return run()
