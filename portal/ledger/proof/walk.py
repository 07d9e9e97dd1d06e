"""A walk over every chain: events, sealed heads and holders read side by side in the order of their addresses.

Runs in the process that verifies or in others beside it, over one and the same snapshot, so it knows no Django.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from .chain import Calendar, Finding, flaw

BATCH = 5_000  # rows fetched at a time

_EVENTS = """
select address, seq, verb, who, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
       facts::text, before, digest
from ledger_event where address >= %(low)s and (%(high)s = '' or address < %(high)s) order by address, seq
"""
_HEADS = """
select address, seq, digest, seal_id
from ledger_sealedhead where address >= %(low)s and (%(high)s = '' or address < %(high)s) order by address, seq
"""
_HOLDERS = """
select address, chain_seq, chain_head from ({holders}) holder
where address >= %(low)s and (%(high)s = '' or address < %(high)s) order by address
"""


@dataclass(frozen=True)
class Holders:
    """A table whose rows carry chains; `kind` is what their addresses begin with."""

    kind: str
    table: str
    key: str


@dataclass(frozen=True)
class Part:
    """The chains from the address `low` up to but not including `high` (blank: no end)."""

    holders: tuple[Holders, ...]
    calendar: Calendar
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Walked:
    """What a walk has seen, up to the first flaw if there is one."""

    events: int
    chains: int
    flaw: Finding | None = None


class Stream:
    """One sorted result, taken chain by chain."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self.address: str | None = None
        self._rows: Iterator[Any] = iter(())
        self._step()

    def take(self, address: str) -> list[Any]:
        """The rows of this address, if it is the next one."""
        if self.address != address:
            return []
        rows = list(self._rows)
        self._step()
        return rows

    def _step(self) -> None:
        self.address, self._rows = next(self._groups, (None, iter(())))


def walk(connection: Connection, part: Part) -> Walked:
    """Proves chain after chain; stops at the first flaw. The connection must be inside a transaction."""
    bounds = {"low": part.low, "high": part.high}
    streams = [
        Stream(_rows(connection, name, query, bounds))
        for name, query in (
            ("events", sql.SQL(_EVENTS)),
            ("heads", sql.SQL(_HEADS)),
            ("holders", _holders(part.holders)),
        )
    ]
    seen = chains = 0
    while addresses := [stream.address for stream in streams if stream.address is not None]:
        address = min(addresses)
        events, heads, holders = (stream.take(address) for stream in streams)
        found = flaw(address, events, heads, holders[0] if holders else None, part.calendar)
        seen, chains = seen + len(events), chains + bool(events)
        if found:
            return Walked(seen, chains, found)
    return Walked(seen, chains)


def walk_apart(parameters: dict[str, Any], snapshot: str, part: Part) -> Walked:
    """The same in a process of its own, over the snapshot another has exported."""
    connection = psycopg2.connect(**parameters)
    try:
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("set transaction snapshot %s", [snapshot])
            cursor.execute("set local statement_timeout = 0")
        return walk(connection, part)
    finally:
        connection.close()


def _rows(connection: Connection, name: str, query: sql.Composable, bounds: dict[str, str]) -> Iterator[Sequence[Any]]:
    with connection.cursor(name=f"ledger_{name}") as cursor:
        cursor.itersize = BATCH
        cursor.execute(query, bounds)
        yield from cursor


def _holders(holders: Sequence[Holders]) -> sql.Composable:
    tables = [
        sql.SQL('select ({kind} || {key}) collate "C" as address, chain_seq, chain_head from {table}').format(
            kind=sql.Literal(f"{one.kind}:"), key=sql.Identifier(one.key), table=sql.Identifier(one.table)
        )
        for one in holders
    ]
    return sql.SQL(_HOLDERS).format(holders=sql.SQL(" union all ").join(tables))
