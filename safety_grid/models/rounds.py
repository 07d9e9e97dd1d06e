"""巡查: what is to be walked round and how often, and each round of one person on one occasion with its places."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal.cases.models import Case, Schedule
from portal.ledger.models import Chained
from portal.orgs.models import Unit, User

from .cells import Cell


class RoundPlan(Chained):
    """巡查计划 of a school: which checks, by whom, how often (`schedule`), and within how many `hours` each time.

    `who` is a role whose holder walks; blank: whoever answers for each place. `places` narrows it; none: with a blank
    `who` every place that has a cell, else the school itself. `items` is the checklist: [{"code", "title", "category"}].
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    code = models.CharField("参考项", max_length=8, blank=True, default="")
    title = models.CharField("名称", max_length=40)
    who = models.CharField("由谁巡查", max_length=40, blank=True, default="")
    places = models.ManyToManyField(Unit, related_name="+", verbose_name="点位")
    items = models.JSONField("检查项", default=list)
    hours = models.DecimalField("每次几小时内完成", max_digits=6, decimal_places=2)
    schedule = models.OneToOneField(Schedule, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"], name="round_plan_once", violation_error_message="这所学校已有同名的计划。"
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0), name="round_plan_hours", violation_error_message="时间要大于零。"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.title}"


class Round(Case):
    """One person's round on one occasion. `slot` is the planned moment; `meant_for` whom it was opened for (none: nobody
    answers for these places). One to a plan, moment and person, whatever clock ticks twice. `items` and `hours` are the
    plan's of that day; `explained` counts the words on why it was missed.
    """

    plan = models.ForeignKey(RoundPlan, on_delete=models.PROTECT, related_name="rounds")
    slot = models.DateTimeField()
    meant_for = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    items = models.JSONField(default=list)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    explained = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "slot", "meant_for"], name="round_once", nulls_distinct=False)
        ]
        default_permissions = ()


class RoundSpot(models.Model):
    """One place of a round, and what was found there. `outcomes` says for each item of the checklist ok, failed or na.

    `proof`: by the sticker's code, or without one (the reason stands among the round's words).
    """

    BY_CODE, UNPROVEN = "code", "none"
    PROOFS: ClassVar = [(BY_CODE, "贴纸编码"), (UNPROVEN, "没有扫码")]

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="spots")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    cell = models.ForeignKey(Cell, null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.CharField(max_length=4, blank=True, default="", choices=PROOFS)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcomes = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "cell"], name="round_spot_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(done_at=None, proof="") | Q(done_at__isnull=False, proof__in=["code", "none"]),
                name="round_spot_done",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id}"

    @property
    def problems(self) -> int:
        """How many items failed here."""
        return sum(1 for one in self.outcomes.values() if one == "failed")
