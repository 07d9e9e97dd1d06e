"""What higher rooms hear of every case: it was opened, or a step has just changed it."""

from collections.abc import Callable

from .flow import Step
from .models import Case

Listener = Callable[[Case, str | None], None]
_listening: list[Listener] = []


def on_changed(listener: Listener) -> Listener:
    """Registers what must follow a change of a case; called as `listener(case, entered)`, the case still locked.

    `entered` is the state it has come into by this step, none where it stays. In the same transaction: what it raises
    undoes the step. A listener that is for some kinds only asks nothing of the database for the others.
    """
    _listening.append(listener)
    return listener


def changed(case: Case, step: Step, entered: str | None) -> None:
    """Tells them all; a step of words alone changes nothing, and nobody hears of it."""
    for listener in _listening if step.changes else ():
        listener(case, entered)
