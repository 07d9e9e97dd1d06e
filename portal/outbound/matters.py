"""What an affair has to report to other systems: it registers one `Matter` for a kind of case, in its `flow` or beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Moment:
    """Something to be reported: a case has entered one of these states. `code` is what the other system is told."""

    code: str
    title: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """What one kind of case says to other systems.

    `sorts` are what a system may choose among (grades, say), `sort_of` says which a case is, `moments` what may be
    reported, the first of them the one that begins the record: a case that stands in one of the `owing` states and was
    never reported owes it. `content` gives plain values (texts, numbers, days), with `columns` for their Excel headings;
    names of people, phones and free words do not leave the house. Cases of a closed circle are never reported.
    """

    kind: str
    title: str
    sorts: Mapping[str, str]
    sort_of: Callable[[Any], str]
    moments: Sequence[Moment]
    owing: tuple[str, ...]
    content: Callable[[Any], Mapping[str, str | int | None]]
    columns: Mapping[str, str]

    def moment_of(self, state: str) -> Moment | None:
        """What entering this state is to other systems."""
        return next((one for one in self.moments if state in one.states), None)

    def moment_title(self, code: str) -> str:
        """A moment in words."""
        return next((one.title for one in self.moments if one.code == code), code)


MATTERS: dict[str, Matter] = {}


def report(matter: Matter) -> Matter:
    """Registers a matter under its kind of case; cases of that kind can from now on be reported."""
    MATTERS[matter.kind] = matter
    return matter
