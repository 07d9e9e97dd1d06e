"""Who and where: people, the unit tree down to rooms, posts held, absences, years, classes, pupils and guardians."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from portal.ledger.models import Chained

STEP = 4  # characters of the materialised path for one level
PHONE = RegexValidator(r"^1[3-9]\d{9}$", "手机号是 11 位数字，以 1 开头。")


def prefixes(path: str) -> list[str]:
    """The paths of a unit and of everything above it, from the top down."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


class UnitKind(models.TextChoices):
    """What a unit is."""

    BUREAU = "bureau", "教育局"
    SECTION = "section", "科室"
    TOWN = "town", "乡镇"
    SCHOOL = "school", "学校"
    CAMPUS = "campus", "校区"
    BUILDING = "building", "楼栋"
    FLOOR = "floor", "楼层"
    ROOM = "room", "房间"
    OUTDOOR = "outdoor", "室外场地"
    CLASS = "class", "班级"


PLACE_KINDS = (UnitKind.CAMPUS, UnitKind.BUILDING, UnitKind.FLOOR, UnitKind.ROOM, UnitKind.OUTDOOR)


class Stage(models.TextChoices):
    """What a school teaches; a combined school takes its highest stage."""

    KINDERGARTEN = "KG", "幼儿园"
    PRIMARY = "PRI", "小学"
    JUNIOR = "JUN", "初中"
    SENIOR = "SEN", "高中"
    VOCATIONAL = "VOC", "中职"


class UnitQuerySet(MP_NodeQuerySet):  # type: ignore[misc]
    """Units, asked by place."""

    def under(self, path: str) -> "UnitQuerySet":
        """A unit and everything below it."""
        return self.filter(path__startswith=path)

    def open(self) -> "UnitQuerySet":
        """Units that have not been closed."""
        return self.filter(closed_on=None)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Units in the order of the tree."""


class Unit(MP_Node):  # type: ignore[misc]
    """A bureau, township, school, building, room, outdoor area or class: one tree, so one sticker serves every affair.

    `school` is the nearest school (itself for a school), `label` the place within it ("教学楼 2层 203");
    `portal.orgs.actions` alone writes both.
    """

    steplen = STEP
    path = models.CharField(max_length=64, unique=True, db_collation="C")
    kind = models.CharField("类型", max_length=12, choices=UnitKind)
    name = models.CharField("名称", max_length=60)
    label = models.CharField(max_length=200, blank=True, editable=False)
    code = models.CharField("编码", max_length=20, blank=True, help_text="学校用于编号，如 LX01")
    school = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    stage = models.CharField("学段", max_length=3, choices=Stage, blank=True)
    public = models.BooleanField("公办", default=True)
    region_code = models.CharField("行政区划代码", max_length=6, blank=True)
    entry_year = models.PositiveSmallIntegerField("入学年份", null=True, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UnitManager] = UnitManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(kind=UnitKind.SCHOOL) & ~Q(code=""),
                name="unit_school_code",
                violation_error_message="这个学校编码已被使用。",
            )
        ]
        indexes = [models.Index(fields=["school", "kind"], name="unit_school_kind")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The place as people say it: within its school, or its own name above schools."""
        return self.label or self.name

    def is_under(self, path: str) -> bool:
        """Whether this unit is, or lies below, the unit at `path`."""
        return bool(self.path.startswith(path))


class UserManager(BaseUserManager["User"]):
    """People, found by username or phone."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Finds a person by what they type to sign in."""
        return self.get(Q(username=username) | Q(phone=username))

    def create_user(self, username: str, name: str, password: str | None = None, **more: Any) -> "User":
        """Adds a person who can sign in."""
        user = self.model(username=username, name=name, **more)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in with a username or a phone number, known by their Chinese name.

    `home` is the unit they belong to (staff: their school; a parent: none). `epoch` rises to sign out everywhere.
    """

    username = models.CharField("工号", max_length=40, unique=True)
    phone = models.CharField("手机号", max_length=11, unique=True, null=True, blank=True, validators=[PHONE])
    name = models.CharField("姓名", max_length=40)
    email = models.EmailField("邮箱", blank=True)
    home = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    is_active = models.BooleanField("在用", default=True)
    left_on = models.DateField("离开日期", null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    epoch = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    last_login = None

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]
    USERNAME_FIELD = "username"

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["home", "name"], name="user_home_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def surname(self) -> str:
        """The family name shown in the round badge."""
        return self.name[:1]

    def get_session_auth_hash(self) -> str:
        """Ends sessions when the password changes, or when the person signs out everywhere."""
        return f"{super().get_session_auth_hash()}{self.epoch}"


class Post(UserObjectPermissionBase):
    """The grant behind a live appointment: guardian's row on a unit, holding for everything below it."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE, db_column="unit_id")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["content_object", "permission"], name="post_holders")]


class Appointment(Chained):
    """任职: a person holds a role at a unit from one day until another; the dated record behind a `Post`."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments", verbose_name="人员")
    role = models.CharField("岗位", max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments", verbose_name="单位")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    granted = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="appointment_dates",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]
        indexes = [
            models.Index(fields=["person", "since"], name="appointment_person"),
            models.Index(fields=["unit", "role"], name="appointment_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.unit_id}"


class Absence(Chained):
    """A person is away from one day to another, and a substitute is told and may act instead."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences", verbose_name="请假人")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standing_in", verbose_name="代理人")
    since = models.DateField("起")
    until = models.DateField("止")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="absence_dates",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("substitute")), name="absence_other", violation_error_message="代理人不能是本人。"
            ),
        ]
        indexes = [models.Index(fields=["substitute", "until"], name="absence_substitute")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}..{self.until}"


class Waiver(Chained):
    """豁免: the bureau lets one person hold two conflicting roles at one place for a time, with a check that makes up for it."""

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
                condition=Q(until__gte=F("since")), name="waiver_dates", violation_error_message="结束日期不能早于开始日期。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}+{self.beside}"


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


class AccessToken(models.Model):
    """A personal token for programs; only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("名称", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Attempts(models.Model):
    """How often something was tried lately by one key (a device, a person from unknown devices, a network)."""

    key = models.CharField(max_length=100, unique=True, db_collation="C")
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.count}"


class Installation(models.Model):
    """Whether this database is a demo or real; written at the first migrate, and demo mode refuses a real one."""

    kind = models.CharField(max_length=4, choices=[("demo", "演示"), ("real", "正式")])
    made_on = models.DateField()

    def __str__(self) -> str:
        return self.kind


def held_on(day: date) -> Q:
    """Rows with `since` and `until` that hold on `day`."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
