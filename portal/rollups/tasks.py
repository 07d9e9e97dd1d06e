"""What beat wakes; running it twice at once does no harm."""

from celery import shared_task

from .folding import fold as run


@shared_task
def fold() -> int:
    """One pass over what has happened since the last."""
    return run()
