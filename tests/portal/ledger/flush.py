"""How the test database is emptied: the one thing tests may switch off, as the tables' owner, never from the portal."""

from django.db import connection


def let_flush_truncate() -> None:
    """TransactionTestCase flushes by TRUNCATE, which the ledger refuses; this lifts that in a test database alone."""
    name = connection.settings_dict["NAME"]
    assert name.startswith("test_"), f"{name} is not a test database"
    with connection.cursor() as cursor:
        cursor.execute("select tgrelid::regclass::text, tgname from pg_trigger where tgname like '%no_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"alter table {table} disable trigger {trigger}")
