"""评分与整改: a month's rating of dishes or a term's survey, and what is put right because of it."""

from django.db import models

from portal.cases.models import Case
from portal.surveys.models import Survey

from .dishes import Dish
from .places import Canteen


class Occasion(models.TextChoices):
    """Why people are asked."""

    MONTH, TERM, AGAIN = ("month", "月度菜品评分"), ("term", "学期满意度调查"), ("again", "整改复评")


class Rating(Case):
    """One time the diners are asked; its `topic` is the occasion. What they said stands in the survey alone."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="ratings", verbose_name="食堂")
    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()


class Rectification(Case):
    """What fell below the line is put right: by whom, until when, how, checked by somebody else, asked again.

    `about` is what was judged (`dish:17`, `part:hygiene`), `satisfaction` the points of 100 it got, `line` the line it missed.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="rectifications", verbose_name="食堂")
    dish = models.ForeignKey(Dish, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="菜品")
    about = models.CharField(max_length=60, db_collation="C")
    name = models.CharField("评的是", max_length=80)
    satisfaction = models.DecimalField("满意度", max_digits=4, decimal_places=1)
    line = models.PositiveSmallIntegerField("满意度线")
    due_on = models.DateField("整改时限", null=True)
    rework = models.PositiveSmallIntegerField("再整改次数", default=0)

    class Meta:
        default_permissions = ()
