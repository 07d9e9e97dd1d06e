"""定期事项: what comes again by itself at a unit and below it, since when, who said so; and changing that in one act."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.cases.flow import FLOWS, Flow
from portal.cases.models import RoutineSetting, Schedule
from portal.cases.routines import DAYS, ON, SETTERS, Comes, Routines, derived, recurring, set_routine
from portal.cases.schedules import EVERY, day_words, words_of
from portal.errors import NotThere
from portal.orgs.access import holds_anywhere, may, scope
from portal.orgs.models import Unit, User
from portal.orgs.policies import guard, holding, person
from portal.widgets import Choices, Switch

from .asking import Asking, seen, sent
from .frame import PAGE, Step, paged
from .limits import source
from .reach import below, number

SETTING = holding(*SETTERS)
OFFICES = ("bureau", "town", "school")
TITLE = "定期事项"


@dataclass(frozen=True)
class Row:
    """One recurring kind at a unit: what holds, where from, at how many places it comes, when next, who differs."""

    flow: Flow
    holds: Comes
    source: str
    places: int
    next_at: datetime | None
    apart: int


class RoutineForm(forms.Form):
    """Whether it comes, when, from which day on; and whether units below that differ shall follow again."""

    stance = forms.ChoiceField(label="这里和下面各处", choices=RoutineSetting.STANCES, widget=Choices)
    day = forms.TypedChoiceField(label="哪一天", coerce=int, required=False)
    time = forms.TimeField(
        label="几点", required=False, widget=forms.TimeInput(format="%H:%M"), help_text="例如 08:00。"
    )
    since = forms.DateField(label="从哪天起", required=False, widget=forms.DateInput(), help_text="不填就从下一次起。")
    school_days = forms.BooleanField(
        label="不上学就顺延", required=False, widget=Switch, help_text="那天不上学，改在下一个上学日开出。"
    )
    alike_below = forms.BooleanField(
        label="下面另设过的也照这里", required=False, widget=Switch, help_text="下级单位自己改过的，都改回沿用这里的。"
    )

    def __init__(self, *args: Any, flow: Flow, **options: Any) -> None:
        super().__init__(*args, **options)
        rule = flow.recurs.rule if flow.recurs else {}
        days = self.fields["day"]
        assert isinstance(days, forms.TypedChoiceField)
        week = "周" if every_of(flow) == "week" else ""
        days.choices = [(day, f"{week}{day_words(every_of(flow), day).strip()}") for day in DAYS[every_of(flow)]]
        for name in ("day", "time"):  # several a period are as the affair made them
            if isinstance(rule.get(name), list) or (name == "day" and every_of(flow) == "day"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """What comes has its day and its time."""
        clean = super().clean() or self.cleaned_data
        if clean.get("stance") == ON:
            for name in ("day", "time"):
                if name in self.fields and not clean.get(name) and name not in self.errors:
                    self.add_error(name, f"请选择“{self.fields[name].label}”。")
        return clean

    def rule(self) -> dict[str, Any]:
        """What was typed, as the spine takes it."""
        said = {name: self.cleaned_data.get(name) for name in ("day", "school_days")}
        at, since = self.cleaned_data.get("time"), self.cleaned_data.get("since")
        return said | {"time": f"{at:%H:%M}" if at else "", "since": since.isoformat() if since else ""}


@guard(GET=SETTING)
def routines(request: HttpRequest) -> HttpResponse:
    """Every recurring kind at one unit, the units below, and what else is planned there."""
    by, unit = person(request), _asked(request)
    said = Routines([unit.path], below=[unit.path])
    plans, last = paged(others(unit, after=number(request.GET.get("after", ""))))
    units, last_unit = paged(_units_below(unit, request.GET.get("below", "")[:64]))
    page = {
        "unit": unit,
        "rows": [_row(one, unit, said) for one in recurring()],
        "units": units,
        "last_unit": last_unit,
    }
    page |= {"plans": [(one, FLOWS.get(one.kind), words_of(one.rule)) for one in plans], "last": last}
    page |= _frame(by, TITLE, words="到时间由系统自动开出的事。点名称就能改。")
    return render(request, "settings/routines.html", page)


@guard(GET=SETTING, POST=SETTING)
def routine(request: HttpRequest, kind: str) -> HttpResponse:
    """One recurring kind at one unit: whether it comes and when; every change is a new version, the old ones stay."""
    by, unit, flow = person(request), _asked(request), _recurring(kind)
    said = Routines([unit.path], below=[unit.path])
    own, page = said.at(flow, unit.path), _about(by, flow, unit, said)
    initial = _initial(own, said.holding(flow, unit.path))
    form = RoutineForm(sent(request), flow=flow, initial=initial)

    def write() -> str:
        told = {"rule": form.rule(), "alike_below": form.cleaned_data["alike_below"], "seen": seen(request)}
        set_routine(unit=unit, kind=kind, stance=form.cleaned_data["stance"], by=by, **told)
        return str(page["back"])

    done, version = "已保存，计划也照着改好了。", own.version if own else 0
    return Asking(request, form, "settings/routine.html", write, done, version, page).answer()


def _recurring(kind: str) -> Flow:
    """The flow of that kind, if its cases come again by themselves."""
    found = next((one for one in recurring() if one.kind == kind), None)
    if found is None:
        raise NotThere
    return found


def every_of(flow: Flow) -> str:
    """How often it comes: day, week or month."""
    assert flow.recurs is not None
    return str(flow.recurs.rule["every"])


def others(unit: Unit, *, after: int = 0) -> QuerySet[Schedule]:
    """What affairs have planned by themselves at this unit and below, newest first, one more than a page."""
    mine = Q(pk__in=[])
    for flow in recurring():
        mine |= Q(kind=flow.kind, title=flow.title)
    rows = Schedule.objects.filter(unit__path__startswith=unit.path).exclude(mine).select_related("unit__school")
    return (rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: PAGE + 1]


def _row(flow: Flow, unit: Unit, said: Routines) -> Row:
    holds = said.holding(flow, unit.path)
    planned = derived(flow).filter(unit__path__startswith=unit.path, is_on=True)
    counted = planned.aggregate(n=Count("pk"), next=Min("next_at"))
    from_unit = holds.said.unit if holds.said else None
    apart = len(said.apart(flow, unit.path))
    return Row(flow, holds, source(from_unit, unit), counted["n"], counted["next"], apart)


def _initial(own: RoutineSetting | None, holds: Comes) -> dict[str, Any]:
    """The form as it stands: what was set right here, else what holds."""
    rule = holds.rule
    stance = own.stance if own else RoutineSetting.ABOVE
    since = date.fromisoformat(rule["since"]) if own and rule.get("since") else None
    at = {"day": rule.get("day", 1), "time": rule.get("time", "08:00"), "school_days": rule.get("school_days", False)}
    return {"stance": stance, "since": since, "alike_below": False} | at


def _about(by: User, flow: Flow, unit: Unit, said: Routines) -> dict[str, Any]:
    """The page around the form: what would hold without it, who differs below, and every version made right here."""
    above = said.holding(flow, unit.path, own=False)
    from_unit = above.said.unit if above.said else None
    back = f"{reverse('settings-routines')}?unit={unit.pk}"
    history = RoutineSetting.objects.filter(unit=unit, kind=flow.kind).select_related("made_by").order_by("-version")
    apart = [(one, words_of(one.rule) if one.stance == ON else "不开") for one in said.apart(flow, unit.path)[:PAGE]]
    page = {"unit": unit, "flow": flow, "apart": apart, "act": "保存", "every": EVERY[every_of(flow)]}
    page |= {"above": above.words, "above_from": source(from_unit, unit) if above.said else "系统预置"}
    page["history"] = [(one, words_of(one.rule) if one.rule else one.get_stance_display()) for one in history[:PAGE]]
    words = f"管{unit.name}和它下面的各处。"
    return page | _frame(by, flow.title, (TITLE, back), words=words)


def _frame(by: User, title: str, *above: Step, words: str) -> dict[str, Any]:
    """Title and way here: below 设置 for admins, who alone have it."""
    start: list[Step] = [("设置", reverse("settings"))] if holds_anywhere(by, "admin") else []
    way = [*start, *above]
    back = way[-1][1] if way else reverse("home")
    return {
        "title": title,
        "words": words,
        "crumbs": [*way, (title, "")],
        "back": back,
        "here": "settings" if start else "routines",
    }


def _tops(by: User) -> list[str]:
    return scope(by, *SETTERS)


def _asked(request: HttpRequest) -> Unit:
    """The unit `?unit=` names, else the first of the person's own; a write asks the database again whether it is theirs."""
    by, asked = person(request), request.GET.get("unit", "")
    mine = Unit.objects.open().filter(below(_tops(by)), kind__in=OFFICES)
    unit = (mine.filter(pk=number(asked)) if asked else mine.order_by("path")).select_related("school").first()
    if unit is None or (request.method == "POST" and not may(by, SETTERS, unit.path)):
        raise NotThere
    return unit


def _units_below(unit: Unit, after: str) -> QuerySet[Unit]:
    """Offices and schools right below, in the order of the tree, one more than a page."""
    rows = Unit.objects.open().filter(path__startswith=unit.path, depth=unit.depth + 1, kind__in=OFFICES)
    return (rows.filter(path__gt=after) if after else rows).order_by("path")[: PAGE + 1]


def sets_routines(user: User) -> bool:
    """Whether the menu offers the page: to heads; admins find it in 设置."""
    return holds_anywhere(user, *SETTERS) and not holds_anywhere(user, "admin")
