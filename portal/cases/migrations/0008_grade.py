"""How grave a case is stands on the spine, and in the index what is open is counted from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default of the database's own: whoever does not know it may go on writing."""

    dependencies = [("cases", "0007_moment_a_case_names")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="grade",
            field=models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=8),
        ),
        migrations.RemoveIndex(model_name="case", name="case_open_place"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["unit_path", "kind", "state"],
                include=("circle", "due_at", "unit", "is_open", "topic", "grade"),
                name="case_open_place",
            ),
        ),
    ]
