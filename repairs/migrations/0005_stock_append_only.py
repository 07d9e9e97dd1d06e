"""Moves of stock are append-only, as the ledger is: the database refuses to change or delete one, in any session."""

from django.db import migrations

TABLE = "repairs_stockmove"
PROTECT = [
    f"create trigger {TABLE}_no_change before update or delete on {TABLE} for each row execute function ledger_refuse()",
    f"create trigger {TABLE}_no_truncate before truncate on {TABLE} for each statement execute function ledger_refuse()",
    f"alter table {TABLE} enable always trigger {TABLE}_no_change",
    f"alter table {TABLE} enable always trigger {TABLE}_no_truncate",
]
UNPROTECT = [f"drop trigger {TABLE}_no_change on {TABLE}", f"drop trigger {TABLE}_no_truncate on {TABLE}"]


class Migration(migrations.Migration):
    dependencies = [("repairs", "0004_materials"), ("ledger", "0003_append_only")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
