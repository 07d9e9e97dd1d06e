"""Every hazard's grade stands on its case."""

from django.db import migrations


class Migration(migrations.Migration):
    """What was judged goes over."""

    dependencies = [("cases", "0008_grade"), ("safety_grid", "0005_grade_goes_to_the_spine")]

    operations = [
        migrations.RunSQL(
            "set local statement_timeout = 0;"  # a county has a million of them
            "update cases_case c set grade = h.judged from safety_grid_hazard h where h.case_ptr_id = c.id and h.judged <> ''",
            "update safety_grid_hazard h set judged = c.grade from cases_case c where h.case_ptr_id = c.id",
        ),
        migrations.RemoveField(model_name="hazard", name="judged"),
    ]
