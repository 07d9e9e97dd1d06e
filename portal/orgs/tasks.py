"""What beat wakes in this room."""

from celery import shared_task

from . import sessions


@shared_task
def forget_sessions() -> int:
    """Sessions that are over are deleted; running it twice, or twice at once, deletes nothing else."""
    return sessions.forget()
