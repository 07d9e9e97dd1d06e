"""How schools deal with repairs: most of them well enough, one excellently, one badly."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Character:
    """Usual minutes until the desk answers, until somebody comes, and for the work; how four to two stars are given.

    `on_duty`: pressing things are dealt with in the evening and at weekends, too. `load` is its share of all tickets:
    schools that people of the cast belong to have more of them than others.
    """

    desk: float = 20
    way: float = 75
    work: float = 45
    stars: tuple[int, int, int, int] = (55, 33, 9, 3)
    on_duty: bool = True
    load: int = 4


USUAL = Character()
CHARACTERS = {
    "LX01": Character(desk=16, way=60, load=16),
    "SM01": Character(desk=280, way=520, work=160, stars=(8, 27, 35, 30), on_duty=False, load=8),
    "YG01": Character(desk=14, way=50, load=9),
    "YT01": Character(desk=55, way=210, work=80, stars=(25, 40, 25, 10), on_duty=False, load=5),
    "SY01": Character(desk=5, way=18, work=28, stars=(90, 10, 0, 0), load=5),
    "ZJ01": Character(desk=28, way=110, load=5),
    "LX02": Character(load=2),
    "YE01": Character(load=2),
    "HW01": Character(way=120, load=3),
    "BL01": Character(way=130, load=3),
}


def character_of(code: str) -> Character:
    """How the school of this code deals with repairs."""
    return CHARACTERS.get(code, USUAL)
