"""What breaks in schools, where, and how people say so."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.hall.demo.chance import Chance
from portal.orgs.models import Unit
from repairs.queries import Topic, topics


@dataclass(frozen=True)
class Fault:
    """A kind of damage: its topic and item, the picture that shows it, rooms in whose names one of `where` stands.

    `words` are what reporters write, `done` what technicians do, `back` what is still wrong, `part` what they need.
    """

    topic: str
    item: str
    scene: str
    where: tuple[str, ...]
    words: tuple[str, ...]
    done: tuple[str, ...]
    back: str
    part: str

    @property
    def kind(self) -> Topic:
        """Its topic with priority and times."""
        return topics()[self.topic]

    def fits(self, place: Unit) -> bool:
        """Whether this breaks at such a place."""
        return any(word in place.name for word in self.where)


@cache
def faults() -> tuple[Fault, ...]:
    """Every kind of damage."""
    rows = json.loads((Path(__file__).parent / "faults.json").read_text(encoding="utf-8"))
    lists = ("where", "words", "done")
    return tuple(Fault(**row | {name: tuple(row[name]) for name in lists}) for row in rows)


class Deck:
    """Deals damage: every kind comes up before any comes up twice, and no sentence is said twice about one place."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self._cards: list[tuple[Fault, str]] = []
        self._said: set[tuple[int, str]] = set()

    def draw(self, places: list[Unit], *, urgent: bool = False) -> tuple[Fault, Unit, str]:
        """A fault, a place of these where it happens, and the words; `urgent` leaves out what can wait."""
        for _ in range(2000):
            if not self._cards:
                self._cards = [(fault, words) for fault in faults() for words in fault.words]
                self.chance.shuffle(self._cards)
            fault, words = self._cards.pop()
            fitting = [one for one in places if fault.fits(one) and (one.pk, words) not in self._said]
            if fitting and (fault.kind.priority < 3 or not urgent):
                place = self.chance.choice(fitting)
                self._said.add((place.pk, words))
                return fault, place, words
        raise ValueError("nothing breaks here")
