"""Short codes as they stand on stickers: seven letters and digits, none of which looks like another."""

import secrets
from collections.abc import Callable, Collection

SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1
LENGTH = 7


def fresh(count: int, taken: Callable[[list[str]], Collection[str]]) -> list[str]:
    """So many new codes, different from each other; `taken` says which of some are in use."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {"".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(count - len(found))}
        found |= drawn - set(taken(list(drawn)))
    return sorted(found)


def read(typed: str) -> str:
    """The code in what was typed or scanned (spaces, dashes and capitals do not matter); nothing when it is none."""
    plain = "".join(sign for sign in typed.upper() if sign not in " -·")
    return plain if len(plain) == LENGTH and all(sign in SIGNS for sign in plain) else ""


def shown(code: str) -> str:
    """A code as people read it aloud: in two groups."""
    return f"{code[:3]}-{code[3:]}"
