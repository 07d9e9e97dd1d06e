"""值班签到: who was at a post on a day, and when."""

from django.db import models
from django.db.models import Q

from portal.clock import SCHOOL_TIME
from portal.ledger.models import Chained
from portal.orgs.models import User

from .cells import Holding


class SignIn(Chained):
    """One person at one post on one day. `at` is when they scanned its sticker (none: the head entered it).

    `corrected` overrides what the moment says, with a reason; the ledger has who did it and when.
    """

    ON_TIME, LATE, ABSENT, EXCUSED = "on_time", "late", "absent", "excused"
    STANDINGS = ((ON_TIME, "准时"), (LATE, "迟到"), (ABSENT, "缺岗"), (EXCUSED, "公假"))

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="sign_ins")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="值班人")
    day = models.DateField("日期")
    at = models.DateTimeField("签到时间", null=True)
    corrected = models.CharField("更正为", max_length=8, blank=True, default="", choices=STANDINGS)
    reason = models.CharField("原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holding", "day"], name="sign_in_once"),
            models.CheckConstraint(condition=Q(at__isnull=False) | ~Q(corrected=""), name="sign_in_says"),
        ]
        indexes = [models.Index(fields=["day", "holding"], name="sign_in_day")]
        default_permissions = ()

    @property
    def words(self) -> str:
        """When it was, as people say it."""
        return f"{self.at.astimezone(SCHOOL_TIME):%H:%M}" if self.at else ""

    def __str__(self) -> str:
        return f"{self.holding_id} {self.day}"
