"""Two database roles: the owner migrates, the app runs and may create nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2 import sql

TABLES = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A cursor that commits every statement by itself."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def make_role(cursor: Any, name: str, password: str) -> None:
    """A role that can sign in and nothing more; an existing one gets this password."""
    cursor.execute("select 1 from pg_roles where rolname = %s", [name])
    if cursor.fetchone():
        statement = "ALTER ROLE {} LOGIN PASSWORD {}"
    else:
        statement = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}"
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(password or None)))


def make_database(cursor: Any, name: str, owner: str) -> None:
    """An empty database belonging to the owner role, unless it is there."""
    cursor.execute("select 1 from pg_database where datname = %s", [name])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))


def let_run(cursor: Any, *, owner: str, app: str) -> None:
    """Gives the app role reading and writing in all tables the owner will make in this database, and creating in none.

    Call it before the first migration: migrations that grant less (the ledger's) do so afterwards, table by table.
    """
    cursor.execute("select current_database()")
    names = {
        "database": sql.Identifier(cursor.fetchone()[0]),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
        "tables": sql.SQL(", ".join(TABLES)),
    }
    for statement in (
        "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT CREATE, USAGE ON SCHEMA public TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT {tables} ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    ):
        cursor.execute(sql.SQL(statement).format(**names))
