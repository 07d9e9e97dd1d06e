"""What is asked, who has answered, and what was said: three things that nothing in the database joins (ADR 0020).

The roll knows people and no answers; questions know sums and no people; remarks know their question alone. No table of
this room keeps a moment of a single ballot, and no row of it is numbered in the order of writing.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit, User

LEAST = 3  # answers below which no school may show a result, whatever it sets


class Per(models.TextChoices):
    """What one ballot stands for."""

    PERSON, HOUSEHOLD = ("person", "一人一份"), ("household", "一户一份")


class Ask(models.TextChoices):
    """Kinds of questions."""

    SCORE, PERCENT, CHOICE = ("score", "打星（1—5）"), ("percent", "打分（0—100）"), ("choice", "选一项")
    YES_NO, WORDS = ("yes_no", "是或否"), ("words", "留言")


class Survey(Chained):
    """One ballot or questionnaire of a unit, open from its issue until `closes_at`, never longer or shorter.

    `code` names it in addresses and is the period of its publication. `least` answers must have come before anything is
    shown. `purpose` is the affair's own code for what it is about; `kind` the kind of publication of its result (blank: it
    is shown to those asked alone). `invited` is counted when it closes: people, and pupils where one ballot is a household's.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    code = models.CharField(max_length=16, unique=True, db_collation="C")
    title = models.CharField("标题", max_length=60)
    about = models.CharField("说明", max_length=300, blank=True, default="")
    per = models.CharField("一份代表", max_length=10, choices=Per, default=Per.PERSON)
    asks_staff = models.BooleanField("教职工", default=False)
    asks_parents = models.BooleanField("家长", default=False)
    asks_students = models.BooleanField("学生", default=False)
    least = models.PositiveSmallIntegerField("满几份才显示结果", default=5)
    purpose = models.CharField(max_length=60, blank=True, default="", db_collation="C")
    kind = models.CharField("公示种类", max_length=40, blank=True, default="", db_collation="C")
    issuer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("截止")
    closed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    ballots = models.PositiveIntegerField("答卷", default=0)
    voted = models.PositiveIntegerField("已答", default=0)
    invited = models.PositiveIntegerField("应答", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=LEAST), name="survey_least"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="survey_times"),
            models.CheckConstraint(
                condition=Q(asks_staff=True) | Q(asks_parents=True) | Q(asks_students=True), name="survey_asks"
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], name="survey_open", condition=Q(closed_at=None, withdrawn_at=None)),
            models.Index(fields=["unit", "-id"], name="survey_unit"),
            models.Index(fields=["purpose", "-id"], name="survey_purpose", condition=~Q(purpose="")),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question with the sums of its answers: `counts` says how often each answer was given, and no more.

    `about` is the affair's own code for what is judged (a dish).
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Ask)
    title = models.CharField("问题", max_length=80)
    choices = models.JSONField("选项", default=list)
    required = models.BooleanField("必答", default=True)
    about = models.CharField(max_length=60, blank=True, default="", db_collation="C")
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "place"], name="survey_question_place")]
        indexes = [models.Index(fields=["about"], name="survey_question_about", condition=~Q(about=""))]
        ordering = ["place"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class Voter(models.Model):
    """The roll: who has answered (`person:17`, or `pupil:33` for a pupil's household), once each, and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="roll", db_index=False)
    key = models.CharField(max_length=30, db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "key"], name="survey_one_ballot")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.survey_id} {self.key}"


class Remark(models.Model):
    """What somebody wrote; nobody knows who. `mixed` rows lie among many others for good, the rest are laid anew with
    each ballot. Shown to others only once the issuer has let it through."""

    NEW, SHOWN, HIDDEN = "new", "shown", "hidden"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="remarks")
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=[(NEW, "待看"), (SHOWN, "公开"), (HIDDEN, "不公开")], default=NEW)
    mixed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.question_id} {self.state}"
