"""Roll-ups: what was counted per school and day, what each case added to it, and how far the ledger has been folded."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.orgs.models import Unit


class Daily(models.Model):
    """One tally of one school (or place) on one day: all kinds together (blank topic), and each kind for itself.

    `bin` sorts lengths of time into a histogram (0: none). Only `fold` writes it.
    """

    tally = models.CharField(max_length=40, db_collation="C")
    topic = models.CharField(max_length=20, blank=True, default="", db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_path = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    bin = models.PositiveSmallIntegerField(default=0)
    n = models.BigIntegerField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tally", "topic", "unit", "day", "bin"], name="daily_once"),
        ]
        indexes = [
            models.Index(
                fields=["tally", "topic", "day"], include=["unit", "unit_path", "bin", "n", "amount"], name="daily_wide"
            ),
            models.Index(fields=["tally", "topic", "unit_path", "day"], name="daily_place"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.tally} {self.unit_id} {self.day} {self.n}"


class Counted(models.Model):
    """What one case has added to the roll-ups, as of the `seq`-th event of its chain and its place then.

    `parts` are [tally, topic, unit, day, bin, n, amount]; `marks` are `tally:day` (and `tally:day:kind` where its parts name
    their kinds), for the list behind a figure.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="counted")
    seq = models.PositiveIntegerField()
    unit_path = models.CharField(max_length=64, db_collation="C")
    parts = models.JSONField(default=list)
    marks = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        indexes = [GinIndex(fields=["marks"], name="counted_marks")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq}"


class Fold(models.Model):
    """How far the ledger has been folded: one row.

    Everything up to event `floor` is counted. Ids are not in commit order, so `floor` follows only when every
    transaction that could still bring a lower one (those older than `mark_xid`) has ended; `mark_upto` was the last
    id given out then. `as_of` is the moment up to which nothing is missing.
    """

    floor = models.BigIntegerField(default=0)
    mark_upto = models.BigIntegerField(null=True)
    mark_xid = models.BigIntegerField(null=True)
    law = models.CharField(max_length=200, default="")
    as_of = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="fold_is_one")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.floor} {self.as_of}"


class Again(models.Model):
    """A request to count the cases at and below `path` again, walked by case id: the calendar or the counting changed."""

    path = models.CharField(max_length=64, db_collation="C", blank=True)
    after = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.path} {self.after}"
