"""Posts people hold at units, who stands in for whom, and conflicts the bureau has waived."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from portal import clock
from portal.ledger.models import Chained

from .people import User
from .tree import Unit


def held_on(day: date) -> Q:
    """Rows with `since` and `until` that hold on `day`."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def dates_in_order(name: str) -> models.CheckConstraint:
    """`until` is the last day held; ended before its first day was over, a row keeps the day before `since`."""
    return models.CheckConstraint(
        condition=Q(until=None) | Q(until__gte=F("since") - timedelta(days=1)),
        name=name,
        violation_error_message="结束日期不能早于开始日期。",
    )


def ended(row: "Appointment | Absence") -> date | None:
    """The last day to show: the day it was ended by hand, or the last day agreed."""
    return row.ended_at.astimezone(clock.SCHOOL_TIME).date() if row.ended_at else row.until


class Post(UserObjectPermissionBase):
    """The grant behind a live appointment: guardian's row on a unit, holding for everything below it."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE, db_column="unit_id")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["content_object", "permission"], name="post_holders")]


class Appointment(Chained):
    """任职: a person holds a role at a unit from one day until another; the dated record behind a `Post`.

    `until` is the last whole day held. Ended at once, it is the day before, and `ended_at` keeps the moment.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments", verbose_name="人员")
    role = models.CharField("岗位", max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments", verbose_name="单位")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    granted = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [dates_in_order("appointment_dates")]
        indexes = [
            models.Index(fields=["person", "since"], name="appointment_person"),
            models.Index(fields=["unit", "role"], name="appointment_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.unit_id}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the person answered for this, counting a part of a day."""
        return ended(self)


class Absence(Chained):
    """A person is away from one day to another, and a substitute is told and may act instead.

    `until` is the last whole day away; back early, it is the day before, and `ended_at` keeps the moment.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences", verbose_name="请假人")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standing_in", verbose_name="代理人")
    since = models.DateField("起")
    until = models.DateField("止")
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            dates_in_order("absence_dates"),
            models.CheckConstraint(
                condition=~Q(person=F("substitute")), name="absence_other", violation_error_message="代理人不能是本人。"
            ),
        ]
        indexes = [models.Index(fields=["substitute", "until"], name="absence_substitute")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}..{self.until}"

    @property
    def last_day(self) -> date | None:
        """The last day the person was away, counting a part of a day."""
        return ended(self)


class Waiver(Chained):
    """豁免: the bureau lets one person hold two conflicting roles at one place for a time, with a check instead."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="waivers", verbose_name="人员")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="waivers", verbose_name="单位")
    role = models.CharField("岗位", max_length=40)
    beside = models.CharField("与之冲突的岗位", max_length=40)
    since = models.DateField("起")
    until = models.DateField("止")
    reason = models.CharField("原因", max_length=300)
    check_instead = models.CharField("补偿检查", max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="waiver_dates",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}+{self.beside}"
