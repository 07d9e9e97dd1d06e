"""就餐人数和学生餐费: how many ate, and what each family has paid, eaten and got back."""

from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Student, User

from .places import Canteen, Meal


class MealCount(Chained):
    """How many ate one meal of one day: pupils, staff, and parents who came along (CR-22)."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, db_index=False, related_name="meal_counts")
    day = models.DateField("日期")
    meal = models.CharField("哪一餐", max_length=9, choices=Meal)
    students = models.PositiveIntegerField("学生", default=0)
    staff = models.PositiveIntegerField("教职工", default=0)
    guests = models.PositiveIntegerField("陪餐家长", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "day", "meal"], name="meal_count_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.day} {self.meal}"


class MealMoney(models.Model):
    """One move of a pupil's meal money, signed, in 元: paid in, eaten, or given back.

    `serial` is the card system's number of it, by which the same file brought twice changes nothing. Append-only; only the
    family and those who keep the books and the till may see it.
    """

    PAID, EATEN, REFUNDED = "paid", "eaten", "refunded"
    KINDS = [(PAID, "充值"), (EATEN, "消费"), (REFUNDED, "退款")]

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, db_index=False, related_name="meal_money")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, db_index=False, related_name="meal_money")
    day = models.DateField("日期")
    kind = models.CharField("类型", max_length=8, choices=KINDS)
    amount = models.DecimalField("金额", max_digits=12, decimal_places=2)
    serial = models.CharField("流水号", max_length=40, db_collation="C")
    why = models.CharField("原因", max_length=100, blank=True, default="")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["canteen", "serial"], name="meal_money_once"),
            models.CheckConstraint(
                condition=Q(kind="paid", amount__gt=0) | Q(kind__in=["eaten", "refunded"], amount__lt=0),
                name="meal_money_sign",
            ),
        ]
        indexes = [models.Index(fields=["student", "canteen", "-id"], name="meal_money_newest")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.student_id} {self.kind} {self.amount}"
