"""What higher rooms hear of every case: it has just entered a state, or been opened in one."""

from collections.abc import Callable

from .models import Case

Listener = Callable[[Case], None]
_listening: list[Listener] = []


def on_entered(listener: Listener) -> Listener:
    """Registers what must follow when a case enters a state; called with the case in the same transaction, still locked.

    What it raises undoes the step; a listener that is for some kinds only asks nothing of the database for the others.
    """
    _listening.append(listener)
    return listener


def entered(case: Case, target: str | None) -> None:
    """Tells them all; a step without a target leaves the case where it is, and nobody hears of it."""
    for listener in _listening if target else ():
        listener(case)
