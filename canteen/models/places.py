"""食堂: one kitchen with its own books, and the numbers its school has set for it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit


class Mode(models.TextChoices):
    """Who cooks (docs/rules.md 2.3): the school, a contractor, or somebody who brings the meals."""

    OWN, CONTRACT, BROUGHT = ("own", "自营"), ("contract", "承包"), ("brought", "配餐")


class Meal(models.TextChoices):
    """The meals of a day."""

    BREAKFAST, LUNCH, DINNER = ("breakfast", "早餐"), ("lunch", "午餐"), ("dinner", "晚餐")


class SurplusRule(models.TextChoices):
    """What happens to a surplus (CR-24, CR-25): it stays within a share of the income, or all of it goes back."""

    WITHIN, RETURNED = ("within", "累计不超过收入的比例"), ("returned", "学期末全部退还")


class Canteen(Chained):
    """One canteen of a school, at a place of its own where it has one; it keeps its own books (CR-17).

    The last columns are the canteen's own numbers, which its keepers may change, what becomes of a surplus towards the stricter
    only (the district sets it); every change is in the ledger:
    `windows` are the names of its counters, which diners rate beside the dishes; `sample_grams` (g, never below 125: CR-09)
    and `sample_hours` of a retained sample, `price_gap` and `weight_gap` (%) at which a delivery is named, `satisfied`
    (points of 100) below which a dish is put right, `surplus_limit` (%), `same_signers` after so many deliveries running the
    manager is told of a pair, `seats` for parents at one meal,
    `silent_minutes` after which a camera counts as offline.
    """

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="canteens", verbose_name="学校")
    place = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="地点"
    )
    name = models.CharField("名称", max_length=40)
    mode = models.CharField("经营方式", max_length=8, choices=Mode, default=Mode.OWN)
    meals = models.JSONField("供哪几餐", default=list)
    diners = models.PositiveIntegerField("就餐人数", default=0)
    phone = models.CharField("投诉电话", max_length=20, blank=True, default="")
    licence = models.CharField("食品经营许可证号", max_length=40, blank=True, default="")
    licence_until = models.DateField("许可证有效期至", null=True, blank=True)
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True, blank=True)
    windows = models.JSONField("打菜窗口", default=list)
    sample_grams = models.PositiveSmallIntegerField("留样最少克数", default=125)
    sample_hours = models.PositiveSmallIntegerField("留样小时数", default=48)
    price_gap = models.DecimalField("价高提醒（%）", max_digits=5, decimal_places=2, default=Decimal(10))
    weight_gap = models.DecimalField("短秤提醒（%）", max_digits=5, decimal_places=2, default=Decimal(5))
    satisfied = models.PositiveSmallIntegerField("满意度线", default=85)
    surplus_rule = models.CharField("结余办法", max_length=8, choices=SurplusRule, default=SurplusRule.WITHIN)
    surplus_limit = models.DecimalField("结余比例上限（%）", max_digits=5, decimal_places=2, default=Decimal(2))
    same_signers = models.PositiveSmallIntegerField("同两人连续签收提醒次数", default=20)
    seats = models.PositiveSmallIntegerField("家长陪餐名额", default=4)
    silent_minutes = models.PositiveSmallIntegerField("掉线分钟数", default=10)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], name="canteen_once", violation_error_message="本校已有同名的食堂。"
            ),
            models.UniqueConstraint(
                fields=["place"], condition=Q(closed_on=None), name="canteen_place_once",
                violation_error_message="这个地点已经是一个食堂。",
            ),
            models.CheckConstraint(
                condition=Q(sample_grams__gte=125), name="canteen_sample", violation_error_message="留样每份不少于 125 克。"
            ),
            models.CheckConstraint(
                condition=Q(sample_hours__gte=48), name="canteen_sample_hours",
                violation_error_message="留样不少于 48 小时。",
            ),
            models.CheckConstraint(condition=Q(satisfied__lte=100), name="canteen_satisfied"),
            models.CheckConstraint(condition=Q(same_signers__range=(2, 200)), name="canteen_same_signers"),
            models.CheckConstraint(condition=Q(silent_minutes__range=(2, 1440)), name="canteen_silent"),
        ]  # fmt: skip
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> Unit:
        """Where its cases are: its own place, else the school."""
        return self.place or self.school
