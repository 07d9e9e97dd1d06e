"""Cells of the grid, and who answers for them: dated, so that a day long past still has its answer."""

from datetime import date, datetime, time

from django.db import models
from django.db.models import F, Q

from portal.clock import SCHOOL_TIME
from portal.ledger.models import Chained
from portal.orgs.models import Appointment, Unit, User


class Level(models.IntegerChoices):
    """The four levels of a county's grid (docs/rules.md 3.1): bureau, town or county school, school, post."""

    BUREAU = 1, "一级（教育局）"
    TOWN = 2, "二级（乡镇、县直校）"
    SCHOOL = 3, "三级（学校）"
    POST = 4, "四级（岗位）"


LEVELS = {"bureau": Level.BUREAU, "section": Level.BUREAU, "town": Level.TOWN, "school": Level.SCHOOL}


def level_at(kind: str) -> Level:
    """The level of a place by its kind of unit: whatever lies within a school is a post."""
    return LEVELS.get(kind, Level.POST)


class Days(models.TextChoices):
    """On which days a cell is watched."""

    EVERY = "every", "每天"
    SCHOOL = "school", "上学日"


class Cell(Chained):
    """网格: one spot, what is watched there, and in which hours of which days.

    Without hours it is watched round the clock; hours that end before they begin go on past midnight and belong to
    the day they begin on. Other hours or days make another cell that follows this one (`follows`): the past keeps its own.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cells", verbose_name="地点")
    level = models.PositiveSmallIntegerField("层级", choices=Level, default=Level.POST)
    title = models.CharField("名称", max_length=40, blank=True, default="")
    duties = models.TextField("职责", max_length=1000, blank=True, default="")
    begins = models.TimeField("开始", null=True, blank=True)
    ends = models.TimeField("结束", null=True, blank=True)
    days = models.CharField("哪些天", max_length=6, choices=Days, default=Days.EVERY)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "begins", "ends"],
                condition=Q(closed_on=None),
                nulls_distinct=False,
                name="cell_hours_once",
                violation_error_message="这个地点已经有一个同样时段的网格。",
            ),
            models.CheckConstraint(
                condition=Q(begins=None, ends=None) | Q(begins__isnull=False, ends__isnull=False),
                name="cell_hours_both",
                violation_error_message="开始和结束时间要一起填。",
            ),
            models.CheckConstraint(
                condition=Q(begins=None) | ~Q(begins=F("ends")),
                name="cell_hours_differ",
                violation_error_message="开始和结束时间不能一样。",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="cell_level"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.title} {self.hours}".strip()

    @property
    def name(self) -> str:
        """What the spot is called: its own title, else its place's name."""
        return self.title or self.unit.name

    @property
    def hours(self) -> str:
        """The hours in words; nothing when it is watched round the clock."""
        return hours_words(self.begins, self.ends)

    @property
    def times(self) -> str:
        """Days and hours in words."""
        return f"{self.get_days_display()} {self.hours or '全天'}"


class Holding(Chained):
    """A person answers for a cell from one day until another, and names who does it while they are away.

    `until` is the last whole day. Ended at once, it is the day before, and `ended_at` keeps the moment; taken over
    during a day, `began_at` keeps it. `appointment` is the post (网格责任人) behind it; `first` the day this person
    took the cell, where somebody else became the substitute since, or its hours changed.
    """

    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="holdings", verbose_name="网格")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="责任人")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    first = models.DateField(editable=False)
    began_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    substitute = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="代班"
    )
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(person=F("substitute")),
                name="holding_other",
                violation_error_message="代班不能是责任人本人。",
            )
        ]
        indexes = [
            models.Index(fields=["cell", "since"], name="holding_cell"),
            models.Index(fields=["person", "since"], name="holding_person"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id} {self.cell_id} {self.since}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the person answered for it, counting a part of a day."""
        return self.ended_at.astimezone(SCHOOL_TIME).date() if self.ended_at else self.until


def hours_words(begins: time | None, ends: time | None) -> str:
    """Hours as people write them: 7:20—7:50, 22:00—次日 6:00."""
    if begins is None or ends is None:
        return ""
    return f"{_clock(begins)}—{'次日 ' if ends < begins else ''}{_clock(ends)}"


def held_at(day: date, moment: datetime) -> Q:
    """Holdings (and absences) of that day that hold at that moment of it, whatever was agreed or ended later."""
    ended = Q(ended_at=None) & (Q(until=None) | Q(until__gte=day)) | Q(ended_at__gt=moment)
    return Q(since__lte=day) & ended


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"
