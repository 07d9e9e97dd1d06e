"""Photographs of repairs for the demo."""

from portal.evidence.models import Piece
from portal.hall.demo import album
from portal.hall.demo.chance import Chance
from portal.orgs.models import User

from .scenes import SCENES

TELLING = {"lamp", "board", "computer", "fridge", "exitlight", "elevator", "sign", "paper"}  # not to be seen mirrored


class Album(album.Album):
    """Takes photographs of what breaks in schools, and of paper job sheets."""

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance, SCENES, telling=TELLING)

    def sheet(self, *, by: User) -> Piece:
        """A photo of a paper job sheet."""
        return self.after("paper", by=by)
