"""Writes down, at the first migrate, whether this database is a demo or real; demo mode refuses a real one."""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal import clock


def write_kind(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """One row, once; the test suite's databases count as demos."""
    kind = "demo" if settings.DEMO or settings.TESTING else "real"
    apps.get_model("orgs", "Installation").objects.create(kind=kind, made_on=clock.today())


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]
    operations = [migrations.RunPython(write_kind, migrations.RunPython.noop)]
