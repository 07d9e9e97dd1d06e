"""盘点: a stock-take of a building or a school, and a line for each asset that should be there or was found there."""

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.orgs.models import Unit, User

from .assets import Asset


class StockTake(Case):
    """One stock-take; its lines say what was expected and what was seen."""

    class Meta:
        default_permissions = ()


class CountLine(models.Model):
    """One asset in one stock-take. `expected` is where it should be (none: it belongs elsewhere), `found` where it was
    seen; a difference is settled with a reason.
    """

    take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    expected = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    found = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(null=True)
    found_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("处理", max_length=10, blank=True, default="")
    reason = models.CharField("原因", max_length=200, blank=True, default="")
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["take", "asset"], name="count_line_once"),
            models.CheckConstraint(
                condition=Q(expected__isnull=False) | Q(found__isnull=False), name="count_line_says"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.take_id} {self.asset_id}"
