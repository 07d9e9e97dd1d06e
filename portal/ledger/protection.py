"""Who may do what to the ledger's tables in the database: the app role adds and reads, and nothing else."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_event", "ledger_seal", "ledger_sealedhead", "ledger_witnessed")
SEQUENCES = ("ledger_event_id_seq", "ledger_seal_id_seq", "ledger_witnessed_id_seq")


def restrict(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Leaves a role INSERT and SELECT on the ledger, taking back all else it was granted. False: no such role here.

    Run as the tables' owner; run again after anything like `grant all on all tables` (`portal/local` does).
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [role])
        if cursor.fetchone() is None:
            return False
        for table in TABLES:
            cursor.execute(f"revoke all on {quote(table)} from public, {quote(role)}")
            cursor.execute(f"grant insert, select on {quote(table)} to {quote(role)}")
        for sequence in SEQUENCES:
            cursor.execute(f"revoke all on sequence {quote(sequence)} from public, {quote(role)}")
            cursor.execute(f"grant usage, select on sequence {quote(sequence)} to {quote(role)}")
    return True
