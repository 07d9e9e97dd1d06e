"""Proving the whole ledger: every event, chain and seal, and what other rooms have put under its protection."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from multiprocessing import get_context
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from . import keys
from .models import Chained, Event, Seal
from .proof import seals as proof
from .proof.chain import Calendar, Finding
from .proof.walk import Holders, Part, Walked, walk, walk_apart

__all__ = ["Checked", "Finding", "Proof", "lacking", "prove", "verify"]

_PATIENCE = ["statement_timeout", "idle_in_transaction_session_timeout"]
_SAMPLE = """
select address from ledger_event where id in (select n * %s / 1000 from generate_series(1, 1000) n) order by address
"""
WORTH_A_PROCESS = 100_000  # events; below, starting one takes longer than it saves


@dataclass(frozen=True)
class Checked:
    """What a room's own check has looked at, and the first thing it found wrong."""

    count: int
    flaw: Finding | None = None


@dataclass(frozen=True)
class Proof:
    """What was proved, up to the first flaw; `others` counts what each registered check looked at."""

    flaw: Finding | None = None
    events: int = 0
    chains: int = 0
    seals: int = 0
    until: date | None = None
    others: dict[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return self.flaw is None


_checks: dict[str, Callable[[], Checked]] = {}


def prove(name: str, check: Callable[[], Checked]) -> None:
    """Registers a room's own check, run by every `verify` over the same view of the data; `name` is shown (照片)."""
    if _checks.setdefault(name, check) is not check:
        raise RuntimeError(f"two checks are called {name}")


def lacking(these: str, those: str) -> tuple[Any, ...] | None:
    """The first row that one question of a room's own check answers and the other does not; None where none is lacking."""
    with connection.cursor() as cursor:
        cursor.execute(f"({these}) except all ({those}) order by 1, 2 limit 1")
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def verify(*, saved: Iterable[str] | None = None, processes: int = 1, overdue: bool = True) -> Proof:
    """Proves everything over one consistent view, while the portal goes on working; stops at the first flaw.

    `saved` are the lines of an outsider's copy of the seals. `overdue=False` does not ask whether every past day is
    sealed (for tests that live through days without a sealer).
    """
    copy = proof.read_saved(saved) if saved is not None else []
    processes = 1 if connection.in_atomic_block else processes  # other processes would not see what is not committed
    with _one_view():
        seals = list(Seal.objects.order_by("day"))
        trusted = keys.trusted() | {one["public_key"] for one in copy}
        found = (
            proof.flaw_in_seals(seals, trusted) or proof.flaw_against_copy(seals, copy) or proof.flaw_in_heads(seals)
        )
        until = seals[-1].day if seals else None
        if found:
            return Proof(found, seals=len(seals), until=until)
        walked = _walk(proof.calendar_of(seals), processes)
        found, others = (walked.flaw, {}) if walked.flaw else _others()
        if overdue and not found:  # last, so that a sealer asleep hides nothing worse
            found = proof.overdue(seals)
    return Proof(found, walked.events, walked.chains, len(seals), until, others)


def holders() -> tuple[Holders, ...]:
    """Every table whose rows carry chains; children of such a table (a Ticket of a Case) write to its chains."""
    owners = {model.chain_owner() for model in apps.get_models() if issubclass(model, Chained)}
    found = (Holders(one._chain_kind(), one._meta.db_table, str(one._meta.pk.column)) for one in owners)
    return tuple(sorted(found, key=lambda one: one.kind))


@contextmanager
def _one_view() -> Iterator[None]:
    """Reads all as of one moment, so that work going on meanwhile is no false alarm; within a transaction, as it is."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("select set_config(name, '0', true) from unnest(%s) name", [_PATIENCE])
        yield


def _walk(calendar: Calendar, processes: int) -> Walked:
    bounds = _bounds(processes)
    parts = [Part(holders(), calendar, low, high) for low, high in zip(["", *bounds], [*bounds, ""], strict=True)]
    if len(parts) == 1:
        return walk(connection.connection, parts[0])
    parameters = {name: one for name, one in connection.get_connection_params().items() if name != "cursor_factory"}
    with connection.cursor() as cursor:
        cursor.execute("select pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        walked = list(pool.map(walk_apart, repeat(parameters), repeat(snapshot), parts))
    found = next((one.flaw for one in walked if one.flaw), None)
    return Walked(sum(one.events for one in walked), sum(one.chains for one in walked), found)


def _bounds(processes: int) -> list[str]:
    """Addresses that cut the ledger into about equal parts, by a sample; none where another process is not worth it."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if processes < 2 or last < WORTH_A_PROCESS:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, [last])
        sample = [address for (address,) in cursor.fetchall()]
    return sorted({sample[len(sample) * part // processes] for part in range(1, processes)})


def _others() -> tuple[Finding | None, dict[str, int]]:
    seen: dict[str, int] = {}
    for name, check in sorted(_checks.items()):
        checked = check()
        seen[name] = checked.count
        if checked.flaw:
            return checked.flaw, seen
    return None, seen
