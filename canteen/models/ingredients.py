"""食材: what a school's canteens buy, keep and cook, under one name each."""

from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit

from .categories import FOOD

ALLERGENS = [
    ("gluten", "麸质谷物"), ("milk", "奶"), ("egg", "蛋"), ("fish", "鱼"), ("shellfish", "甲壳类"),
    ("peanut", "花生"), ("soy", "大豆"), ("nut", "坚果"),
]  # fmt: skip


class Ingredient(Chained):
    """One thing that is bought, of one specification, counted in `measure` (斤, 公斤, 桶).

    `category` is CE-01 to CE-12. `grams` is what one `measure` weighs (g), where it can be said: 500 for 斤; `kcal` and
    `protein` (g) are those of 100 g, `allergens` codes of ALLERGENS. `banned` ones (with `why`) are in no menu, order or
    delivery; `retired_on` ones are offered no more, and what was written with them stays.
    """

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ingredients", verbose_name="学校")
    name = models.CharField("食材", max_length=40)
    category = models.CharField("类别", max_length=5, choices=FOOD)
    measure = models.CharField("单位", max_length=8, default="斤")
    spec = models.CharField("规格", max_length=60, blank=True, default="")
    grams = models.DecimalField("每单位克数", max_digits=12, decimal_places=3, null=True, blank=True)
    kcal = models.DecimalField("能量（千卡/100 克）", max_digits=7, decimal_places=2, null=True, blank=True)
    protein = models.DecimalField("蛋白质（克/100 克）", max_digits=7, decimal_places=2, null=True, blank=True)
    allergens = models.JSONField("过敏原", default=list, blank=True)
    banned = models.BooleanField("禁用", default=False)
    why = models.CharField("禁用原因", max_length=100, blank=True, default="")
    retired_on = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name", "spec", "measure"], name="ingredient_once",
                violation_error_message="本校已有同名、同规格、同单位的食材。",
            ),
            models.CheckConstraint(condition=Q(grams=None) | Q(grams__gt=0), name="ingredient_grams"),
            models.CheckConstraint(condition=Q(category__startswith="CE-"), name="ingredient_food"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["name", "measure"], name="ingredient_alike")]  # the district's same item
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name and specification, as people call it."""
        return f"{self.name} {self.spec}".strip()

    @property
    def allergen_words(self) -> str:
        """Its allergens as people read them."""
        return "、".join(words for code, words in ALLERGENS if code in self.allergens)
