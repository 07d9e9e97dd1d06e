"""材料申请: what is needed for a job (or to fill the store up), who may approve how much, and what it came to."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import Unit, User

from .stock import CATEGORIES, StockItem


class Materials(Case):
    """A request for materials. Amounts in 元: `amount` as estimated, `alike` what the same school asked for of the same
    category within 30 days before, `granted` what was approved, `paid` what it cost.
    """

    category = models.CharField("类别", max_length=12, choices=CATEGORIES, default="other")
    amount = models.DecimalField("估计金额", max_digits=12, decimal_places=2, default=0)
    alike = models.DecimalField("30 天内同类合计", max_digits=12, decimal_places=2, default=0)
    granted = models.DecimalField("批准金额", max_digits=12, decimal_places=2, null=True)
    supplier = models.CharField("供应商", max_length=60, blank=True, default="")
    mall = models.CharField("电子商城", max_length=40, blank=True, default="")
    order_no = models.CharField("订单号", max_length=60, blank=True, default="")
    paid = models.DecimalField("实付", max_digits=12, decimal_places=2, default=0)
    buyer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    rest = models.CharField("没发完的", max_length=4, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["category"], name="materials_category"),
            models.Index(fields=["supplier"], name="materials_supplier", condition=~Q(supplier="")),
        ]
        default_permissions = ()


class MaterialLine(models.Model):
    """One line: what is asked for, and what became of it. Quantities in `measure`; `cost` is what was issued, less returns.

    `on_order` is bought and not yet accepted, at `order_price` each.
    """

    case = models.ForeignKey(Materials, on_delete=models.PROTECT, related_name="lines")
    stock = models.ForeignKey(StockItem, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    measure = models.CharField(max_length=8, default="件")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    on_order = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    order_price = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    issued = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    returned = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, issued__gte=0, issued__lte=F("quantity"), on_order__gte=0),
                name="material_line_issued",
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("issued")), name="material_line_returned"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.quantity.normalize():f} {self.measure}"

    @property
    def outstanding(self) -> Decimal:
        """How much has still to be issued."""
        return self.quantity - self.issued

    @property
    def out(self) -> Decimal:
        """How much is with the job."""
        return self.issued - self.returned


class ApprovalTiers(Chained):
    """审批额度 of a unit and everything below it, in 元: up to `head` the head of logistics approves, and so on; above
    `principal` the school council decides. Each change is a new row; the nearest unit wins.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    head = models.DecimalField("总务主任", max_digits=12, decimal_places=2)
    vice = models.DecimalField("分管副校长", max_digits=12, decimal_places=2)
    principal = models.DecimalField("校长", max_digits=12, decimal_places=2)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "version"], name="approval_tiers_version"),
            models.CheckConstraint(
                condition=Q(head__gte=0, vice__gte=F("head"), principal__gte=F("vice")),
                name="approval_tiers_rise",
                violation_error_message="额度要一级比一级高。",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.unit_id} v{self.version}"
