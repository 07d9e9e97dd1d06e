"""Receipts are for good: the ledger's own triggers refuse every change, and the app role may only add."""

from django.conf import settings
from django.db import migrations

from portal.ledger.protection import make_append_only, restrict

TABLES = ("publications_receipt",)


def protect(apps, schema_editor):
    make_append_only(schema_editor.connection, TABLES)
    restrict(schema_editor.connection, settings.APP_DATABASE_ROLE, TABLES, tuple(f"{one}_id_seq" for one in TABLES))


class Migration(migrations.Migration):
    dependencies = [("publications", "0005_announcements"), ("ledger", "0003_append_only")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
