"""报修单 and what a ticket keeps beside the case: how often it came back, what more time was asked, what it cost, and the rating."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portal.cases.models import Case

from .assets import Asset

STARS = [MinValueValidator(1, "评分从 1 到 5。"), MaxValueValidator(5, "评分从 1 到 5。")]


class Ticket(Case):
    """A repair from report to sign-off. Hours asked count in the resolve clock's own time; `cost` is materials issued less returned, in 元."""

    item = models.CharField("细项", max_length=30, blank=True, default="")
    danger = models.BooleanField("有危险", default=False)
    rework = models.PositiveSmallIntegerField("返修次数", default=0)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    asked_hours = models.DecimalField("申请延长（小时）", max_digits=5, decimal_places=1, null=True)
    visit_at = models.DateTimeField("约定上门时间", null=True)
    speed = models.PositiveSmallIntegerField("速度评分", null=True, validators=STARS)
    quality = models.PositiveSmallIntegerField("质量评分", null=True, validators=STARS)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, verbose_name="资产")

    cost = models.DecimalField("材料费", max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(speed=None) | Q(speed__range=(1, 5)),
                name="ticket_speed",
                violation_error_message="评分从 1 到 5。",
            ),
            models.CheckConstraint(
                condition=Q(quality=None) | Q(quality__range=(1, 5)),
                name="ticket_quality",
                violation_error_message="评分从 1 到 5。",
            ),
        ]
        default_permissions = ()
