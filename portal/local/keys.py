"""Secrets made once and kept in files that only this user may read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file at `path` (mode 0600), made the first time."""
    if not path.exists():
        unfinished = path.with_suffix(".new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        unfinished.rename(path)
    return path.read_text()


def password() -> str:
    """A secret fit for an address: letters, digits, - and _ (256 bits)."""
    return secrets.token_urlsafe(32)


def secret_key() -> str:
    """A secret for Django's signatures (512 bits)."""
    return secrets.token_urlsafe(64)


def seal_key() -> str:
    """A private Ed25519 key as the settings take it: its 32 bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
