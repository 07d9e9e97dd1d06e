"""库存: what a canteen keeps of each ingredient, batch by batch, and every move of it, which nobody can rewrite."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import User
from portal.wire.amounts import cents

from .ingredients import Ingredient
from .places import Canteen, Meal


class Shelf(Chained):
    """What one canteen keeps of one ingredient: `on_hand` in its measure, `worth` what that cost (元); both follow from
    the moves of its lots. `minimum` is the number below which it counts as low, `price` what one cost last.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="shelves", verbose_name="食堂")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="shelves", verbose_name="食材")
    minimum = models.DecimalField("最低库存", max_digits=12, decimal_places=3, default=0)
    on_hand = models.DecimalField("库存", max_digits=12, decimal_places=3, default=0)
    worth = models.DecimalField("库存金额", max_digits=12, decimal_places=2, default=0)
    price = models.DecimalField("最近单价", max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["canteen", "ingredient"], name="shelf_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0, worth__gte=0), name="shelf_never_negative"),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="shelf_minimum"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.ingredient_id}"

    @property
    def is_low(self) -> bool:
        """Whether less is there than there should be at least."""
        return self.on_hand < self.minimum


class Lot(models.Model):
    """One batch as it came in on one day, at one price: what is left of it, and the last day it may be eaten.

    `keeps_until` none: nothing is printed on it, and it is used after those that say so.
    """

    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="lots")
    batch = models.CharField("批号", max_length=40, blank=True, default="")
    made_on = models.DateField("生产日期", null=True)
    keeps_until = models.DateField("保质期至", null=True)
    came_on = models.DateField("入库日期")
    price = models.DecimalField("单价", max_digits=12, decimal_places=2)
    on_hand = models.DecimalField("库存", max_digits=12, decimal_places=3, default=0)
    worth = models.DecimalField("库存金额", max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(on_hand__gte=0, worth__gte=0), name="lot_never_negative")]
        indexes = [
            models.Index(fields=["shelf", "keeps_until", "id"], name="lot_there", condition=Q(on_hand__gt=0)),
            models.Index(fields=["keeps_until"], name="lot_expiring", condition=Q(on_hand__gt=0)),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.shelf_id} {self.batch or self.came_on}"


class FoodMove(models.Model):
    """One move of one lot. `quantity` and `amount` (元) are signed; `left` is what the shelf held after; `on` its day in
    China, by which books and weeks are cut.

    Append-only: the database refuses to change or delete a row.
    """

    IN, ISSUE, BACK, COUNT, WRITE_OFF = "in", "issue", "back", "count", "write_off"
    KINDS = [(IN, "入库"), (ISSUE, "领用"), (BACK, "退货"), (COUNT, "盘点更正"), (WRITE_OFF, "报损")]

    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, db_index=False, related_name="moves")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10, choices=KINDS)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    left = models.DecimalField(max_digits=12, decimal_places=3)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()
    meal = models.CharField(max_length=9, blank=True, default="", choices=Meal)
    why = models.CharField(max_length=200, blank=True, default="")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="food_move_moves"),
            models.CheckConstraint(condition=Q(left__gte=0), name="food_move_never_negative"),
            models.CheckConstraint(
                condition=Q(kind="in", quantity__gt=0, amount__gte=0)
                | Q(kind__in=["issue", "back", "write_off"], quantity__lt=0, amount__lte=0)
                | Q(kind="count"),
                name="food_move_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["shelf", "-id"], name="food_move_newest"),
            models.Index(fields=["on", "shelf"], name="food_move_day"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lot_id} {self.kind} {self.quantity}"

    @property
    def price(self) -> Decimal:
        """What one cost: the lot's own price where all of it is plain, else the mean."""
        return cents(self.amount / self.quantity)
