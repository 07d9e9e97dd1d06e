"""校历: a month at a unit, its own days, hours and terms."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal import clock
from portal.errors import NotThere
from portal.orgs.models import Term, Unit
from portal.orgs.policies import ADMIN, guard, person
from portal.worktime.actions import clear_hours, clear_unit_day, set_hours, set_terms, set_unit_day

from . import almanac, reach, recent
from .asking import Asking, Effect, seen, sent
from .calendar_forms import DayForm, HoursForm, TermsForm
from .clocks import pick_url
from .frame import Step, frame


@guard(GET=ADMIN)
def calendar(request: HttpRequest) -> HttpResponse:
    """A month at one unit, with terms, hours and what holds in the whole country."""
    unit, first = reach.unit_asked(request), almanac.month_asked(request.GET.get("month", ""))
    nation = almanac.nation()
    page = _month(unit, first) | {"nation": nation, "is_national": reach.manages_nation(person(request))}
    page["provisional"] = first.year not in [one.year for one in nation if one.confirmed]
    page |= {"pick": pick_url("settings-calendar"), "trail": recent.trail({almanac.calendar_address(unit): ""})}
    return render(
        request, "settings/calendar.html", page | frame("校历与作息", words="时限按这里的上学日和开门时间走。")
    )


@guard(GET=ADMIN, POST=ADMIN)
def day(request: HttpRequest) -> HttpResponse:
    """One day at one unit: held or not, whatever nation and terms say."""
    unit, when = reach.unit_asked(request), _day(request, "date")
    own, above = almanac.set_days(unit, when)
    form = DayForm(sent(request), initial={"open": "1" if own.open else "0", "name": own.name} if own else None)
    title, words = f"{when.year}年{when.month}月{when.day}日", f"{unit.name}和它下面的所有地方。"
    page = frame(title, _step(unit, when), words=words) | {"act": "保存"}
    page |= {"unit": unit, "when": when, "own": own, "above": above}
    write = _day_writer(request, unit, when, form)
    return Asking(request, form, "settings/day.html", write, version=almanac.version_of(unit), context=page).answer()


@guard(POST=ADMIN)
@require_POST
def clear_day(request: HttpRequest) -> HttpResponse:
    """The unit follows the calendars again on this day."""
    unit, when = reach.unit_asked(request), _day(request, "date")
    clear_unit_day(unit=unit, day=when, by=person(request), seen=seen(request))
    return redirect(_step(unit, when)[1])


@guard(GET=ADMIN, POST=ADMIN)
def hours(request: HttpRequest) -> HttpResponse:
    """作息时间 of one unit from a day on."""
    unit = reach.unit_asked(request)
    form = HoursForm(sent(request), initial={"since": clock.today()} | almanac.hours_typed(unit))
    page = frame("作息时间", _step(unit), words=f"{unit.name}和它下面没有另设的地方。") | {"act": "保存", "unit": unit}
    page |= {"now": almanac.hours_words(unit), "tables": almanac.timetables(unit)}
    write = _hours_writer(request, unit, form)
    return Asking(request, form, "settings/hours.html", write, version=almanac.version_of(unit), context=page).answer()


@guard(POST=ADMIN)
@require_POST
def clear_timetable(request: HttpRequest) -> HttpResponse:
    """Takes one timetable back: the one before it goes on, or that of the unit above."""
    unit = reach.unit_asked(request)
    clear_hours(unit=unit, since=_day(request, "since"), by=person(request), seen=seen(request))
    return redirect(_step(unit)[1])


@guard(GET=ADMIN, POST=ADMIN)
def terms(request: HttpRequest) -> HttpResponse:
    """Both terms of a school year at one unit."""
    unit, this = reach.unit_asked(request), almanac.school_year_of(clock.today())
    asked = reach.number(request.GET.get("year", ""))
    year = asked if asked in range(this - 1, this + 3) else this
    held, source = almanac.terms(unit, year)
    own = held if source is not None and source.pk == unit.pk else []
    form = TermsForm(sent(request), initial=_dates(own))
    page = frame("学期", _step(unit), words=f"{unit.name}和它下面没有另设的地方。") | {"act": "保存", "unit": unit}
    page |= {"filters": _years(unit, this, year), "held": held, "source": None if own else source, "year": year}
    write = _terms_writer(request, unit, year, form)
    return Asking(request, form, "settings/terms.html", write, version=almanac.version_of(unit), context=page).answer()


def _month(unit: Unit, first: date) -> dict[str, Any]:
    """The sheet with its neighbours, and what stands behind it."""
    year = almanac.school_year_of(first)
    held, source = almanac.terms(unit, year)
    page = {"unit": unit, "first": first, "weeks": almanac.sheet(unit, first), "weekdays": "一二三四五六日"}
    page |= {"before": almanac.beside(first)[0], "after": almanac.beside(first)[1], "year": year}
    page |= {"year_title": almanac.year_title(year), "terms": held, "terms_from": source}
    return page | {"hours": almanac.hours_words(unit)}


def _day(request: HttpRequest, name: str) -> date:
    """The day an address names; what is none is not there."""
    when = almanac.day_asked(request.GET.get(name, ""))
    if when is None:
        raise NotThere
    return when


def _step(unit: Unit, when: date | None = None) -> Step:
    """The month's page as a step of the way here."""
    asked = {"unit": unit.pk} | ({"month": f"{when:%Y-%m}"} if when else {})
    return "校历与作息", f"{reverse('settings-calendar')}?{urlencode(asked)}"


def _day_writer(request: HttpRequest, unit: Unit, when: date, form: DayForm) -> Effect:
    def write() -> str:
        said = form.cleaned_data
        by, was = person(request), seen(request)
        set_unit_day(unit=unit, day=when, is_open=said["open"], name=said["name"], by=by, seen=was)
        return str(_step(unit, when)[1])

    return write


def _hours_writer(request: HttpRequest, unit: Unit, form: HoursForm) -> Effect:
    def write() -> str:
        since, by = form.cleaned_data["since"], person(request)
        set_hours(unit=unit, hours=form.hours(), since=since, by=by, seen=seen(request))
        return str(_step(unit)[1])

    return write


def _terms_writer(request: HttpRequest, unit: Unit, year: int, form: TermsForm) -> Effect:
    def write() -> str:
        set_terms(unit=unit, start_year=year, terms=form.terms(), by=person(request), seen=seen(request))
        return str(_step(unit)[1])

    return write


def _dates(own: list[Term]) -> dict[str, date]:
    """The days of the unit's own terms by the names of the form."""
    return {
        f"{name}_{part}": getattr(term, part)
        for name, term in zip(("first", "second"), own, strict=False)
        for part in ("starts", "ends")
    }


def _years(unit: Unit, this: int, year: int) -> list[tuple[str, str, bool, None]]:
    """School years near this one as links."""
    return [
        (almanac.year_title(one), f"?{urlencode({'unit': unit.pk, 'year': one})}", one == year, None)
        for one in range(this - 1, this + 2)
    ]
