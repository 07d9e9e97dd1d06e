"""Assets: what a school owns and keeps for years, each with its card, its place, its keeper and its sticker."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit, User


class AssetKind(models.TextChoices):
    """The six classes of fixed assets (docs/rules.md 5.6: used for over a year and worth 1,000 元, or lots of durable things)."""

    HOUSES = "1", "房屋构筑物"
    GENERAL = "2", "通用设备"
    SPECIAL = "3", "专用设备"
    RELICS = "4", "文物陈列品"
    BOOKS = "5", "图书档案"
    FURNITURE = "6", "家具用具装具动植物"


class AssetState(models.TextChoices):
    """What has become of it; what is disposed of stays in the register and changes no more."""

    IN_USE = "in_use", "在用"
    IDLE = "idle", "闲置"
    REPAIR = "repair", "维修"
    TO_SCRAP = "to_scrap", "待报废"
    DISPOSED = "disposed", "已处置"


class AssetSource(models.TextChoices):
    """Where it came from."""

    BOUGHT = "bought", "购置"
    ALLOTTED = "allotted", "调拨"
    DONATED = "donated", "捐赠"
    BUILT = "built", "自建"
    OTHER = "other", "其他"


class Asset(Chained):
    """One card of the register. `price` is of one piece, in 元; `quantity` counts pieces of the same thing together."""

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    code = models.CharField("资产编号", max_length=30, db_collation="C")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("分类", max_length=1, choices=AssetKind)
    spec = models.CharField("规格型号", max_length=100, blank=True, default="")
    price = models.DecimalField("单价", max_digits=12, decimal_places=2, null=True, blank=True)
    quantity = models.PositiveIntegerField("数量", default=1, validators=[MinValueValidator(1)])
    got_on = models.DateField("取得日期", null=True, blank=True)
    source = models.CharField("来源", max_length=10, choices=AssetSource, default=AssetSource.BOUGHT)
    supplier = models.CharField("供应商", max_length=60, blank=True, default="")
    warranty_until = models.DateField("保修到", null=True, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assets", verbose_name="存放地点")
    keeper = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="保管人"
    )
    state = models.CharField("状态", max_length=10, choices=AssetState, default=AssetState.IN_USE)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code"], name="asset_code_once", violation_error_message="这个资产编号已在用。"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="asset_quantity"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="asset_price"),
        ]
        indexes = [
            models.Index(fields=["school", "-id"], name="asset_newest"),
            models.Index(fields=["unit"], name="asset_place"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def worth(self) -> Decimal | None:
        """Price times quantity; none where the price is not known."""
        return None if self.price is None else self.price * self.quantity


class AssetChange(models.Model):
    """Why something about an asset was changed: the words beside the chain, which holds their salted digest."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="changes")
    seq = models.PositiveIntegerField()
    words = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "seq"], name="asset_change_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.asset_id} {self.seq}"
