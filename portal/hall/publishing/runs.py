"""统一公示: the runs one may see, one with its progress and with why a school is not out, opening one, taking one up."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.errors import NotThere
from portal.hall.settings.asking import Asking, SureForm, sent
from portal.orgs.access import holdings
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications.kinds import KINDS, kind_of
from portal.publications.models import Run, RunItem
from portal.publications.openings import open_run, runners, running, runs_of, seen_by, take_up, tally, with_issues
from portal.publications.openings import run_address as address
from portal.publications.queries import school_code

PAGE = 25
LINES = 50
SHOWS = {"stuck": "没有公示的", "published": "已公示", "waiting": "等待中", "": "全部学校"}
CRUMB = "统一公示"
AGAIN = "没有公示的学校重新排队。没签字的仍然不会公示。"
OPENING = "平时到时间由系统自动开始，不用您办。没签字的不会公示。"


class OpenRunForm(forms.Form):
    """Which kind, which period, below which bureau, town or school."""

    kind = forms.TypedChoiceField(
        label="公示种类", coerce=kind_of, choices=lambda: [(one.code, one.title) for one in running()]
    )
    period = forms.CharField(label="哪一期", max_length=24, help_text="如 2026-W45（第 45 周）、2026-11（11 月）。")
    unit = forms.ModelChoiceField(label="范围", queryset=Unit.objects.none())

    def __init__(self, *args: Any, by: User, **more: Any) -> None:
        """Offers the places where this person may open one."""
        super().__init__(*args, **more)
        posts = {code for kind in running() for code in (*runners(kind), *kind.posts)}
        mine = {one.unit_id for one in holdings(by) if one.role in posts}
        self.fields["unit"].queryset = Unit.objects.open().filter(pk__in=mine)  # type: ignore[attr-defined]


@guard(GET=SIGNED_IN)
def runs(request: HttpRequest) -> HttpResponse:
    """The runs in which this person has a school, newest first."""
    by = person(request)
    found = list(runs_of(by).filter(_beyond(request))[: PAGE + 1])
    may_open = any(one.role in {code for kind in running() for code in runners(kind)} for one in holdings(by))
    page = {"rows": found[:PAGE], "more": found[PAGE - 1].pk if len(found) > PAGE else None, "may_open": may_open}
    return render(request, "publishing/runs.html", page)


@guard(GET=SIGNED_IN)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, and every school that is not out with the sentence that says why. Polled while it works."""
    one, items = found_for(person(request), pk)
    counts, show = tally(items), request.GET.get("show", "stuck")
    page = _progress(one, counts) | {"show": show if show in SHOWS else "stuck"}
    if request.headers.get("HX-Request"):
        return render(request, "publishing/progress.html", page)
    page |= _lines(one, items, page["show"], request.GET.get("after", "")) | {"tabs": _tabs(one, counts)}
    page["may_take_up"] = counts["refused"] + counts["unsigned"] and _may_take_up(person(request), one)
    return render(request, "publishing/run.html", page)


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands still waits again, after a question."""
    by = person(request)
    one, _items = found_for(by, pk)

    def write() -> str:
        take_up(one, by=by)
        return address(one)

    here = crumbs((one.title, address(one)), ("再试一次", ""))
    page = _asks(f"再试一次：{one.title}", "再试一次", AGAIN, back=address(one), here=here)
    return Asking(request, SureForm(sent(request)), "settings/form.html", write, "已重新排队。", context=page).answer()


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def open_one(request: HttpRequest) -> HttpResponse:
    """Opens a run whose moment has come; one that is there already is taken up."""
    by = person(request)
    form = OpenRunForm(sent(request), by=by)

    def write() -> str:
        return address(open_run(by=by, **form.cleaned_data))

    page = _asks("开始统一公示", "开始", OPENING, back=reverse("publishing-runs"), here=crumbs(("开始一次", "")))
    return Asking(request, form, "settings/form.html", write, "已开始。", context=page).answer()


def found_for(by: User, pk: int) -> tuple[Run, Any]:
    """A run and the part of it this person may see; not there for those who see no school of it."""
    one = runs_of(by).filter(pk=pk).first() if pk < 2**62 else None
    if one is None:
        raise NotThere
    return one, seen_by(by, list(KINDS)).filter(run=one)


def _asks(title: str, act: str, words: str, *, back: str, here: list[tuple[str, str]]) -> dict[str, Any]:
    """What the page around a form says."""
    return {"title": title, "act": act, "words": words, "back": back, "crumbs": here}


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here."""
    return [(CRUMB, reverse("publishing-runs") if more else ""), *more]


def _progress(one: Run, counts: dict[str, int]) -> dict[str, Any]:
    total = sum(counts.values())
    done = total - counts["waiting"]
    return {
        "run": one,
        "kind": one.about,
        "counts": counts,
        "total": total,
        "done": done,
        "percent": round(100 * done / total) if total else 100,
        "url": address(one),
        "crumbs": crumbs((one.title, "")),
    }


def _tabs(one: Run, counts: dict[str, int]) -> list[tuple[str, str, int, str]]:
    numbers = counts | {"stuck": counts["refused"] + counts["unsigned"], "": sum(counts.values())}
    return [(code, words, numbers[code], f"{address(one)}?show={code}") for code, words in SHOWS.items()]


def _lines(one: Run, items: Any, show: str, after: str) -> dict[str, Any]:
    """A page of the schools of one tab."""
    found = _narrowed(items, show, after)
    rows = [(line, _school(line)) for line in found[:LINES]]
    return {"rows": rows, "more": found[LINES - 1].pk if len(found) > LINES else None, "tab": show}


def _narrowed(items: Any, show: str, after: str) -> list[RunItem]:
    """Items of one tab in the order of the schools, one more than a page."""
    rows = with_issues(items).select_related("unit", "run")
    stuck = Q(state__in=["refused", "unsigned"], is_out=False)
    narrow = {
        "stuck": stuck,
        "published": Q(state="published") | Q(is_out=True),
        "waiting": Q(state="waiting"),
        "": Q(),
    }
    rows = rows.filter(narrow[show])
    if after:
        rows = rows.filter(pk__gt=_number(after))
    return list(rows.order_by("pk")[: LINES + 1])


def _school(line: RunItem) -> str:
    """The issue's page at its school."""
    return reverse("board-kind", args=[school_code(line.unit), line.run.kind])


def _may_take_up(by: User, one: Run) -> bool:
    posts = {*runners(one.about), *one.about.posts}
    return any(held.role in posts for held in holdings(by))


def _beyond(request: HttpRequest) -> Q:
    before = request.GET.get("before", "")
    return Q(pk__lt=_number(before)) if before else Q()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise BadRequest
    return int(text)
