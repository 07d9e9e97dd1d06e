"""The accounts a demo's sign-in page offers; the demo district puts its cast in here when the portal starts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class DemoAccount:
    """One tap on the sign-in page: who it is and, in a few words, what they do ("教师、班主任")."""

    username: str
    name: str
    post: str

    @property
    def surname(self) -> str:
        """The sign in the round badge."""
        return self.name[:1]


ACCOUNTS: list[DemoAccount] = []


def offer(accounts: Iterable[DemoAccount]) -> None:
    """Adds accounts in the order they are shown; an account offered before keeps its place."""
    ACCOUNTS.extend(one for one in accounts if one not in ACCOUNTS)


def offered() -> list[DemoAccount]:
    """The accounts to show: none outside a demo."""
    return list(ACCOUNTS) if settings.DEMO else []
