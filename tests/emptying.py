"""How the database is emptied after a test with real commits: back to what the migrations laid down, and quickly.

Django truncates every table and has every app lay down its rows anew, under other keys, and forgets what migrations wrote
by themselves. Here only the tables somebody wrote to are emptied, and what was there before the first test is put back.
"""

from typing import Any

from django.db import connection, transaction

FIRST: dict[str, str] = {}  # rows as JSON of each table that is not empty before the first test


def begin() -> None:
    """Before the first test: what is there now is what `empty` goes back to, by truncating what the portal only adds to."""
    name = connection.settings_dict["NAME"]
    assert name.startswith("test_"), f"{name} is not a test database"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%no_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        for table in _written(cursor):
            cursor.execute(f'SELECT jsonb_agg(to_jsonb("{table}"))::text FROM "{table}"')
            FIRST[table] = cursor.fetchone()[0]


def empty() -> None:
    """The database as it was before the first test; counters of keys go on."""
    with transaction.atomic(), connection.cursor() as cursor:
        written, guarded = _written(cursor), _guarded(cursor)
        if _may_switch_off(cursor):
            cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # who still writes gives way, not this
            cursor.execute("SET LOCAL session_replication_role = replica")  # nobody asks who refers to the row
            cursor.execute("".join(f'DELETE FROM "{table}";' for table in written if table not in guarded) or "SELECT")
            written = [table for table in written if table in guarded]
        if written:
            cursor.execute(f"TRUNCATE {', '.join(written)} CASCADE")
        for table, rows in FIRST.items():
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", %s)', [rows])


def _written(cursor: Any) -> list[str]:
    """Tables with any row, but for Django's list of migrations."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    tables = [table for (table,) in cursor.fetchall() if table != "django_migrations"]
    cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables))
    return [table for (table,) in cursor.fetchall()]


def _guarded(cursor: Any) -> set[str]:
    """Tables whose rows nobody deletes, in whatever session: their triggers fire always."""
    cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'A'")
    return {table for (table,) in cursor.fetchall()}


def _may_switch_off(cursor: Any) -> bool:
    """Whether this session may switch triggers off; on a server of one's own it may not always, and all is truncated."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])
