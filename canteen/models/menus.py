"""菜谱: which dishes a canteen serves at which meal of a day, and the case in which the week's menu is published."""

from django.db import models

from portal.orgs.models import User
from portal.publications.models import Duty

from .dishes import Dish
from .places import Canteen, Meal


class Serving(models.Model):
    """One dish on the menu of one meal, at the price of that day in 元. Who changed a meal stands in the canteen's chain."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="servings")
    day = models.DateField("日期")
    meal = models.CharField("餐次", max_length=10, choices=Meal)
    dish = models.ForeignKey(Dish, on_delete=models.PROTECT, related_name="servings")
    price = models.DecimalField("价格", max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["canteen", "day", "meal", "dish"], name="serving_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.meal} {self.dish_id}"


class MenuChange(models.Model):
    """Why a meal was written anew where a reason was given: of a published week there always is one."""

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    meal = models.CharField("餐次", max_length=10, choices=Meal)
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["canteen", "day"], name="menu_change_day")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.meal}"


class WeekMenu(Duty):
    """CP-01: the case in which a school's menu of a week, with grams, allergens and prices, is checked and published."""

    class Meta:
        default_permissions = ()
