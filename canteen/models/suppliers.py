"""供应商: who may deliver, what proves it, until when, under which contract, and how well they did."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import Unit, User


class Supplier(Chained):
    """One supplier of a school, by its unified social credit code (`uscc`, 18 signs). `banned_on`: 拉黑, with `why`."""

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    name = models.CharField("名称", max_length=60)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    contact = models.CharField("联系人", max_length=20, blank=True, default="")
    phone = models.CharField("电话", max_length=20, blank=True, default="")
    goods = models.CharField("供什么", max_length=60, blank=True, default="")
    banned_on = models.DateField("停止合作日期", null=True, blank=True)
    why = models.CharField("原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "uscc"],
                name="supplier_once",
                violation_error_message="本校已有这个信用代码的供应商。",
            ),
        ]
        indexes = [models.Index(fields=["school", "name"], name="supplier_by_name")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CertificateKind(models.TextChoices):
    """Papers a supplier shows (CR-14): the first two everybody needs, the others where they deliver such goods."""

    LICENCE, PERMIT = ("licence", "营业执照"), ("permit", "食品经营（生产）许可证")
    QUARANTINE, HEALTH, OTHER = (
        ("quarantine", "动物检疫或屠宰证明"),
        ("health", "从业人员健康证明"),
        ("other", "其他证件"),
    )


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Papers as they were shown."""

    def standing(self) -> Self:
        """Without those shown again under the same number: a wrong day is mended so."""
        same = {name: OuterRef(name) for name in ("supplier", "kind", "number")}
        return self.filter(~Exists(Certificate.objects.filter(**same, pk__gt=OuterRef("pk"))))


class Certificate(Chained):
    """One paper, as it was shown; photos are attached to it. `until` is its last day, none for one without an end. Of several
    with one number the one shown last stands.

    `case` is the renewal it came in by; then its photos are that case's.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField("证件", max_length=10, choices=CertificateKind)
    number = models.CharField("编号", max_length=60)
    until = models.DateField("有效期至", null=True, blank=True)
    shown_at = models.DateTimeField("登记时间")
    shown_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["supplier", "kind", "until"], name="certificate_until")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.kind} {self.until or ''}"


class Contract(models.Model):
    """A contract with a supplier and how they were found (`tender`); both days count. Entries stand in the supplier's chain."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField("合同编号", max_length=60, blank=True, default="")
    since = models.DateField("起")
    until = models.DateField("止")
    tender = models.CharField("怎样选定的", max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="contract_ends_after_it_begins")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.since} {self.until}"


class SupplierRating(models.Model):
    """One person's marks (1 to 5) for a supplier in one month: goods, price, service. A second one replaces the first."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="ratings")
    month = models.CharField(max_length=7, db_collation="C")
    goods = models.PositiveSmallIntegerField("质量")
    price = models.PositiveSmallIntegerField("价格")
    service = models.PositiveSmallIntegerField("服务")
    words = models.CharField("说明", max_length=200, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "month", "by"], name="supplier_rating_once"),
            models.CheckConstraint(
                condition=Q(goods__range=(1, 5), price__range=(1, 5), service__range=(1, 5)),
                name="supplier_rating_marks",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.month} {self.goods}"


class Renewal(Case):
    """A certificate that ends within a month, to be renewed: the buyer's turn, its last day is the clock."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="renewal")

    class Meta:
        default_permissions = ()
