"""The unit tree, from the bureau down to rooms and classes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from portal import clock
from portal.ledger.models import Chained

STEP = 4  # characters of the materialised path for one level
KIND_ICONS = {
    "bureau": "landmark", "section": "briefcase", "town": "map-pinned", "school": "school", "campus": "map",
    "building": "building-2", "floor": "layers", "room": "door-open", "outdoor": "trees", "class": "users",
}  # fmt: skip


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


class UnitQuerySet(MP_NodeQuerySet):
    """Units, asked by place."""

    def under(self, path: str) -> "UnitQuerySet":
        """A unit and everything below it."""
        return self.filter(path__startswith=path)

    def open(self) -> "UnitQuerySet":
        """Units in use today; the day a unit is closed on is its first without use."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=clock.today()))


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Units in the order of the tree."""

    def get_queryset(self) -> UnitQuerySet:
        """Our questions, in treebeard's order."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node, Chained):  # type: ignore[django-manager-missing]  # guardian's Post has no types
    """A bureau, township, school, building, room, outdoor area or class: one tree, so one sticker serves every affair.

    `school` is the nearest school (itself for a school), `label` the place within it ("教学楼 2层 203");
    `portal.orgs.actions` alone writes both.
    """

    steplen = STEP
    path = models.CharField(max_length=64, unique=True, db_collation="C")
    kind = models.CharField("类型", max_length=12, choices=UnitKind)
    name = models.CharField("名称", max_length=60)
    label = models.CharField(max_length=1000, blank=True, editable=False)
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
    def icon(self) -> str:
        """How a place of its kind is drawn."""
        return KIND_ICONS.get(self.kind, "map-pin")

    @property
    def place(self) -> str:
        """The place as people say it: within its school, or its own name above schools."""
        return self.label or self.name

    def is_under(self, path: str) -> bool:
        """Whether this unit is, or lies below, the unit at `path`."""
        return bool(self.path.startswith(path))
