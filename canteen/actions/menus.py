"""Menus: what a meal of a day is made of, last week again, and the case in which a week is checked and published."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from canteen.flow.menus import MENUS
from canteen.models import Canteen, Dish, MenuChange, Serving
from canteen.queries import menus as queries
from canteen.queries.meals import eaten_on
from canteen.rules import menus as rules
from portal import clock
from portal.cases.actors import Actor
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import BadInput, Refused
from portal.ledger.actions import append
from portal.orgs.models import User
from portal.publications.duties import open_duty
from portal.worktime.calendars import calendar_for

WEEK = timedelta(days=7)


def open_weekmenu(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes its diners for the next week (CP-01); none by the clock where it runs no canteen, or the
    week has no school day."""
    school = form.cleaned_data["unit"].school
    if by == "clock" and not queries.owes_menu(school, clock.today() + WEEK):
        return []
    return open_duty(MENUS, form, by=by, **more)


@transaction.atomic
def set_meal(
    canteen: Canteen, *, day: date, meal: str, dishes: Sequence[Dish], by: User | str, reason: str = ""
) -> list[Serving]:
    """Says which dishes a meal of a day is made of, in place of those it had; none: the meal is not served.

    Refused: people who do not cook, a day gone by, a meal that was counted already, one the canteen does not serve, food
    schools do not serve (CR-11), and without a reason where the week is published already. Prices are those of the day.
    """
    canteen = Canteen.objects.select_for_update(of=("self",)).select_related("school", "place").get(pk=canteen.pk)
    rules.plans_menus(by, canteen.school)
    rules.not_gone_by(day)
    rules.not_eaten(eaten_on(canteen.pk, day, meal))
    if meal not in canteen.meals:
        raise Refused("这个食堂不供这一餐。", instead="供哪几餐在食堂的设置里改。")
    wanted = list(queries.with_parts(Dish.objects.filter(pk__in=[one.pk for one in dishes], school=canteen.school)))
    for dish in wanted:
        rules.servable(dish)
    said = reason.strip()
    if queries.is_published(canteen.school, day) and not said:
        why = "这一周的菜谱已经公示，改动要写明原因。"
        raise BadInput(why, errors={"reason": [why]})
    was = list(Serving.objects.filter(canteen=canteen, day=day, meal=meal).values_list("dish_id", flat=True))
    Serving.objects.filter(canteen=canteen, day=day, meal=meal).delete()
    made = Serving.objects.bulk_create(
        [Serving(canteen=canteen, day=day, meal=meal, dish=one, price=one.price_on(day)) for one in wanted]
    )
    facts = {"day": day, "meal": meal, "was": sorted(was), "dishes": sorted(one.pk for one in wanted)}
    at = clock.now()
    if said:
        person = by if isinstance(by, User) else None
        MenuChange.objects.create(canteen=canteen, day=day, meal=meal, reason=said, at=at, by=person)
    append(canteen, "menu_set", by=by, at=at, facts=facts)
    return made


@transaction.atomic
def copy_week(canteen: Canteen, *, week: date, by: User | str) -> int:
    """Fills the empty meals of a week (by any of its days) from the week before, day for day; says how many meals.

    Days without school and days gone by stay as they are; dishes that may be served no more are left out.
    """
    rules.plans_menus(by, canteen.school)
    monday = week - timedelta(days=week.weekday())
    days, filled = queries.meals_of(canteen, monday - WEEK, monday - timedelta(days=1)), 0
    taken = set(queries.meals_of(canteen, monday, monday + timedelta(days=6)))
    calendar = calendar_for(canteen.school.path)
    for (day, meal), servings in sorted(days.items()):
        to = day + WEEK
        if (to, meal) in taken or to < clock.today() or not calendar.is_school_day(to) or meal not in canteen.meals:
            continue
        dishes = [one.dish for one in servings if queries.fits(one.dish)]
        if dishes:
            set_meal(canteen, day=to, meal=meal, dishes=dishes, by=by, reason="沿用上周")
            filled += 1
    return filled
