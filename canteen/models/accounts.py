"""食堂周账、收支月报、学期决算: the cases in which the books are checked, signed and published; and what goes back."""

from django.db import models

from portal.ledger.models import Chained
from portal.orgs.models import User
from portal.publications.models import Duty

from .places import Canteen


class WeeklyAccount(Duty):
    """食堂周账 of one school and week."""

    class Meta:
        default_permissions = ()


class MonthlyAccount(Duty):
    """收支月报 (CP-03) of one school and month."""

    class Meta:
        default_permissions = ()


class TermAccount(Duty):
    """学期决算 (CP-07) of one school and term, with what is done with the surplus."""

    class Meta:
        default_permissions = ()


class RefundPlan(Chained):
    """What goes back to the pupils of a term's surplus (CR-25, CR-30), and when that was done.

    `amount` in 元; `how` says to whom and by which measure, without names. A second person signs it before it is done; said
    again it is signed anew.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="refund_plans")
    term = models.CharField("学期", max_length=6, db_collation="C")
    amount = models.DecimalField("退还金额", max_digits=12, decimal_places=2)
    how = models.CharField("怎么退", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    signed_at = models.DateTimeField(null=True)
    done_on = models.DateField("退还日期", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "term"], name="refund_plan_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.term}"
