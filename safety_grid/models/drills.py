"""演练: what is planned, and how long each group took to get out by which exit."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portal.cases.models import Case

LONGEST = 7200  # seconds


class Drill(Case):
    """A drill; its `topic` is the kind. `planned_on` is the day agreed, `held_at` when it began."""

    planned_on = models.DateField("计划日期")
    held_at = models.DateTimeField("演练时间", null=True)

    class Meta:
        indexes = [models.Index(fields=["-held_at"], name="drill_held", condition=Q(held_at__isnull=False))]
        default_permissions = ()


class DrillResult(models.Model):
    """One class or group in one drill: how many people, by which exit, out after how many seconds."""

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="results")
    group = models.CharField("班级或人群", max_length=40)
    exit = models.CharField("出口", max_length=40)
    people = models.PositiveIntegerField("人数", validators=[MinValueValidator(1)])
    seconds = models.PositiveIntegerField("用时（秒）", validators=[MinValueValidator(1), MaxValueValidator(LONGEST)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drill", "group"], name="drill_result_once"),
            models.CheckConstraint(condition=Q(seconds__gte=1, seconds__lte=LONGEST), name="drill_result_seconds"),
            models.CheckConstraint(condition=Q(people__gte=1), name="drill_result_people"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.drill_id} {self.group}"
