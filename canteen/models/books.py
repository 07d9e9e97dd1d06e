"""账本: what came in and went out of one canteen, sealed by a second person, and the months that are closed (CR-17)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import User

from .categories import categories
from .places import Canteen

BOOKED = [(one.code, one.name) for one in categories().values() if not one.is_forbidden]


class Diners(models.TextChoices):
    """Whose meals an amount belongs to (CR-22): pupils' and staff's are booked apart, `shared` ones serve both."""

    STUDENTS, STAFF, SHARED = ("students", "学生餐"), ("staff", "教职工餐"), ("shared", "共同")


class BookMonth(Chained):
    """One month of a canteen's books, such as `2026-11`; once closed nothing is counted in it any more."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="months")
    month = models.CharField("月份", max_length=7, db_collation="C")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    analysis = models.CharField("盈亏原因和措施", max_length=300, blank=True, default="")
    difference = models.CharField("和库存账不同的原因", max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "month"], name="canteen_month_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.month}"

    @property
    def foods(self) -> "list[ClosedStock]":
        """What it says of each food, in the order of the forms."""
        return sorted(self.stocks.all(), key=lambda one: one.category)


class ClosedStock(models.Model):
    """What a closed month says of one kind of food, in 元: opening + booked - closing = used, never below zero.

    `corrected` (zero or less) is what of `booked` takes back amounts of months closed before: food they say was used, so that
    by it alone may `used` fall below zero. `store` is what the food store said was left that day; none where it keeps nothing of
    this food. Append-only: the next month begins with this closing.
    """

    month = models.ForeignKey(BookMonth, on_delete=models.PROTECT, related_name="stocks")
    category = models.CharField("类别", max_length=5, choices=BOOKED)
    opening = models.DecimalField("期初库存", max_digits=12, decimal_places=2)
    booked = models.DecimalField("本月入账", max_digits=12, decimal_places=2)
    closing = models.DecimalField("期末库存", max_digits=12, decimal_places=2)
    store = models.DecimalField("库存账结存", max_digits=12, decimal_places=2, null=True)
    corrected = models.DecimalField("红冲以前月份", max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "category"], name="closed_stock_once"),
            models.CheckConstraint(condition=Q(opening__gte=0, closing__gte=0), name="closed_stock_there"),
            models.CheckConstraint(
                condition=Q(closing__lte=F("opening") + F("booked") - F("corrected"), corrected__lte=0),
                name="closed_stock_used",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month_id} {self.category}"

    @property
    def used(self) -> Decimal:
        """实耗, 元."""
        return self.opening + self.booked - self.closing


class Entry(models.Model):
    """One amount in the books, in 元 and above zero; a reversal (红冲) carries the amount it takes back, below zero.

    `dated` is the day on its voucher, `day` the day it counts on: a later one where that week is published or that month
    closed already. `case` is the delivery it came from: booked by itself (`by` none), once for each category, and below
    zero for what went back to the supplier. `apart` says why it is another purchase than the delivery that booked the same.
    Append-only.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, db_index=False, related_name="entries")
    day = models.DateField("记入")
    dated = models.DateField("凭证日期")
    category = models.CharField("科目", max_length=5, choices=BOOKED)
    diners = models.CharField("谁的餐", max_length=8, choices=Diners)
    amount = models.DecimalField("金额", max_digits=12, decimal_places=2)
    words = models.CharField("摘要", max_length=100)
    voucher = models.CharField("凭证号", max_length=40, blank=True, default="")
    apart = models.CharField("另一笔采购的原因", max_length=100, blank=True, default="")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses=None)
                | Q(amount__lt=0, reverses__isnull=False)
                | Q(amount__lt=0, case__isnull=False, by=None),
                name="entry_sign",
            ),
            models.UniqueConstraint(
                fields=["case", "category"], condition=Q(by=None, amount__gt=0), name="entry_of_delivery_once"
            ),
        ]
        indexes = [models.Index(fields=["canteen", "-day", "-id"], name="entry_newest")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.category} {self.amount}"

    @property
    def is_income(self) -> bool:
        """Whether it came in."""
        return categories()[self.category].is_income


class Voucher(Chained):
    """凭证: photos of what an entry was paid by, kept with it or added later; nothing is ever taken off."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="paper")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.entry_id}"


class EntrySeal(models.Model):
    """复核: the second person's seal on an entry; without it an entry counts in no account. Append-only.

    `apart` says why it is another purchase than the one in the books that looks like it.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    apart = models.CharField(max_length=100, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.entry_id}"
