"""The outbox changes every row three times; without early vacuuming its small index of waiting rows fills with dead ones."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "alter table notices_delivery set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500)",
            "alter table notices_delivery reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        )
    ]
