"""到货: what was ordered from whom, what was weighed in, and who signed for it."""

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.orgs.models import User
from portal.publications.models import Duty

from .ingredients import Ingredient
from .places import Canteen
from .stock import Lot
from .suppliers import Supplier


class Delivery(Case):
    """One order and its delivery. `amount` (元) is what was accepted; `weighed_by` put it on the scale, `first` and
    `second` signed for it. `alerts` counts what was named beside it, `run` for how many deliveries running the same two
    have signed, this one among them. `without_contract`: the supplier had no contract in force when it was weighed in.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="deliveries")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="deliveries")
    needed_on = models.DateField("要货日期")
    amount = models.DecimalField("实收金额", max_digits=12, decimal_places=2, default=0)
    alerts = models.PositiveSmallIntegerField(default=0)
    run = models.PositiveIntegerField(default=0)
    without_contract = models.BooleanField("没有在期的合同", default=False)
    weighed_at = models.DateTimeField("过秤时间", null=True)
    weighed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    first = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(first=models.F("second")), name="delivery_two_people_sign"
            )
        ]
        indexes = [models.Index(fields=["canteen", "-weighed_at"], name="delivery_weighed")]
        default_permissions = ()


class DeliveryLine(models.Model):
    """One thing ordered, and what became of it. Quantities in the ingredient's measure, prices in 元 each.

    `agreed` is the price it was ordered at, `reference` what it usually costs; `over` and `short` (%) say how far the
    price lies above that and the accepted below the ordered. `papers` counts photos of its certificate.
    """

    case = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="lines")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="+")
    ordered = models.DecimalField(max_digits=12, decimal_places=3)
    agreed = models.DecimalField(max_digits=12, decimal_places=2)
    accepted = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    batch = models.CharField(max_length=40, blank=True, default="")
    made_on = models.DateField(null=True)
    keeps_until = models.DateField(null=True)
    degrees = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    papers = models.PositiveSmallIntegerField(default=0)
    reference = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    over = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    short = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    lot = models.OneToOneField(Lot, null=True, on_delete=models.PROTECT, related_name="line")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "ingredient"], name="delivery_line_once"),
            models.CheckConstraint(condition=Q(ordered__gt=0, agreed__gte=0), name="delivery_line_ordered"),
            models.CheckConstraint(condition=Q(accepted=None) | Q(accepted__gte=0), name="delivery_line_accepted"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.ingredient_id}"


class Purchases(Duty):
    """One week of purchases to be published (CP-02)."""

    class Meta:
        default_permissions = ()
