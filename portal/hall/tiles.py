"""The tiles of the home page: the doors somebody goes through each day stand open, the rest is folded by affair."""

from dataclasses import dataclass

from portal.orgs.access import holds_anywhere
from portal.orgs.models import User

from .shell import Group, Item, Shell

FEW, USUAL = 12, 8  # as many stand open; who has more sees the usual ones first


@dataclass(frozen=True)
class Tiles:
    """What stands open, what is folded below it by affair, and how many there are."""

    usual: tuple[Item, ...]
    further: tuple[Group, ...]
    count: int

    @classmethod
    def of(cls, shell: Shell, user: User) -> "Tiles":
        """First what one of the person's posts uses each day, then what is behind the ＋, then the rest in its order."""
        first = sorted(
            shell.doors,
            key=lambda door: (not holds_anywhere(user, *door[1].daily), not door[1].plus),
        )
        usual = tuple(item for _, _, item in first[: USUAL if len(first) > FEW else FEW])
        folded: dict[str, list[Item]] = {}
        for affair, _, item in shell.doors:
            if item not in usual:
                folded.setdefault(affair.title, []).append(item)
        return cls(usual, tuple(Group(title, tuple(items)) for title, items in folded.items()), len(first))
