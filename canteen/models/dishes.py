"""菜品: what a canteen can cook, with the grams of each ingredient for one head, and what a serving costs."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit, User

from .ingredients import ALLERGENS, Ingredient


class Course(models.TextChoices):
    """Where a dish stands on the tray."""

    STAPLE, MEAT, VEGETABLE = ("staple", "主食"), ("meat", "荤菜"), ("vegetable", "素菜")
    SOUP, SIDE = ("soup", "汤羹"), ("side", "水果奶点")


class Style(models.TextChoices):
    """How it is made; the last three are not for schools (CR-11)."""

    HOT, READY = ("hot", "热食"), ("ready", "水果、奶、包装即食")
    COLD, RAW, CREAM = ("cold", "凉菜、冷荤"), ("raw", "生食、半熟"), ("cream", "裱花蛋糕")


class Dish(Chained):
    """One dish of a school. Its parts say the grams of each ingredient for one head; its prices from which day on, in 元.

    A dish that is `retired_on` a day is offered no more; menus written before keep it.
    """

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dishes", verbose_name="学校")
    name = models.CharField("菜名", max_length=40)
    course = models.CharField("类别", max_length=10, choices=Course)
    style = models.CharField("做法", max_length=8, choices=Style, default=Style.HOT)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], name="dish_once", violation_error_message="本校已有同名的菜品。"
            )
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def price_on(self, day: date) -> Decimal:
        """What a serving costs on a day; 0 where it had no price yet. Asks nothing where the prices came along."""
        known = [one for one in self.prices.all() if one.since <= day]
        return max(known, key=lambda one: (one.since, one.pk)).price if known else Decimal(0)

    @property
    def allergens(self) -> list[str]:
        """Codes of what its ingredients contain, in the order of ALLERGENS."""
        found = {code for part in self.parts.all() for code in part.ingredient.allergens}
        return [code for code, _ in ALLERGENS if code in found]

    @property
    def allergen_words(self) -> list[str]:
        """The same in words."""
        return [dict(ALLERGENS)[code] for code in self.allergens]


class DishPart(models.Model):
    """So many grams of an ingredient for one head."""

    dish = models.ForeignKey(Dish, on_delete=models.CASCADE, related_name="parts")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="+", verbose_name="食材")
    grams = models.DecimalField("每人克数", max_digits=12, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dish", "ingredient"], name="dish_part_once"),
            models.CheckConstraint(condition=Q(grams__gt=0), name="dish_part_grams"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.ingredient.name} {self.grams.normalize():f} 克"


class DishPrice(models.Model):
    """What a serving costs from a day on, in 元; a row is never changed. `notice` is what diners were told (CR-19).

    The first price of a dish needs no minutes; the minutes of every other are attached to the dish, `minutes:<pk>`.
    """

    dish = models.ForeignKey(Dish, on_delete=models.PROTECT, related_name="prices")
    price = models.DecimalField("价格", max_digits=12, decimal_places=2)
    since = models.DateField("从哪天起")
    notice = models.CharField("告知", max_length=300, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="dish_price")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.dish_id} {self.price} {self.since}"
