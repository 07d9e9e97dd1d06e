"""What an affair says about itself to the portal."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


@dataclass(frozen=True)
class Role:
    """A post people hold at a unit and so at everything below it.

    `reads` names the kinds of case it sees there (`repairs.` is a prefix, `*` is all ordinary kinds), `circles` the
    closed circles it belongs to, `conflicts` the roles one person may not hold beside it at one place, `keeps` what of the
    portal's own it looks after there (`stickers`). `figures`: it also sees how those kinds stand there, summed up.
    `given_by` names the roles that give and take it at their places, beside the admin.
    """

    code: str
    title: str
    reads: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    second_factor: bool = False
    keeps: tuple[str, ...] = ()
    figures: bool = False
    given_by: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Entry:
    """A door into the affair: in the menu, on the home page's tiles, behind the plus button.

    With `scan` it opens from a sticker too, its place filled in (`?at=`); `visitors` names the page for those who scan
    without signing in, at an address that takes the sticker's code. `daily` names the posts that go through it each day:
    theirs stand first among the tiles.
    """

    title: str
    icon: str
    url_name: str
    plus: bool = False
    scan: bool = False
    visitors: str = ""
    roles: tuple[str, ...] = ()
    daily: tuple[str, ...] = ()


class SchoolApp(AppConfig):
    """An affair: its title, icon, roles and doors; its flow, figures, publications and what it reports to other systems are loaded by name when the portal starts."""

    default = False  # this class is no app itself; every affair's subclass is its app's default

    title = ""
    icon = ""
    roles: tuple[Role, ...] = ()
    entries: tuple[Entry, ...] = ()

    def __init_subclass__(cls) -> None:
        """Makes the affair its folder's app."""
        cls.default = True

    def ready(self) -> None:
        """Loads what the spine needs to know of the affair."""
        for part in ("flow", "actions", "figures", "publications", "outbound"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
