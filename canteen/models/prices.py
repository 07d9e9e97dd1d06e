"""询价: one week's prices at a school, from three sources at least, and what was chosen and why."""

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.orgs.models import Unit, User

from .ingredients import Ingredient
from .suppliers import Supplier


class Inquiry(Case):
    """The prices of one week at one school; `since` is its Monday. One to a school and week, whatever clock ticks twice."""

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("那一周的星期一")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "since"], name="inquiry_once")]
        indexes = [models.Index(fields=["since"], name="inquiry_week")]
        default_permissions = ()


class SourceKind(models.TextChoices):
    """Where a price was asked."""

    SUPPLIER, MARKET, ONLINE = ("supplier", "供应商报价"), ("market", "市场走访"), ("online", "网上平台")


class Source(models.Model):
    """One place where prices were asked in an inquiry, by whom and when; the photo stands at the step that brought it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField("来源", max_length=8, choices=SourceKind)
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("哪一家", max_length=60)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "name"], name="source_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class InquiryItem(models.Model):
    """One ingredient asked for, how much is needed that week (in its measure), and what was chosen in the end, with why."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="items")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="inquired")
    quantity = models.DecimalField("本周约用", max_digits=12, decimal_places=3)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    price = models.DecimalField("选定单价", max_digits=12, decimal_places=2, null=True)
    why = models.CharField("为什么选它", max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "ingredient"], name="inquiry_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inquiry_item_wanted"),
            models.CheckConstraint(
                condition=Q(source=None, price=None) | Q(source__isnull=False, price__gt=0), name="inquiry_item_chosen"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.ingredient_id}"


class Quote(models.Model):
    """What one measure of an ingredient costs (元) at one source, that week."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="quotes")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="quotes")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="quotes")
    price = models.DecimalField("单价", max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "ingredient"], name="quote_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="quote_price"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.source_id} {self.ingredient_id} {self.price}"
