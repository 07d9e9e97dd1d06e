"""Chance that repeats itself: the same seed gives the same district, so that tests can count it."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
SEED = 20260901


class Chance(Random):
    """Draws for people and their days."""

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of all cases happens now."""
        return self.random() < share

    def around(self, middle: float) -> float:
        """A positive figure that is mostly near `middle`, sometimes half of it, now and then three times."""
        return middle * self.lognormvariate(0, 0.5)

    def deal(self, cards: Sequence[T], count: int) -> list[T]:
        """So many cards, shuffled; every card comes up before any comes up twice."""
        dealt: list[T] = []
        while len(dealt) < count:
            dealt += self.sample(cards, len(cards))
        return dealt[:count]
