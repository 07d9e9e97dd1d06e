"""The school calendar: the nation's days by year, and what a place sets for itself and everything below it."""

from django.db import models
from django.db.models import F, Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit

EVERY_DAY = 0  # a timetable's hours for weekdays it does not name


class DayKind(models.TextChoices):
    """What the national calendar says about one day."""

    WORKDAY = "workday", "工作日"
    RESTDAY = "restday", "休息日"
    HOLIDAY = "holiday", "节假日"
    MAKEUP = "makeup", "补班日"


WORKING = (DayKind.WORKDAY, DayKind.MAKEUP)


class CalendarYear(Chained):
    """A year of the national calendar; until its notice (放假安排) is known, deadlines touching it are provisional.

    The changes of its days are entries of its chain.
    """

    year = models.PositiveSmallIntegerField("年份", unique=True)
    confirmed = models.BooleanField("已按通知核定", default=False)
    source = models.CharField("依据", max_length=100, blank=True)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from the ordinary week, in the whole country: other days are worked from Monday to Friday."""

    date = models.DateField("日期", unique=True)
    kind = models.CharField("类型", max_length=8, choices=DayKind)
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("依据", max_length=100, blank=True)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class UnitCalendar(Chained):
    """Carries the chain of what one unit set about its own terms, hours and days; never deleted."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")

    def __str__(self) -> str:
        return f"{self.unit_id}"


class UnitDay(models.Model):
    """A place's own day: closed (运动会, 台风停课) or open (补课) whatever the nation's calendar and the terms say."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    date = models.DateField("日期")
    open = models.BooleanField("上学")
    name = models.CharField("名称", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "date"], name="unit_day_once", violation_error_message="这一天已经设置过了。"
            )
        ]
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.date}"


class Hours(models.Model):
    """One stretch of a unit's timetable (作息时间) that holds from `since` until its next timetable begins.

    `weekday` is 1 (Monday) to 7, or 0 for the weekdays the timetable does not name. Half-open: 12:00 is closed.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    since = models.DateField("起")
    weekday = models.PositiveSmallIntegerField("星期", default=EVERY_DAY)
    opens = models.TimeField("开始")
    closes = models.TimeField("结束")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "since", "weekday", "opens"],
                name="hours_once",
                violation_error_message="同一时间开始的时段已经设置过了。",
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="hours_order",
                violation_error_message="结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=7), name="hours_weekday", violation_error_message="星期要在周一到周日之间。"
            ),
        ]
        ordering = ["since", "weekday", "opens"]
        verbose_name_plural = "hours"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.weekday} {self.opens}-{self.closes}"
