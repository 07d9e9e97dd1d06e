"""菜谱: the week, one meal to write, last week again."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from canteen.actions import copy_week, set_meal
from canteen.apps import COOKS, READERS
from canteen.forms.menus import CopyForm, MealForm, WeekForm, is_meal
from canteen.models import Canteen, Meal
from canteen.queries import canteens_for, the_canteen
from canteen.queries import menus as queries
from canteen.queries.nutrition import advice_on, ages_of, energy_of
from canteen.queries.places import choose
from portal import clock
from portal.cases.flow import address_of
from portal.errors import NotThere
from portal.hall.settings.asking import Asking, sent
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid

READING, COOKING = holding(*READERS), holding(*COOKS)
WEEK = timedelta(days=7)


@guard(GET=READING)
def menus(request: HttpRequest) -> HttpResponse:
    """The week's meals of a canteen with grams, prices and allergens; advice beside the norm for an age."""
    by, asked = person(request), valid(WeekForm(request.GET))
    choice = choose(canteens_for(by), asked)
    canteen = choice.canteen
    if canteen is None:
        return render(request, "canteen/menus.html", {"choice": choice, "here": "canteen"})
    page = _week(canteen, asked["day"] or clock.today(), asked["age"])
    page |= {"choice": choice, "writes": queries.writes_menus(by, canteen), "here": "canteen"}
    return render(request, "canteen/menus.html", page)


def _week(canteen: Canteen, day: date, age: str) -> dict[str, Any]:
    """What the page says of one week of one canteen."""
    monday, ages = queries.monday_of(day), ages_of(canteen.school)
    age = age if age in dict(ages) else ages[0][0]
    days, issue = queries.week_of(canteen, monday), queries.issue_of(canteen.school, monday)
    meals = {(one.day, one.meal): one.servings for day in days for one in day.meals if one.servings}
    late = bool(issue and issue.case and issue.case.due_at and issue.case.due_at < clock.now())
    return {
        "canteen": canteen, "days": days, "monday": monday, "until": monday + timedelta(days=6), "today": clock.today(),
        "before": monday - WEEK, "after": monday + WEEK, "ages": ages, "age": age, "issue": issue, "late": late,
        "duty": address_of(issue.case) if issue and issue.case else "",
        "advice": advice_on(meals, age), "energy": energy_of(meals),
    }  # fmt: skip


@guard(GET=COOKING, POST=COOKING)
def meal(request: HttpRequest, pk: int, day: str, meal: str) -> HttpResponse:
    """The dishes of one meal."""
    canteen, when = the_canteen(person(request), pk, *COOKS), _day(day)
    if not is_meal(meal, canteen):
        raise NotThere
    now = [one.dish_id for one in queries.meals_of(canteen, when, when).get((when, meal), [])]
    form = MealForm(sent(request), school=canteen.school, initial={"dishes": now})

    def write() -> str:
        set_meal(canteen, day=when, meal=meal, by=person(request), **form.cleaned_data)
        return week_url(canteen, when)

    page = {"title": f"{when.month}月{when.day}日{Meal(meal).label}", "groups": _groups(form)}
    page |= _around(canteen, when)
    return Asking(request, form, "canteen/meal.html", write, "菜谱已保存。", context=page).answer()


@guard(POST=COOKING)
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Fills the week's empty meals from the week before."""
    said = valid(CopyForm(request.POST))
    canteen = the_canteen(person(request), said["canteen"], *COOKS)
    filled = copy_week(canteen, week=said["day"], by=person(request))
    words = f"已从上周沿用 {filled} 餐，请逐天看过。" if filled else "没有可以沿用的：上周没有菜谱，或这一周已经排好。"
    messages.success(request, words)
    return HttpResponseRedirect(week_url(canteen, said["day"]))


def week_url(canteen: Canteen, day: date) -> str:
    """The page of a week."""
    return f"{reverse('canteen:menus')}?{urlencode({'canteen': canteen.pk, 'day': day.isoformat()})}"


def _around(canteen: Canteen, day: date) -> dict[str, Any]:
    published = queries.is_published(canteen.school, day)
    said = {"act": "保存菜谱", "words": canteen.name, "back": week_url(canteen, day), "here": "canteen"}
    return said | {"published": published}


def _groups(form: MealForm) -> list[tuple[str, list[Any]]]:
    """The choices by course, for the page."""
    known = {one.pk: one for one in form.fields["dishes"].queryset}  # type: ignore[attr-defined]
    found: dict[str, list[Any]] = {}
    for box in form["dishes"]:
        dish = known.get(getattr(box.data["value"], "value", box.data["value"]))
        if dish is not None:
            found.setdefault(dish.get_course_display(), []).append(box)
    return list(found.items())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotThere from None
