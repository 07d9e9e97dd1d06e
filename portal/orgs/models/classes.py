"""School years and terms, pupils, their classes and their guardians."""

from django.db import models
from django.db.models import F, Q

from .people import User
from .tree import Unit


class SchoolYear(models.Model):
    """学年, such as 2026-2027."""

    start_year = models.PositiveSmallIntegerField("开始年份", unique=True)

    class Meta:
        ordering = ["-start_year"]

    def __str__(self) -> str:
        return f"{self.start_year}-{self.start_year + 1}"


class Term(models.Model):
    """学期 of a unit and everything below it that has none of its own: days outside any term are not school days."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms", verbose_name="单位")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="terms", verbose_name="学年")
    number = models.PositiveSmallIntegerField("学期", choices=[(1, "第一学期"), (2, "第二学期")])
    starts = models.DateField("开学")
    ends = models.DateField("放假")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], name="term_once", violation_error_message="这个学期已经设置过了。"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="term_dates", violation_error_message="放假日期要晚于开学日期。"
            ),
        ]
        ordering = ["starts"]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


class Student(models.Model):
    """A pupil; has an account only where the school allows it. Marked as a minor's data: staff reads are logged."""

    name = models.CharField("姓名", max_length=40)
    number = models.CharField("学号", max_length=30, unique=True)
    account = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="student")

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """A pupil is in a class (a unit of kind class) from one day until another."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrolments")
    school_class = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="enrolments")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(until=None),
                name="enrolment_one_live",
                violation_error_message="这名学生已在另一个班级，请先办理转出。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.school_class_id}"


class Guardianship(models.Model):
    """A guardian of a pupil; without custody, or after `until`, nothing of the child is shown."""

    guardian = models.ForeignKey(User, on_delete=models.CASCADE, related_name="guardianships")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardianships")
    relation = models.CharField("关系", max_length=10)
    custody = models.BooleanField("有监护权", default=True)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "student"],
                condition=Q(until=None),
                name="guardianship_one_live",
                violation_error_message="这位家长已经是这名学生的监护人。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.student_id}"
