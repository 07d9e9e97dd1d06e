"""The grade of a hazard becomes the spine's own column: first it makes room for it under another name."""

from django.db import migrations


class Migration(migrations.Migration):
    """The column steps aside."""

    dependencies = [("safety_grid", "0004_months")]
    run_before = [("cases", "0008_grade")]

    operations = [
        migrations.RemoveConstraint(model_name="hazard", name="hazard_grade"),
        migrations.RenameField(model_name="hazard", old_name="grade", new_name="judged"),
    ]
