"""Append-only, by plain triggers that no session can switch off, and by the app role's grants.

The triggers fire ALWAYS: `set session_replication_role` (a superuser's) does not silence them, and only the tables'
owner may disable them. The app role is neither.
"""

from django.conf import settings
from django.db import migrations

from portal.ledger.protection import TABLES, restrict

REFUSE = """
create function ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = '23001';
end $$
"""

# What is written now is dated now. An event dated into a sealed day would be one that no seal of that day covers, and
# `verify` would accuse it for good; better refused. One hour is left to transactions that were under way at midnight.
REFUSE_BACKDATED = """
create function ledger_refuse_backdated() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from fresh
        where at < ((select max(day) from {schema}.ledger_seal) + 1)::timestamp at time zone 'Asia/Shanghai' - interval '1 hour'
    ) then
        raise exception 'the ledger is sealed up to a later day than this event is dated' using errcode = '23001';
    end if;
    return null;
end $$
"""


def protect(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("select quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        cursor.execute(REFUSE)
        cursor.execute(REFUSE_BACKDATED.format(schema=schema))
        for table in TABLES:
            cursor.execute(
                f"create trigger {table}_no_change before update or delete on {table} "
                "for each row execute function ledger_refuse()"
            )
            cursor.execute(
                f"create trigger {table}_no_truncate before truncate on {table} "
                "for each statement execute function ledger_refuse()"
            )
            cursor.execute(f"alter table {table} enable always trigger {table}_no_change")
            cursor.execute(f"alter table {table} enable always trigger {table}_no_truncate")
        cursor.execute(
            "create trigger ledger_event_not_backdated after insert on ledger_event referencing new table as fresh "
            "for each statement execute function ledger_refuse_backdated()"
        )
        cursor.execute("alter table ledger_event enable always trigger ledger_event_not_backdated")
    restrict(connection, settings.APP_DATABASE_ROLE)


def unprotect(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("drop function ledger_refuse() cascade")
        cursor.execute("drop function ledger_refuse_backdated() cascade")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_seals")]
    operations = [migrations.RunPython(protect, unprotect)]
