"""Time as data: deadlines with their ladders, what has risen, the settings behind them, and what the clock opens."""

from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit, User
from portal.worktime.spans import Measure, Span

from .case import Case


class ClockSetting(Chained):
    """时限与阶梯 of one clock, set by an admin for a unit and everything below it; the nearest one wins.

    Each change is a new row. Blank `amount` or `rungs` leave that part to the unit above, or to the flow. `rungs` is
    a list of {"share": "0.8"} or {"plus": "4"} with "tells" (a role code or `holder`) and "ack" (hours).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField(max_length=40)
    clock = models.CharField(max_length=24)
    topic = models.CharField(max_length=20, blank=True, default="")
    amount = models.DecimalField("时限", max_digits=7, decimal_places=2, null=True, blank=True)
    measure = models.CharField("按什么时间走", max_length=5, choices=Measure, blank=True, default="")
    rungs = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "clock", "topic", "version"], name="clock_setting_version"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="clock_setting_amount",
                violation_error_message="时限要大于零。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clock} {self.unit_id} v{self.version}"


class Deadline(models.Model):
    """One running (or standing, or stopped) clock of a case. `amount` and `extra` count in `measure`.

    `named` is the very moment where the case names one; `amount` is then only what its ladder counts by.
    `stood` lists the times it stood still, `round` rises when its ladder starts again from below (time granted, re-classified). `next_rung_at` is when the ladder's next rung is due; the sweep asks it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False, related_name="deadlines")
    clock = models.CharField(max_length=24)
    started_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=7, decimal_places=2)
    extra = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    measure = models.CharField(max_length=5, choices=Measure)
    named = models.DateTimeField(null=True)
    setting = models.ForeignKey(ClockSetting, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    stood = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    rung = models.PositiveSmallIntegerField(default=0)
    next_rung_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "clock"], condition=Q(done_at=None), name="deadline_one_live")
        ]
        indexes = [
            models.Index(
                fields=["next_rung_at"],
                name="deadline_waiting",
                condition=Q(done_at=None, paused_at=None, next_rung_at__isnull=False),
            ),
            models.Index(fields=["case"], name="deadline_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def total_span(self) -> Span:
        """The time allowed in all, with what was granted on top."""
        return Span(self.amount + self.extra, Measure(self.measure))


class Escalation(models.Model):
    """A rung that fired: who was told, when it was due, and who has acknowledged it. Fires once (unique)."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, db_index=False, related_name="escalations")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    round = models.PositiveSmallIntegerField(default=1)
    rung = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    told = models.JSONField(default=list)
    vacant = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    ack_by = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "round", "rung"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.case_id} rung {self.rung} {self.role}"


class Schedule(Chained):
    """An obligation that comes again: the clock opens its case when `next_at` is reached.

    `rule` is {"every": "day|week|month|term", "day": 1-7 or 1-31, "time": "HH:MM", "school_days": true} (see `schedules.plan`);
    the affair's opener named by `kind` gets `data`.
    """

    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    rule = models.JSONField()
    data = models.JSONField(default=dict)
    next_at = models.DateTimeField(null=True)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "unit", "title"], name="schedule_once")]
        indexes = [models.Index(fields=["next_at"], name="schedule_due", condition=Q(is_on=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.title}"


class RoutineSetting(Chained):
    """Whether a recurring case comes at a unit and everything below it: one version of what was set there for its kind.

    `stance`: it comes, it does not, or what is set above holds again. `rule` is whole, as a `Schedule` keeps it; empty
    where it does not come from here.
    """

    ON, OFF, ABOVE = "on", "off", "above"
    STANCES = [(ON, "按时开出"), (OFF, "不开"), (ABOVE, "沿用上级")]

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    stance = models.CharField(max_length=5, choices=STANCES)
    rule = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "version"], name="routine_setting_version")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} v{self.version}"


class Heartbeat(models.Model):
    """When the clock last swept: a dead clock is noticed by everybody."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
