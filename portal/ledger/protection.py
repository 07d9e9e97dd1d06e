"""Who may do what to the ledger's tables in the database: the app role adds and reads, and nothing else."""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_event", "ledger_seal", "ledger_sealedhead", "ledger_witnessed")
SEQUENCES = ("ledger_event_id_seq", "ledger_seal_id_seq", "ledger_witnessed_id_seq")


def make_append_only(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> None:
    """Puts other rooms' tables under the ledger's own triggers: no row is changed, deleted or truncated, ever."""
    with connection.cursor() as cursor:
        for name in tables:
            table = connection.ops.quote_name(name)
            for suffix, when in (("change", "update or delete"), ("truncate", "truncate")):
                trigger, each = f"{name}_no_{suffix}", "row" if suffix == "change" else "statement"
                cursor.execute(
                    f"create trigger {trigger} before {when} on {table} for each {each} execute function ledger_refuse()"
                )
                cursor.execute(f"alter table {table} enable always trigger {trigger}")


def restrict(
    connection: BaseDatabaseWrapper, role: str, tables: Sequence[str] = TABLES, sequences: Sequence[str] = SEQUENCES
) -> bool:
    """Leaves a role INSERT and SELECT on the ledger (or on these tables), taking back all else it was granted.

    False: no such role here.

    Run as the tables' owner; run again after anything like `grant all on all tables` (`portal/local` does).
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [role])
        if cursor.fetchone() is None:
            return False
        for table in tables:
            cursor.execute(f"revoke all on {quote(table)} from public, {quote(role)}")
            cursor.execute(f"grant insert, select on {quote(table)} to {quote(role)}")
        for sequence in sequences:
            cursor.execute(f"revoke all on sequence {quote(sequence)} from public, {quote(role)}")
            cursor.execute(f"grant usage, select on sequence {quote(sequence)} to {quote(role)}")
    return True
