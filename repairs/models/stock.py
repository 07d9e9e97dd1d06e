"""仓库: what a school keeps in stock, and every move of it, which nobody can rewrite."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import Unit, User
from portal.wire.amounts import cents

CATEGORIES = [
    ("electric", "电料灯具"),
    ("water", "水暖管件"),
    ("hardware", "五金锁具"),
    ("furniture", "桌椅门窗"),
    ("paint", "涂料建材"),
    ("device", "设备配件"),
    ("network", "网络弱电"),
    ("safety", "消防安全"),
    ("cleaning", "保洁用品"),
    ("other", "其他"),
]


class StockItem(Chained):
    """One thing in a school's store. `on_hand` counts in `measure`, `worth` is what that cost, both follow from the moves.

    `price` is what one cost when it was bought last; `minimum` is the number below which it counts as low.
    """

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    name = models.CharField("品名", max_length=60)
    spec = models.CharField("规格", max_length=60, blank=True, default="")
    measure = models.CharField("单位", max_length=8, default="件")
    category = models.CharField("类别", max_length=12, choices=CATEGORIES, default="other")
    minimum = models.DecimalField("最低库存", max_digits=12, decimal_places=3, default=0)
    supplier = models.CharField("供应商", max_length=60, blank=True, default="")
    on_hand = models.DecimalField("库存", max_digits=12, decimal_places=3, default=0)
    worth = models.DecimalField("库存金额", max_digits=12, decimal_places=2, default=0)
    price = models.DecimalField("最近单价", max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "name", "spec"], name="stock_item_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_item_never_negative"),
            models.CheckConstraint(condition=Q(worth__gte=0), name="stock_item_worth"),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="stock_item_minimum"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name and specification, as people call it."""
        return f"{self.name} {self.spec}".strip()

    @property
    def is_low(self) -> bool:
        """Whether less is there than there should be at least."""
        return self.on_hand < self.minimum

    @property
    def unit_price(self) -> Decimal:
        """What one is worth: the mean of what is there, else what it cost last."""
        return cents(self.worth / self.on_hand) if self.on_hand else self.price


class StockMove(models.Model):
    """One move: in, issue, return, count or write-off. `quantity` and `amount` are signed; `left` is what was there after.

    Append-only: the database refuses to change or delete a row.
    """

    IN, ISSUE, RETURN, COUNT, WRITE_OFF = "in", "issue", "return", "count", "write_off"
    KINDS = [(IN, "入库"), (ISSUE, "领用"), (RETURN, "退库"), (COUNT, "盘点更正"), (WRITE_OFF, "报损")]

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, db_index=False, related_name="moves")
    kind = models.CharField(max_length=10, choices=KINDS)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    left = models.DecimalField(max_digits=12, decimal_places=3)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True, default="")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="stock_move_moves"),
            models.CheckConstraint(condition=Q(left__gte=0), name="stock_move_never_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=["in", "return"], quantity__gt=0)
                | Q(kind__in=["issue", "write_off"], quantity__lt=0)
                | Q(kind="count"),
                name="stock_move_sign",
            ),
        ]
        indexes = [models.Index(fields=["item", "-id"], name="stock_move_newest")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.quantity}"
