"""Systems of other authorities, how each case stands with each of them, what is on its way, and what they say they have."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import Unit
from portal.outbox import Outgoing

REASON = 200  # characters of why a report was refused


TROUBLES = {
    "no_secret": "没有登记密钥",
    "address_inside": "接口地址指向内网",
    "sender_died": "发送程序多次中断",
    "closed_circle": "已转入专项圈，不对外报",
    "rejected": "对方退回",
    "not_json": "对方的回答不合约定",
    "not_the_contract": "对方的回答不合约定",
    "too_long": "对方的回答太长",
}


class Troubled(Outgoing):
    """Something on its way that can say in words why it did not go."""

    class Meta:
        abstract = True

    @property
    def trouble(self) -> str:
        """Why it did not go, for people; nothing while nothing went wrong."""
        if self.error.startswith("http_"):
            return f"对方出错（{self.error.removeprefix('http_')}）"
        return TROUBLES.get(self.error, "对方没有应答") if self.error else ""


class System(Chained):
    """One outside system that is told of cases of one kind at a unit and everything below it.

    `sorts` and `moments` say which; switched off, nothing becomes due and nothing is sent. `resting_until` spares a system
    that does not answer; `catching_up` is the last case looked at since it was switched on (none: all have been).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="适用单位")
    kind = models.CharField("事项", max_length=40, db_collation="C")
    code = models.SlugField("代号", max_length=30, unique=True, db_index=False)
    name = models.CharField("系统名称", max_length=60)
    connector = models.CharField("接口", max_length=20)
    endpoint = models.CharField("接口地址", max_length=200, blank=True)
    sorts = ArrayField(models.CharField(max_length=20), verbose_name="报哪些")
    moments = ArrayField(models.CharField(max_length=20), verbose_name="什么时候报")
    on = models.BooleanField("启用", default=False)
    made_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    catching_up = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Line(Chained):
    """How one case stands with one system: not due, waiting, sent, accepted with a receipt number, refused with a reason."""

    class State(models.TextChoices):
        """Where it stands."""

        NOT_DUE = "not_due", "未报"
        WAITING = "waiting", "待报"
        SENT = "sent", "已报"
        ACCEPTED = "accepted", "已回执"
        REFUSED = "refused", "被退回"

    system = models.ForeignKey(System, on_delete=models.PROTECT, db_index=False, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="lines_out")
    state = models.CharField(max_length=10, choices=State, default=State.NOT_DUE)
    moment = models.CharField(max_length=20, blank=True)
    seq = models.PositiveSmallIntegerField(default=0)
    receipt = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=REASON, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["system", "case"], name="line_once")]
        indexes = [
            models.Index(fields=["system", "state", "-id"], name="line_states"),
            models.Index(fields=["system", "moved_at"], name="line_moved", condition=Q(seq__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.case_id} {self.state}"

    @property
    def words(self) -> str:
        """How it stands, in words: 已回执 YJ-2026-17."""
        more = {self.State.ACCEPTED: self.receipt, self.State.REFUSED: self.reason}.get(self.State(self.state), "")
        return f"{self.get_state_display()} {more}".strip()


class Report(Troubled):
    """One thing a system is told of one case, as it was when it became due; `key` is its name for good.

    Reports of one line go in the order of `seq`: what was refused or given up holds the later ones until a person has looked.
    """

    line = models.ForeignKey(Line, on_delete=models.CASCADE, db_index=False, related_name="reports")
    seq = models.PositiveSmallIntegerField()
    moment = models.CharField(max_length=20)
    key = models.UUIDField(unique=True)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    receipt = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=REASON, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["line", "seq"], name="report_once")]
        indexes = [
            models.Index(fields=["next_at"], name="report_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="report_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.seq} {self.state}"


class Reconciliation(Troubled):
    """One day's comparison with what a system says it has: how many on each side, how many differences. Asked until it answers."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="reconciliations", db_index=False)
    day = models.DateField()
    ours = models.PositiveIntegerField(default=0)
    theirs = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["system", "day"], name="reconciled_once_a_day")]

    def __str__(self) -> str:
        return f"{self.system_id} {self.day}"


class Finding(models.Model):
    """One difference a reconciliation found: missing there, unknown here, or differing (in what, said both ways)."""

    class Kind(models.TextChoices):
        """What kind of difference."""

        MISSING = "missing", "对方没有"
        UNKNOWN = "unknown", "本系统没有"
        DIFFERING = "differing", "两边不一致"

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=80)
    line = models.ForeignKey(Line, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+")
    ours = models.CharField(max_length=200, blank=True)
    theirs = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
