"""What the beat wakes in this room."""

from celery import shared_task

from . import actions


@shared_task
def purge() -> None:
    """Clears away uploads that were never used; running it twice, or twice at once, removes nothing else."""
    actions.purge()
