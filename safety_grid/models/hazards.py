"""隐患: what the case keeps beside the spine's own columns, and 学生关爱, which is a kind of its own (docs/adr/0014)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from portal.cases.models import Case

GENERAL, MAJOR = "general", "major"
GRADES = [(GENERAL, "一般隐患"), (MAJOR, "重大隐患")]
COLOURS = [("red", "红"), ("orange", "橙"), ("yellow", "黄"), ("blue", "蓝")]


class Hazard(Case):
    """A danger from report to 销号. `topic` is its category (HZ-01 to HZ-99), `item` the finer kind.

    `grade` (GRADES) says how it must be dealt with, `colour` how great the risk is: two judgements, two columns. `rule` is the
    direct-judgement rule it fits (MH-01 to MH-12), proposed by words or picked by a person. The five items of a plan are
    `measures`, the case's assignee, `money` (元), `due_on` and `interim`. `again` counts hazards of the same place and
    category within 90 days before it.
    """

    item = models.CharField("细项", max_length=30, blank=True, default="")
    colour = models.CharField("风险颜色", max_length=8, choices=COLOURS, blank=True, default="")
    rule = models.CharField("直接判定情形", max_length=8, blank=True, default="")
    danger = models.BooleanField("正在危及人", default=False)
    fixed = models.BooleanField("当场已整改", default=False)
    found_on = models.DateField("发现日期")
    measures = models.TextField("整改措施", blank=True, default="")
    money = models.DecimalField("整改资金", max_digits=12, decimal_places=2, null=True)
    due_on = models.DateField("整改时限", null=True)
    interim = models.TextField("临时防范措施", blank=True, default="")
    asked_on = models.DateField("申请延期到", null=True)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    rework = models.PositiveSmallIntegerField("退回次数", default=0)
    again = models.PositiveSmallIntegerField("90 天内同类", default=0)
    supervised_at = models.DateTimeField("挂牌督办", null=True)
    reports = models.PositiveSmallIntegerField("督办周报", default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(money=None) | Q(money__gte=Decimal(0)),
                name="hazard_money",
                violation_error_message="整改资金不能小于零。",
            ),
        ]
        default_permissions = ()

    def get_grade_display(self) -> str:
        """一般隐患 or 重大隐患, as the trail says it."""
        return dict(GRADES).get(self.grade, "")

    @property
    def is_major(self) -> bool:
        """重大隐患."""
        return self.grade == MAJOR


class Concern(Case):
    """学生关爱: a lead on bullying or a student's mind. Known to counsellors alone, counted nowhere, numbered apart."""

    rework = models.PositiveSmallIntegerField("退回次数", default=0)

    class Meta:
        default_permissions = ()
