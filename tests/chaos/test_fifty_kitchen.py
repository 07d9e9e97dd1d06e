"""One of fifty equal submissions wins at every step of the day's duties, of what is asked and of what ends; seats are never sold twice."""

from datetime import timedelta
from typing import Any

import pytest

from canteen.actions import set_meal
from canteen.flow import ACCOMPANIES, CONTROLS, INQUIRIES, OUTAGES, PARENT_MEALS, RENEWALS, SAMPLINGS
from canteen.models import Accompany, Canteen, Certificate, Control, Inquiry, ParentMeal, Quote, Sample, Sampling
from canteen.queries.duties import control_of, next_meal_day
from canteen.queries.inquiries import monday_of
from portal import clock
from portal.cases.actions import filled, move, open_case
from portal.cases.flow import BY_CLOCK, address_of
from portal.cases.models import Case
from portal.ledger.models import Event
from portal.orgs.models import Unit, User
from tests.access import buying, kitchen
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.conftest import photo_of
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
SPINE = {"nudge", "acknowledge", "follow", "unfollow", "comment"}  # the same verbs as those of tickets
# Which case a step is for, and the post that takes it: every step of these flows but the clock's and the spine's.
STEPS: dict[tuple[str, str], tuple[str, str]] = {
    ("sampling", "keep_samples"): ("留样待留样", "canteen_chef"),
    ("sampling", "discard_sample"): ("留样留样中", "canteen_chef"),
    ("sampling", "not_served"): ("留样待留样", "canteen_manager"),
    ("accompany", "record_meal"): ("陪餐待陪餐", "principal"),
    ("accompany", "not_served"): ("陪餐待陪餐", "canteen_manager"),
    ("control", "fill_control"): ("管控待日管控", "food_safety_officer"),
    ("control", "excuse_control"): ("管控待日管控", "principal"),
    ("parentmeal", "give_opinion"): ("预约已预约", "parent"),
    ("parentmeal", "cancel_booking"): ("预约已预约", "parent"),
    ("parentmeal", "answer_opinion"): ("预约待答复", "canteen_manager"),
    ("outage", "note_outage"): ("掉线没恢复", "canteen_manager"),
    ("inquiry", "quote"): ("询价待询价", "canteen_buyer"),
    ("inquiry", "list_items"): ("询价待询价", "canteen_buyer"),
    ("inquiry", "compare"): ("询价待送", "canteen_buyer"),
    ("inquiry", "choose"): ("询价待选定", "canteen_manager"),
    ("inquiry", "inquire_again"): ("询价待选定", "canteen_manager"),
    ("inquiry", "skip"): ("询价待询价", "canteen_manager"),
    ("renewal", "renew"): ("证件待换证", "canteen_buyer"),
    ("renewal", "let_end"): ("证件待换证", "canteen_manager"),
}
FLOWS = (SAMPLINGS, ACCOMPANIES, CONTROLS, PARENT_MEALS, OUTAGES, INQUIRIES, RENEWALS)


def test_the_table_has_every_step() -> None:
    own = {
        (flow.kind.partition(".")[2], step.name) for flow in FLOWS for step in flow.steps if step.roles != (BY_CLOCK,)
    }
    assert {one for one in own if one[1] not in SPINE} == set(STEPS)


def flat(data: dict[str, Any]) -> dict[str, Any]:
    """What a step asks, as a page sends it: rows field by field."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        rows = value if isinstance(value, list) and value and isinstance(value[0], dict) else None
        if rows is None:
            found[name] = value
        for at, row in enumerate(rows or ()):
            found |= {f"{name}-{at}-{key}": one for key, one in row.items()}
    return found


def stand(state: str, place: District, cast: Cast) -> Case:
    """A case in this state, as it is now, whatever day of the week it is; those of earlier tests give way."""
    _make_way()
    opened = _opened(state, place.school)
    if opened is None:
        duty = state.startswith(kitchen.STATES)
        opened = kitchen.bring(state, place.room, cast.rita) if duty else buying.bring(state, place.room)
    return Case.objects.get(pk=opened.pk)


def _make_way() -> None:
    """The rows of a file stay: one meal, one booking and one inquiry stand aside for the next."""
    today = clock.today()
    models: list[type[Any]] = [Sampling, Accompany, Control, ParentMeal]
    for model in models:
        rows = model._base_manager.all()
        rows.filter(day=today).update(day=today - timedelta(days=rows.count()))
    weeks = Inquiry._base_manager.count()
    Inquiry._base_manager.filter(since=monday_of(today)).update(since=monday_of(today) - timedelta(weeks=weeks))


def _opened(state: str, school: Unit) -> Case | None:
    """A duty of today as the clock opens it on school days; none for what is opened on any day."""
    flow = {"留样": SAMPLINGS, "陪餐": ACCOMPANIES, "管控": CONTROLS}.get(state[:2])
    if flow is None:
        return None
    canteen, today = kitchen.canteen_at(school), clock.today()
    form = filled(flow, flow.opening, case=None, by="clock", data={"unit": school.pk})
    columns: dict[str, Any] = {"canteen": canteen, "day": today}
    columns |= {"topic_of": "daily", "items": control_of("daily")["items"]} if flow is CONTROLS else {"meal": "lunch"}
    set_meal(canteen, day=today, meal="lunch", dishes=[kitchen.dish_at(school)], by="clock")
    topic = "daily" if flow is CONTROLS else "lunch"
    case = open_case(flow, unit=canteen.unit, title=state, by="clock", form=form, topic=topic, columns=columns)
    if state == "留样留样中":
        move(case, "keep_samples", by=kitchen.officer_of(school, "canteen_chef"), data=kitchen.said("keep_samples", []))
        Sample.objects.filter(sampling=case.pk).update(until=clock.now() - timedelta(hours=1))
    return case


@pytest.mark.parametrize(("kind", "name"), sorted(STEPS))
def test_fifty_equal_posts_of_a_step_happen_once(kind: str, name: str, place: District, cast: Cast) -> None:
    state, post = STEPS[kind, name]
    case = stand(state, place, cast)
    who: User = kitchen.officer_of(place.school, post)
    photo = [str(photo_of(who).pk)] if name in ("quote", "renew") else []
    said = flat(kitchen.said(name, photo) or buying.said(name, photo) or {})
    earlier = Event.objects.filter(address=case.address, verb=name).count()  # on the way to where it stands
    before = Sample.objects.count(), Quote.objects.count(), Certificate.objects.count()
    answers = fifty(
        who, f"{address_of(case)}{name}/", [said | {"version": case.version, "key": f"{kind}-{name}-once"}] * FIFTY
    )
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == earlier + 1
    now = Sample.objects.count(), Quote.objects.count(), Certificate.objects.count()
    more = {"keep_samples": (1, 0, 0), "quote": (0, 1, 0), "renew": (0, 0, 1)}.get(name, (0, 0, 0))
    if name != "list_items":  # a shorter list takes the quotes of what is gone along
        assert tuple(b - a for a, b in zip(before, now, strict=True)) == more
    demand_sound_ledger()


def test_of_fifty_who_want_the_last_seat_one_eats(place: District, cast: Cast) -> None:
    _make_way()
    canteen = kitchen.canteen_at(place.school)
    Canteen.objects.filter(pk=canteen.pk).update(seats=1)
    day = next_meal_day(canteen)
    asked = {"canteen": canteen.pk, "day": day.isoformat(), "meal": "lunch"}
    answers = fifty(cast.ping, "/canteen/duties/book/", [asked | {"key": f"seat-{at}"} for at in range(FIFTY)])
    assert (answers.count(302), set(answers)) == (1, {302, 422})
    assert ParentMeal.objects.filter(day=day).count() == 1
    demand_sound_ledger()
