"""The ledger's arithmetic: one spelling and one digest for an event, a seal, a seal's root. Knows no Django."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_spell = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

Head = tuple[str, int, str]


def spell(at: datetime) -> str:
    """A moment as every digest and export writes it: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(address: str, seq: int, verb: str, who: str, at: datetime, facts: dict[str, Any], before: str) -> str:
    """SHA-256 over one canonical spelling: UTC time, sorted keys, no spaces, raw UTF-8."""
    return digest_of_spelled(address, seq, verb, who, spell(at), facts, before)


def digest_of_spelled(address: str, seq: int, verb: str, who: str, at: str, facts: dict[str, Any], before: str) -> str:
    """The same digest when the moment is already spelled, as the database can do faster."""
    return hashlib.sha256(_spell([address, seq, verb, who, at, facts, before]).encode()).hexdigest()


def root_of(heads: Iterable[Head]) -> str:
    """SHA-256 over the heads of a seal, one line each (`address seq digest`), in the order of their addresses."""
    root = hashlib.sha256()
    for address, seq, digest in heads:
        root.update(f"{address} {seq} {digest}\n".encode())
    return root.hexdigest()


def seal_body(*, day: str, before: str, count: int, events: int, root: str, made_at: str, public_key: str) -> bytes:
    """What is signed in a seal: everything it says, naming the seal before it."""
    return _spell(
        {
            "day": day,
            "before": before,
            "count": count,
            "events": events,
            "root": root,
            "made_at": made_at,
            "public_key": public_key,
        }
    ).encode()


def digest_of_body(body: bytes) -> str:
    """The name of a seal, by which the next one and every outsider know it."""
    return hashlib.sha256(body).hexdigest()
