"""A line of the grid's Excel file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q

from portal.evidence.models import Piece
from portal.hall.settings.bringing import Bringing, table_in
from portal.orgs.access import scope
from portal.orgs.models import Unit, User
from portal.sheets.importing import Change, Importer, Table
from safety_grid.actions.importing import carry_out, plan
from safety_grid.apps import PLACES, WRITERS
from safety_grid.models import Days

DAYS = {words: code for code, words in Days.choices}
LEVELS = {"一级": 1, "二级": 2, "三级": 3, "四级": 4}
HOW = (
    "每行一个点位。红色的列必填，其余可以留空。",
    "“单位”填学校（或科室、乡镇、局）的名称或编码；只管一所学校的可以不填。",
    "“地点”照门牌填，从楼栋写起，中间空一格，如：教学楼 2层 203 教室。不填就是整个单位。地点要先在“单位与地点”里有。",
    "“开始”“结束”填 07:20 这样的时刻；全天负责的都不填。结束比开始早的，算到第二天。",
    "“单位”“地点”“开始”“结束”合起来认一个点位：已有的按这一行更新，没有的新设。",
    "“责任人”“代班”填工号或手机号；“责任人”留空，不改现在的责任人。换了责任人的，从导入那一刻起算。",
    "“从哪天起”只对新设的点位有用，留空就是今天。",
    "导入前会先给您看结果；有一行不对，整张表都不写入。同一张表导入两次，第二次不会改动任何东西。",
)


@dataclass
class Known:
    """The places and people a file may name, asked once for all its lines."""

    offices: dict[str, Unit] = field(default_factory=dict)
    places: dict[tuple[int, str], Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    only: Unit | None = None

    @classmethod
    def by(cls, person: User) -> "Known":
        """What lies within the grids this person keeps."""
        below = Q(pk__in=[])
        at_home = Q(pk__in=[])
        for path in scope(person, *WRITERS):
            below |= Q(path__startswith=path)
            at_home |= Q(home__path__startswith=path) | Q(
                home__path__startswith=path[: Unit.steplen], home__school=None
            )
        made = cls()
        for unit in Unit.objects.open().filter(below, kind__in=PLACES).select_related("school"):
            if unit.school_id is None or unit.school_id == unit.pk:
                made.offices |= {name: unit for name in (unit.name, unit.code) if name}
            made.places[unit.school_id or unit.pk, unit.label] = unit
        schools = list({unit.pk: unit for unit in made.offices.values()}.values())
        made.only = schools[0] if len(schools) == 1 else None
        for one in User.objects.filter(at_home, is_active=True, student=None).select_related("home"):
            made.people |= {name: one for name in (one.username, one.phone) if name}
        return made


class SpotLine(forms.Form):
    """One line: the place and its hours, what is watched there, who answers for it."""

    office = forms.CharField(label="单位", max_length=60, required=False)
    place = forms.CharField(label="地点", max_length=200, required=False)
    title = forms.CharField(label="点位名称", max_length=40, required=False)
    level = forms.CharField(label="层级", max_length=10, required=False)
    days = forms.CharField(label="哪些天", max_length=6, required=False)
    begins = forms.TimeField(label="开始", required=False)
    ends = forms.TimeField(label="结束", required=False)
    person = forms.CharField(label="责任人", max_length=40, required=False)
    name = forms.CharField(label="责任人姓名", max_length=40, required=False)
    substitute = forms.CharField(label="代班", max_length=40, required=False)
    since = forms.DateField(label="从哪天起", required=False)
    duties = forms.CharField(label="职责", max_length=1000, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: Known, **options: Any) -> None:
        super().__init__(data, **options)
        self.known = known
        for name in ("begins", "ends"):
            self.fields[name].error_messages["invalid"] = f"“{self.fields[name].label}”要填 07:20 这样的时刻。"
        self.fields["since"].error_messages["invalid"] = "“从哪天起”要填 2026-09-01 这样的日期。"

    def clean_level(self) -> int:
        """A level by its first two signs; blank is that of the kind of place."""
        words = self.cleaned_data["level"]
        if words and words[:2] not in LEVELS:
            raise forms.ValidationError(f"没有“{words}”这个层级，请填一级到四级。")
        return LEVELS.get(words[:2], 0)

    def clean_days(self) -> str:
        """Days by their words; blank is every day."""
        words = self.cleaned_data["days"] or Days.EVERY.label
        if words not in DAYS:
            raise forms.ValidationError(f"“哪些天”只能填：{'、'.join(DAYS)}。")
        return DAYS[words]

    def clean_person(self) -> User | None:
        """Somebody by staff number or phone."""
        return self._who("person")

    def clean_substitute(self) -> User | None:
        """The same."""
        return self._who("substitute")

    def clean(self) -> dict[str, Any]:
        """The unit the line means, and whether it fits together."""
        data: dict[str, Any] = super().clean() or {}
        if "office" in data and "place" in data:
            data["unit"] = self._unit(data["office"], " ".join(data["place"].split()))
        person, name = data.get("person"), data.get("name")
        if person and name and person.name != name:
            raise forms.ValidationError(f"工号 {data['person'].username} 是{person.name}，不是{name}。")
        if data.get("substitute") and not person:
            raise forms.ValidationError("有代班的，请先填责任人。")
        if person and person == data.get("substitute"):
            raise forms.ValidationError("代班不能是责任人本人。")
        if (data.get("begins") is None) != (data.get("ends") is None) and not self.errors:
            raise forms.ValidationError("“开始”和“结束”要一起填；全天的两个都不填。")
        if data.get("begins") is not None and data.get("begins") == data.get("ends"):
            raise forms.ValidationError("“开始”和“结束”不能一样。")
        return data

    def _unit(self, office: str, place: str) -> Unit:
        top = self.known.offices.get(office) if office else self.known.only
        if top is None:
            raise forms.ValidationError(f"您管的范围里没有单位“{office}”。" if office else "请填“单位”。")
        unit = self.known.places.get((top.pk, place)) if place else top
        if unit is None:
            raise forms.ValidationError(f"{top.name}没有地点“{place}”，请照门牌从楼栋写起，或先加上这个地点。")
        return unit

    def _who(self, name: str) -> User | None:
        words = self.cleaned_data[name]
        if words and words not in self.known.people:
            raise forms.ValidationError(f"没有工号或手机号是“{words}”的在岗人员。")
        return self.known.people.get(words)


def spots_in(piece: Piece, by: User) -> Table:
    """The lines of a file sent before."""
    return table_in(piece, GRID, known=Known.by(by))


GRID = Importer(
    "网格",
    SpotLine,
    SpotLine.base_fields,
    key=("unit", "begins", "ends"),
    choices={"level": tuple(LEVELS), "days": tuple(DAYS)},
)


def _spot(change: Change) -> str:
    said = change.line.clean
    return " ".join(filter(None, (getattr(said["unit"].school, "name", ""), said["unit"].place, said["title"])))


BRINGING = Bringing(
    title="导入安全网格",
    measure="个点位",
    home="safety_grid:grid",
    links=(("safety_grid:cells-template", "下载模板"), ("safety_grid:cells-export", "导出现在的网格")),
    lines=spots_in,
    plan=lambda table, school: plan(table),
    carry_out=lambda table, school, seen, by: carry_out(table, seen=seen, by=by),
    here="safety_grid",
    called=_spot,
    says=lambda plan: f"新设 {plan.new} 个点位，更新 {plan.changed} 个，{plan.same} 个没有变化。",
    words="先下载模板（或导出现在的网格）填好，再上传。写入之前会给您看结果。",
)
