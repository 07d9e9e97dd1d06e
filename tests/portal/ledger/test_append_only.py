"""Nobody changes the ledger: not the app role, not the owner by accident, not by any switch of a session."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg2.errors import InsufficientPrivilege

from portal.ledger.models import Event
from portal.ledger.protection import TABLES, restrict

from .life import holders, live

ROLE = f"app_under_test_{os.getpid()}"  # roles belong to the whole server, so each test process has its own
CHANGES = {
    "update": "update {table} set {column} = {column}",
    "delete": "delete from {table}",
    "truncate": "truncate {table}",
}
COLUMN = {"ledger_event": "who", "ledger_seal": "root", "ledger_sealedhead": "digest", "ledger_witnessed": "witness"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("session", ["plain", "with session_replication_role = replica"])
def test_the_database_refuses_every_change_whatever_the_session(
    noon: None, table: str, change: str, session: str
) -> None:
    with connection.cursor() as cursor:
        witness_once(cursor)
        cursor.execute(f"alter table {table} enable always trigger {table}_no_truncate")  # the test database flushes
        if session != "plain":
            cursor.execute("set local session_replication_role = replica")
        with pytest.raises(IntegrityError, match=f"append-only: {change.upper()} on {table} is refused"):
            cursor.execute(CHANGES[change].format(table=table, column=COLUMN[table]))


def witness_once(cursor: Any) -> None:
    cursor.execute(
        "insert into ledger_witnessed (seal_id, witness, witnessed_at) select id, '0', now() from ledger_seal limit 1"
    )


@pytest.fixture
def app_role(transactional_db: None) -> Iterator[Any]:
    """A session of the app role, which was granted everything before the ledger took back what is its own."""
    live(holders(6), days=1)
    schema = "public"
    with connection.cursor() as cursor:
        witness_once(cursor)
        cursor.execute(f"drop role if exists {ROLE}")
        cursor.execute(f"create role {ROLE} login")
        cursor.execute(f"grant all on schema {schema} to {ROLE}")
        cursor.execute(f"grant all on all tables in schema {schema} to {ROLE}")
        cursor.execute(f"grant all on all sequences in schema {schema} to {ROLE}")
    assert restrict(connection, ROLE)
    session = psycopg2.connect(**connection.get_connection_params() | {"user": ROLE})
    try:
        yield session
    finally:
        session.close()
        with connection.cursor() as cursor:
            cursor.execute(f"drop owned by {ROLE}")
            cursor.execute(f"drop role {ROLE}")


SWITCHES = [
    "set session_replication_role = replica",
    *(f"alter table {table} disable trigger all" for table in TABLES),
    *(f"alter table {table} disable trigger {table}_no_change" for table in TABLES),
    *(f"drop trigger {table}_no_change on {table}" for table in TABLES),
    *(f"drop table {table}" for table in TABLES),
    "alter table ledger_event add column extra text",
    "create trigger mine before insert on ledger_event for each row execute function ledger_refuse()",
    "create rule mine as on insert to ledger_event do instead nothing",
    "drop function ledger_refuse() cascade",
    "create or replace function ledger_refuse() returns trigger language plpgsql as 'begin return new; end'",
    "select setval('ledger_event_id_seq', 1)",
]


def test_the_app_role_adds_and_reads_and_does_nothing_else(app_role: Any) -> None:
    refused = [
        CHANGES[name].format(table=table, column=COLUMN[table]) for name in CHANGES for table in TABLES
    ] + SWITCHES
    answers = {statement: answer(app_role, statement) for statement in refused}
    assert answers == dict.fromkeys(refused, InsufficientPrivilege)
    allowed = [
        *(f"select count(*) from {table}" for table in TABLES),
        "insert into ledger_event (address, seq, verb, who, at, facts, before, digest) "
        "values ('case:1', 1, 'opened', 'clock', now(), '{}', '', '')",
        "insert into ledger_seal (day, before, count, events, root, made_at, public_key, digest, signature) "
        "values ('2030-01-01', 'x', 0, 0, '', now(), '', '', '')",
        "insert into ledger_sealedhead (seal_id, address, seq, digest) values (1, 'case:1', 1, '')",
        "insert into ledger_witnessed (seal_id, witness, witnessed_at) values (1, '1', now())",
    ]
    assert {statement: answer(app_role, statement) for statement in allowed} == dict.fromkeys(allowed)


def answer(session: Any, statement: str) -> type[Exception] | None:
    """What the database says to it, undone."""
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
    except psycopg2.Error as refused:
        return type(refused)
    finally:
        session.rollback()
    return None


def test_a_role_that_does_not_exist_is_left_alone(db: None) -> None:
    assert restrict(connection, "nobody_of_this_name") is False


def test_a_chain_cannot_fork(noon: None, rows: list[Any]) -> None:
    event = Event.objects.filter(address=rows[0].address).latest("seq")
    event.pk = None
    with pytest.raises(IntegrityError, match="event_no_forks"), transaction.atomic():
        event.save(force_insert=True)
