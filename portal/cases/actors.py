"""Who can act on a case: a person, somebody without an account who holds a receipt code, or the clock."""

import hashlib
from dataclasses import dataclass

from portal.ledger.actions import ANONYMOUS, CLOCK
from portal.orgs.models import User


@dataclass(frozen=True)
class Receipt:
    """A reporter without an account: the code grants the opener's steps on one case, and nothing else."""

    digest: str

    @classmethod
    def of(cls, code: str) -> "Receipt":
        """From the code as it was typed; spaces, dashes and case do not matter."""
        plain = "".join(sign for sign in code.upper() if sign.isalnum())
        return cls(hashlib.sha256(plain.encode()).hexdigest())


Actor = User | Receipt | str


def ledger_name(by: Actor) -> User | str:
    """How the ledger names the actor."""
    return ANONYMOUS if isinstance(by, Receipt) else by


def is_clock(by: Actor) -> bool:
    """Whether the clock itself acts."""
    return by == CLOCK
