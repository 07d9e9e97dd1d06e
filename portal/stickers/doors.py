"""Where a scan leads: the affairs' own doors, and whatever else an affair offers for this sticker at this moment."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.apps import apps
from django.urls import reverse

from portal.apps import Entry, SchoolApp
from portal.orgs.access import holds_anywhere
from portal.orgs.models import User

from .models import Sticker
from .queries import welcomes


@dataclass(frozen=True)
class Door:
    """One thing to do after a scan; with `posts` its button does it at once (the code goes along as `code`)."""

    title: str
    icon: str
    url: str
    note: str = ""
    posts: bool = False


Finder = Callable[[Sticker, User], Iterable[Door]]
_finders: list[Finder] = []


def on_scan(function: Finder) -> Finder:
    """Registers who offers more for a sticker: `function(sticker, person)` gives doors, shown before the others."""
    _finders.append(function)
    return function


def doors(sticker: Sticker, *, by: User) -> tuple[list[Door], list[Door]]:
    """What this person may do here: what presses at this moment, and the forms anybody may fill in."""
    pressing = [door for function in _finders for door in function(sticker, by)]
    return pressing, doors_at(sticker.asked, by=by)


def doors_at(asked: dict[str, str], *, by: User, but: str = "") -> list[Door]:
    """The forms of this place (and thing) that are open to a person, without the one at the address `but`."""
    found = [entry for entry in _scanned() if not entry.roles or holds_anywhere(by, *entry.roles)]
    addresses = [(entry, reverse(entry.url_name)) for entry in found]
    query = urlencode(asked)
    return [Door(entry.title, entry.icon, f"{url}?{query}") for entry, url in addresses if url != but]


def visitor_doors(sticker: Sticker) -> list[Door]:
    """What somebody who is not signed in may do here: nothing, unless the school allows it."""
    if not welcomes(sticker.unit.school):
        return []
    return [
        Door(entry.title, entry.icon, reverse(entry.visitors, args=[sticker.code]))
        for entry in _scanned()
        if entry.visitors
    ]


def _scanned() -> Iterator[Entry]:
    for app in apps.get_app_configs():
        if isinstance(app, SchoolApp):
            yield from (entry for entry in app.entries if entry.scan)
