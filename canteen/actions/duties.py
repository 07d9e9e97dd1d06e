"""The day's duties: the clock opens them for every canteen of a school; samples kept and discarded, meals, controls."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from canteen.flow.duties import ACCOMPANIES, CONTROLS, PARENT_MEALS, SAMPLINGS
from canteen.models import Accompany, Canteen, Control, Meal, Sample, Sampling
from canteen.queries import canteens_of
from canteen.queries import duties as queries
from canteen.rules import duties as rules
from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor, is_clock
from portal.cases.flow import Flow
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed, Refused
from portal.orgs.models import User
from portal.stickers.codes import fresh, read
from portal.worktime.calendars import Calendar, calendar_for

from .health import warn_of_health


def open_samplings(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Opens 留样 for each meal of today at each canteen of the school. Only the clock does; none without school."""
    return _open_meals(SAMPLINGS, Sampling, form, by)


def open_accompanies(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Opens 陪餐 for each meal of today at each canteen of the school. Only the clock does; none without school."""
    return _open_meals(ACCOMPANIES, Accompany, form, by)


def open_controls(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Opens today's controls of each canteen: daily, on the week's last school day weekly, on its first the canteen's own,
    on the month's first monthly. Only the clock does. Health certificates that end soon are told on every day."""
    _only_the_clock(by)
    school, today, opened = form.cleaned_data["unit"].school, clock.today(), []
    calendar = calendar_for(school.path)
    for canteen in canteens_of(school):
        warn_of_health(canteen)
        for one in queries.reference()["controls"]:
            there = Control.objects.filter(canteen=canteen, day=today, topic_of=one["code"]).exists()
            if not there and _falls_on(one["on"], today, calendar):
                columns = {"canteen": canteen, "day": today, "topic_of": one["code"], "items": one["items"]}
                title = f"{canteen.name}{one['title']}"
                opened.append(
                    open_case(
                        CONTROLS, unit=canteen.unit, title=title, by=by, form=form, topic=one["code"], columns=columns
                    )
                )
    return opened


def _falls_on(rhythm: str, day: date, calendar: Calendar) -> bool:
    """Whether a kind of control is due on this day."""
    if not calendar.is_school_day(day):
        return False
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=at) for at in range(7) if calendar.is_school_day(monday + timedelta(days=at))]
    month = (day.replace(day=1) + timedelta(days=at) for at in range(day.day))
    first = next(one for one in month if calendar.is_school_day(one))
    return {
        "day": True,
        "last_of_week": day == week[-1],
        "first_of_week": day == week[0],
        "first_of_month": day == first,
    }[rhythm]


def _open_meals(flow: Flow, model: Any, form: StepForm, by: Actor) -> list[Case]:
    _only_the_clock(by)
    school, today = form.cleaned_data["unit"].school, clock.today()
    canteens = list(canteens_of(school))
    if not canteens or not calendar_for(school.path).is_school_day(today):
        return []
    opened = []
    for canteen in canteens:
        have = set(model.objects.filter(canteen=canteen, day=today).values_list("meal", flat=True))
        for meal in (one for one in canteen.meals if one not in have):
            title = f"{canteen.name}{today.month}月{today.day}日{Meal(meal).label}{flow.title}"
            columns = {"canteen": canteen, "day": today, "meal": meal}
            opened.append(
                open_case(flow, unit=canteen.unit, title=title, by=by, form=form, topic=meal, columns=columns)
            )
    return opened


def _only_the_clock(by: Actor) -> None:
    if not is_clock(by):
        raise NotAllowed("每日事项由系统按时开出。", who="系统", instead="要停开，请在“定期事项”里设置。")


def store_samples(
    case: Sampling, *, by: Actor, at: datetime, samples: Iterable[dict[str, Any]], **_: Any
) -> dict[str, Any]:
    """Effect of 留样: one sample with its label's code for each dish weighed. Refused: too little, none at all."""
    canteen, missing = case.canteen, {one.pk: one for one in queries.unsampled(case)}
    rows = [one for one in samples if one["grams"] and one["dish"] in missing]
    if not rows:
        raise Refused("没有要留样的菜。", instead="请先排好这一餐的菜谱，或填上克数。")
    for one in rows:
        rules.enough(canteen, one["grams"])
    codes = fresh(len(rows), lambda drawn: set(Sample.objects.filter(code__in=drawn).values_list("code", flat=True)))
    until, person = at + timedelta(hours=canteen.sample_hours), by if isinstance(by, User) else None
    Sample.objects.bulk_create(
        [
            Sample(
                sampling=case,
                dish_id=one["dish"],
                grams=one["grams"],
                code=code,
                kept_at=at,
                kept_by=person,
                until=until,
            )
            for one, code in zip(rows, codes, strict=True)
        ]
    )
    return {"kept": len(rows), "grams": {str(one["dish"]): one["grams"] for one in rows}}


def discard(case: Sampling, *, by: Actor, at: datetime, code: str, **_: Any) -> dict[str, Any]:
    """Effect of 销毁: the sample of this label is gone. Refused: another label, before its hours are over, twice."""
    found = Sample.objects.select_for_update().filter(sampling=case, code=read(code) or code).first()
    if found is None:
        raise Refused("这不是这一餐的留样标签。", instead="请对照标签再扫一次。")
    rules.kept_long_enough(found)
    found.discarded_at, found.discarded_by = at, by if isinstance(by, User) else None
    found.save(update_fields=["discarded_at", "discarded_by"])
    return {"sample": found.pk, "dish": found.dish_id}


def ate_along(case: Accompany, *, by: Actor, **_: Any) -> None:
    """Effect of 陪餐: whoever records it is who ate along."""
    if isinstance(by, User):
        case.eater = by
        Accompany.objects.filter(pk=case.pk).update(eater=by)


def keep_outcomes(case: Control, *, outcomes: list[dict[str, Any]], **_: Any) -> dict[str, Any]:
    """Effect of a control: what was found of each item."""
    case.outcomes = {one["item"]: one["outcome"] for one in outcomes}
    case.problems = sum(1 for one in outcomes if one["outcome"] == "failed")
    Control.objects.filter(pk=case.pk).update(outcomes=case.outcomes, problems=case.problems)
    return {"problems": case.problems}


@transaction.atomic
def book_meal(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """预约陪餐: a place at one meal. Refused for others than parents of the school, for days gone by, when it is full."""
    said = form.cleaned_data
    canteen = (
        Canteen.objects.select_for_update(of=("self",)).select_related("school", "place").get(pk=said["canteen"].pk)
    )
    if not isinstance(by, User) or not queries.bookable(by).filter(pk=canteen.pk).exists():
        raise NotAllowed("陪餐由本校家长预约。", who="本校家长")
    rules.may_book(canteen, said["day"], said["meal"], by=by)
    title = f"{canteen.name}{said['day'].month}月{said['day'].day}日{Meal(said['meal']).label}家长陪餐"
    columns = {"canteen": canteen, "day": said["day"], "meal": said["meal"]}
    return open_case(PARENT_MEALS, unit=canteen.unit, title=title, by=by, opener=by, form=form, columns=columns, **more)
