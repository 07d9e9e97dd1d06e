"""What is owed to the public and what was published: issues with their chains, versions that never change, their files."""

from django.db import models

from portal.cases.models import Case
from portal.ledger.models import Chained
from portal.orgs.models import Unit, User

from .kinds import KINDS, Audience, Kind
from .periods import Period, period_of


class Issue(Chained):
    """One kind of publication of one school for one period: owed from the day it is opened, `current` 0 until published.

    `due_at` is when it must be out where no case is due instead (`case`, whose clock says so). `first_at` is when its
    first version came out and never changes, whatever is corrected later.
    """

    kind = models.CharField(max_length=40, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    period = models.CharField(max_length=24, db_collation="C")
    audience = models.CharField(max_length=8, choices=[(one.value, one.words) for one in Audience])
    title = models.CharField("标题", max_length=120)
    since = models.DateField("起")
    until = models.DateField("止")
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="issue")
    due_at = models.DateTimeField("应公示于", null=True)
    current = models.PositiveSmallIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)
    asks_receipt = models.BooleanField("要求已阅", default=False)
    first_at = models.DateTimeField("首次公示", null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "unit", "period"], name="issue_once")]
        indexes = [
            models.Index(fields=["unit", "kind", "-period"], name="issue_board"),
            models.Index(fields=["audience", "-id"], name="issue_newest"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.period}"

    @property
    def about(self) -> Kind:
        """Its kind."""
        return KINDS[self.kind]

    @property
    def when(self) -> Period:
        """Its period."""
        return period_of(self.about.every, self.period)


class Publication(models.Model):
    """One version of an issue, for good: what was said, its digest, when, and by which post. Never changed or deleted.

    `payload` is the canonical JSON itself, digest and file are of these very bytes. A withdrawn one says only why.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    payload = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    code = models.CharField("验证码", max_length=19, unique=True, db_collation="C")
    reason = models.TextField("更正原因", blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField("公示于")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.CharField("公示人岗位", max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "version"], name="publication_version")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.issue_id} v{self.version} {self.code}"


class Rendition(models.Model):
    """A file made of one version, once: `stored` is where it lies below the media folder, `digest` that of its bytes."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="renditions")
    form = models.CharField(max_length=8)
    stored = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "form"], name="rendition_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.publication_id} {self.form}"


class Prepared(models.Model):
    """What a duty's first part has prepared and everybody after signs: the canonical content and its digest.

    Prepared anew after it was sent back; each signature names this digest in the chain, and so does what is published.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="prepared")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.digest[:8]}"


class Run(Chained):
    """A week's (or month's) publication of one kind at every school of a bureau or town, worked off school by school.

    Opened by the clock at its `moment` (`opened_by` blank) or by a person after it; once per kind, period and unit. Never
    the reason that something unsigned is out: it publishes what is signed or needs no signature, and says why not the rest.
    """

    kind = models.CharField(max_length=40, db_collation="C")
    period = models.CharField(max_length=24, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="范围")
    title = models.CharField(max_length=120)
    moment = models.DateTimeField("应公示于")
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "period", "unit"], name="run_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.unit_id}"

    @property
    def about(self) -> Kind:
        """Its kind."""
        return KINDS[self.kind]


class RunItem(models.Model):
    """One school of a run: how it stands and, where it is not out, the sentence that says why."""

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", "等待公示"
        PUBLISHED = "published", "已公示"
        REFUSED = "refused", "数据有误，没有公示"
        UNSIGNED = "unsigned", "没有签字，没有公示"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="items", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    said = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "unit"], name="run_item_once")]
        indexes = [models.Index(fields=["id"], name="run_item_waiting", condition=models.Q(state="waiting"))]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.run_id} {self.unit_id} {self.state}"


class Announcement(Chained):
    """What somebody writes for the school's readers: a draft, handed in to who issues it, then an issue with its versions.

    `text` is as it was typed (`markup.py`); `files` are the ids of the documents published with it. What is out changes only
    by a correction; `text` is then what the next version says.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT, HANDED_IN = ("draft", "草稿"), ("handed_in", "等签发")
        ISSUED, DISCARDED = ("issued", "已发布"), ("discarded", "不发了")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    audience = models.CharField("给谁看", max_length=8, choices=[(one.value, one.words) for one in Audience])
    category = models.CharField("类别", max_length=12)
    title = models.CharField("标题", max_length=60)
    text = models.TextField("正文")
    files = models.JSONField(default=list)
    asks_receipt = models.BooleanField("请读者点已阅", default=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    returned = models.CharField("退回的原因", max_length=300, blank=True, default="")
    issue = models.OneToOneField(Issue, null=True, on_delete=models.PROTECT, related_name="announcement")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="announcement_school")]
        default_permissions = ()

    @property
    def readers(self) -> str:
        """For whom it is, in words."""
        mine = (one for one in KINDS.values() if one.code.startswith("announcements.") and self.unit.kind in one.of)
        return next((one.readers for one in mine if one.audience == self.audience), "")

    def __str__(self) -> str:
        return self.title


class Receipt(models.Model):
    """已阅: one reader of one issue, once; `version` is the one that was out."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "reader"], name="receipt_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.issue_id} {self.reader_id}"


class Duty(Case):
    """The case in which an issue is checked and signed; each affair's own flow names its model after it."""

    onto = ""  # while it is being signed: the state of the next part somebody can sign
    period = models.CharField("期", max_length=24, db_collation="C")

    class Meta:
        abstract = True
        default_permissions = ()
