"""派工规则: who repairs what where, as the desk has set it; every change is a new version, the old ones stay."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.ledger.models import Chained
from portal.orgs.models import Unit, User


class DispatchRule(Chained):
    """For a place and everything below it, and one kind of fault (blank: every kind): the team, in the order named.

    The nearest place wins, a kind before all kinds. Nobody in `people`: no rule holds here. `by_itself`: the portal
    dispatches as soon as a ticket is accepted; else it proposes.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="地点")
    topic = models.CharField("类别", max_length=20, blank=True, default="")
    people = ArrayField(models.BigIntegerField(), verbose_name="派给")
    by_itself = models.BooleanField("直接派工", default=False)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "topic", "version"], name="dispatch_rule_version")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.topic or '*'} v{self.version}"
