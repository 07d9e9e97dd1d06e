"""统一公示: the runs one may see, one with its progress and with why a school is not out, opening one, taking one up."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.hall.settings.asking import Asking, SureForm, sent
from portal.orgs.access import holdings
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications.models import Run, RunItem
from portal.publications.openings import narrowed, open_run, run_for, runners, running, runs_of, take_up, tally
from portal.publications.openings import run_address as address
from portal.publications.queries import school_code
from portal.publications.run_forms import OpenRunForm

PAGE = 25
LINES = 50
SHOWS = {"stuck": "没有公示的", "published": "已公示", "waiting": "等待中", "": "全部学校"}
CRUMB = "统一公示"
AGAIN = "没有公示的学校重新排队。没签字的仍然不会公示。"
OPENING = "平时到时间由系统自动开始，不用您办。没签字的不会公示。"


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
    one, items = run_for(person(request), pk)
    counts = tally(items)
    first = "stuck" if counts["refused"] + counts["unsigned"] or not counts["published"] else "published"
    show = request.GET.get("show", first)
    page = _progress(one, counts) | {"show": show if show in SHOWS else first}
    if request.headers.get("HX-Request"):
        return render(request, "publishing/progress.html", page)
    page |= _lines(one, items, page["show"], request.GET.get("after", "")) | {"tabs": _tabs(one, counts)}
    page["may_take_up"] = counts["refused"] + counts["unsigned"] and _may_take_up(person(request), one)
    return render(request, "publishing/run.html", page)


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands still waits again, after a question."""
    by = person(request)
    one, _items = run_for(by, pk)

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
    below = narrowed(items, show)
    found = list((below.filter(pk__gt=_number(after)) if after else below)[: LINES + 1])
    rows = [(line, _school(line)) for line in found[:LINES]]
    return {"rows": rows, "more": found[LINES - 1].pk if len(found) > LINES else None, "tab": show}


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
