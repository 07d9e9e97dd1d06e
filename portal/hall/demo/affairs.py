"""What an affair's `demo` module says; the portal finds it by name and knows nothing else of it."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

from django.apps import apps

from portal.apps import SchoolApp
from portal.hall.demo_accounts import DemoAccount, offer

from .cast import HEADS, PEOPLE, Account, Opening

if TYPE_CHECKING:
    from .district import District
    from .stage import Stage


class AffairDemo(Protocol):
    """An affair's own life: its named accounts, the posts it needs at schools, and what happens there."""

    ACCOUNTS: tuple[Account, ...]

    def openings(self, codes: Sequence[str]) -> list[Opening]:
        """Posts to be filled at these schools, besides its accounts."""

    def begin(self, district: "District", stage: "Stage") -> None:
        """Puts its stories on the stage; the clock stands at the first day."""

    def summary(self) -> str:
        """How much life there was, in a few English words for the console."""


def affair_demos() -> Iterator[AffairDemo]:
    """The `demo` module of every affair that has one, in the order of the settings."""
    for app in apps.get_app_configs():
        if isinstance(app, SchoolApp) and find_spec(f"{app.name}.demo"):
            yield cast(AffairDemo, import_module(f"{app.name}.demo"))


def accounts() -> list[Account]:
    """The whole cast, in the order of the sign-in page: who reports, who does the work, who answers for it."""
    return [*PEOPLE, *(one for demo in affair_demos() for one in demo.ACCOUNTS), *HEADS]


def take_stage() -> None:
    """Offers the cast on the sign-in page."""
    offer(DemoAccount(one.username, one.name, one.post) for one in accounts())
