"""每日事项: samples kept of every dish, leaders and parents who eat along, controls with their lists, health certificates."""

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import User

from .dishes import Dish
from .places import Canteen, Meal


class Sampling(Case):
    """留样 of one meal of one day: a sample of every dish on the menu, kept for the canteen's hours, then discarded."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    meal = models.CharField("餐次", max_length=10, choices=Meal)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "day", "meal"], name="sampling_once")]
        default_permissions = ()


class Sample(models.Model):
    """What was kept of one dish: grams (never below the canteen's), when and by whom; its label's code; when it may go."""

    sampling = models.ForeignKey(Sampling, on_delete=models.PROTECT, related_name="samples")
    dish = models.ForeignKey(Dish, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("编码", max_length=8, unique=True, db_collation="C")
    grams = models.PositiveSmallIntegerField("克数")
    kept_at = models.DateTimeField("留样时间")
    kept_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField("留到")
    discarded_at = models.DateTimeField("销毁时间", null=True)
    discarded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sampling", "dish"], name="sample_once"),
            models.CheckConstraint(condition=Q(grams__gte=125), name="sample_grams"),
            models.CheckConstraint(
                condition=Q(discarded_at=None) | Q(discarded_at__gte=models.F("until")), name="sample_kept_long_enough"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sampling_id} {self.code}"


class Accompany(Case):
    """陪餐 of one meal: a leader of the school eats what the students eat, and says how it was (1 to 5)."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    meal = models.CharField("餐次", max_length=10, choices=Meal)
    eater = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField("评价", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "day", "meal"], name="accompany_once")]
        default_permissions = ()


class Control(Case):
    """日管控, 周排查, 月调度 or 自查 (its `topic`): `items` is the list of that day, `outcomes` what was found, by code."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="+")
    topic_of = models.CharField("哪一种", max_length=8)
    day = models.DateField("日期")
    items = models.JSONField(default=list)
    outcomes = models.JSONField(default=dict)
    problems = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "day", "topic_of"], name="control_once")]
        default_permissions = ()


class ParentMeal(Case):
    """家长陪餐: a place booked for a day, what the parent found (1 to 5 and words), and the canteen's answer."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    meal = models.CharField("餐次", max_length=10, choices=Meal)
    score = models.PositiveSmallIntegerField("评价", null=True)

    class Meta:
        indexes = [models.Index(fields=["canteen", "day"], name="parent_meal_day")]
        default_permissions = ()


class HealthCard(Chained):
    """健康证 of one person who works in the kitchen; `until` is its last day. Whoever has left (`left_on`) needs none."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="health_cards")
    name = models.CharField("姓名", max_length=20)
    job = models.CharField("岗位", max_length=20)
    number = models.CharField("健康证号", max_length=40, blank=True, default="")
    until = models.DateField("有效期至")
    left_on = models.DateField("离岗日期", null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["canteen", "name"], condition=Q(left_on=None), name="health_card_once")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.until}"
