"""The day's duties: opened by the clock, samples weighed, labelled and discarded, meals eaten along, controls; missed ones rise."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from canteen.actions import enter_health_card, leave_kitchen, set_meal
from canteen.figures.duties import TALLIES
from canteen.models import Accompany, Canteen, Control, Dish, HealthCard, ParentMeal, Sample, Sampling
from canteen.publications import meals
from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from portal.cases.page import actions_for
from portal.cases.queries import waiting
from portal.cases.routines import arrange
from portal.cases.schedules import open_due
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, Refused
from portal.notices.models import Notice
from portal.orgs.actions import record_absence
from portal.publications.periods import Every, Opened, opened_on
from portal.rollups.folding import fold
from portal.rollups.models import Daily
from portal.rollups.recounting import recount
from tests.access.kitchen import dish_at
from tests.canteen.cast import Kitchen
from tests.canteen.test_menus import cooked
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "cast")]
TUESDAY = MONDAY + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def morning(place: District, canteen: Canteen, kitchen: Kitchen) -> Iterator[list[Dish]]:
    """Tuesday, nine o'clock: two dishes on the menu, the day's duties open."""
    dishes = [
        dish_at(place.school),
        cooked(canteen, "红烧肉", kitchen.chu, (dish_at(place.school).parts.get().ingredient, 60)),
    ]
    set_meal(canteen, day=TUESDAY.date(), meal="lunch", dishes=dishes, by=kitchen.chu)
    arrange()
    with clock.at(TUESDAY):
        open_due()
        yield dishes


def weighed(*rows: tuple[Dish, int]) -> dict[str, Any]:
    return {"samples": [{"dish": dish.pk, "grams": grams} for dish, grams in rows]}


def test_the_clock_opens_a_days_duties_once_at_every_canteen_and_only_there(
    morning: list[Dish], canteen: Canteen
) -> None:
    open_due()
    opened = sorted(Case.objects.filter(kind__startswith="canteen.").values_list("kind", "title", "turn"))
    assert opened == [
        ("canteen.accompany", "第一食堂11月17日午餐陪餐", "principal"),
        ("canteen.control", "第一食堂日管控", "food_safety_officer"),
        ("canteen.sampling", "第一食堂11月17日午餐留样", "canteen_chef"),
    ]
    with clock.at(MONDAY + timedelta(days=4)):
        open_due()
    kinds = set(Control.objects.filter(day=MONDAY.date() + timedelta(days=4)).values_list("topic_of", flat=True))
    assert kinds == {"daily", "weekly"}


def test_every_dish_is_weighed_labelled_kept_its_hours_and_discarded_by_its_label(
    morning: list[Dish], canteen: Canteen, kitchen: Kitchen
) -> None:
    rice, pork = morning
    case: Any = Sampling.objects.get()
    with clock.at(TUESDAY + 3 * HOUR):
        with pytest.raises(Refused, match="不少于 125 克") as little:
            move(case, "keep_samples", by=kitchen.chu, data=weighed((rice, 124)))
        assert "CR-09" in little.value.rule
        move(case, "keep_samples", by=kitchen.chu, data=weighed((rice, 130)))
        case = Sampling.objects.get()
        shown = as_(kitchen.fang).get(f"/canteen/samplings/{case.number}/").content.decode()
        assert (case.state, "还没留样" in shown, "红烧肉" in shown) == ("due", True, True)
        move(case, "keep_samples", by=kitchen.chu, data=weighed((pork, 125)))
    first, second = Sample.objects.order_by("pk")
    assert (Sampling.objects.get().state, second.until - second.kept_at) == ("kept", timedelta(hours=48))
    page = as_(kitchen.chu).get(f"/canteen/samplings/{case.number}/labels/").content.decode()
    assert page.count("<svg") >= 2
    assert "留到 11月19日" in page and "今天" not in page.split("label-grid")[1]  # paper outlives the day
    assert (
        as_(kitchen.chu)
        .get(f"/canteen/samples/{first.code}/")["Location"]
        .endswith(f"discard_sample/?code={first.code}")
    )
    assert as_(kitchen.yuan).get(f"/canteen/samples/{first.code}/").status_code == 404
    with clock.at(TUESDAY + 40 * HOUR), pytest.raises(Refused, match="还要再留"):
        move(Sampling.objects.get(), "discard_sample", by=kitchen.chu, data={"code": first.code})
    with clock.at(TUESDAY + 52 * HOUR):
        with pytest.raises(Refused, match="不是这一餐"):
            move(Sampling.objects.get(), "discard_sample", by=kitchen.chu, data={"code": "ZZZZZZZ"})
        for one in (first, second):
            move(Sampling.objects.get(), "discard_sample", by=kitchen.chu, data={"code": one.code})
    assert Sampling.objects.get().state == "discarded"


def test_what_nobody_did_rises_and_is_missed(morning: list[Dish], kitchen: Kitchen, cast: Cast) -> None:
    with clock.at(TUESDAY + 6 * HOUR):  # three in the afternoon: an hour after samples were due
        sweep()
        assert Notice.objects.filter(to=kitchen.jiang, about=Sampling.objects.get().address).exists()
    with clock.at(TUESDAY + 60 * HOUR):
        sweep()
    states = {one.kind: one.state for one in Case.objects.filter(opened_at__lte=TUESDAY + HOUR)}
    assert states == {"canteen.sampling": "missed", "canteen.accompany": "missed", "canteen.control": "missed"}


def test_a_leader_eats_along_and_each_control_is_its_own_posts(
    morning: list[Dish], kitchen: Kitchen, cast: Cast
) -> None:
    meal, control = Accompany.objects.get(), Control.objects.get()
    move(meal, "record_meal", by=cast.vera, data={"score": "4", "words": "菜热，汤淡"})
    assert [(one.eater, one.score, one.state) for one in Accompany.objects.all()] == [(cast.vera, 4, "done")]
    rows = [{"item": one["code"], "outcome": "ok"} for one in control.items]
    with pytest.raises(NotAllowed, match="食品安全员"):
        move(control, "fill_control", by=kitchen.jiang, data={"outcomes": rows})
    with pytest.raises(BadInput, match="写明问题"):
        move(control, "fill_control", by=kitchen.fang, data={"outcomes": [rows[0] | {"outcome": "failed"}, *rows[1:]]})
    with pytest.raises(BadInput, match="每一项"):
        move(control, "fill_control", by=kitchen.fang, data={"outcomes": rows[1:]})
    failed = [rows[0] | {"outcome": "failed"}, *rows[1:]]
    move(control, "fill_control", by=kitchen.fang, data={"outcomes": failed, "words": "一人没晨检，已补"})
    assert (Control.objects.get().state, Control.objects.get().problems) == ("done", 1)


def test_who_stands_in_finds_the_duties_on_the_own_desk_does_them_and_is_published_as_such(
    morning: list[Dish], place: District, kitchen: Kitchen, cast: Cast
) -> None:
    today = clock.today()
    for person in (cast.hu, kitchen.fang):
        record_absence(person=person, substitute=cast.rita, since=today, until=today, by=cast.hu)
    meal, control = Accompany.objects.get(), Control.objects.get()
    assert {meal.pk, control.pk} <= set(waiting(cast.rita).values_list("pk", flat=True))
    move(meal, "record_meal", by=cast.rita, data={"score": "5", "words": "好"})
    rows = [{"item": one["code"], "outcome": "ok"} for one in control.items]
    move(control, "fill_control", by=cast.rita, data={"outcomes": rows})
    assert (Accompany.objects.get().eater, Control.objects.get().state) == (cast.rita, "done")
    (table,) = meals.build(place.school, opened_on(Every.WEEK, today, Opened.RUNNING)).tables
    assert [row[:3] for row in table.rows] == [["11月17日 周二", "午餐", "代班人员"]]


def test_a_parent_books_eats_writes_and_is_answered(
    morning: list[Dish], canteen: Canteen, kitchen: Kitchen, cast: Cast
) -> None:
    day = TUESDAY.date() + timedelta(days=1)
    page = as_(cast.ping).post(
        "/canteen/duties/book/", {"canteen": canteen.pk, "day": day, "meal": "lunch", "key": "k1"}
    )
    case = ParentMeal.objects.get()
    assert (page.status_code, page["Location"], case.state) == (302, f"/canteen/parentmeals/{case.number}/", "booked")
    twice = as_(cast.ping).post(
        "/canteen/duties/book/", {"canteen": canteen.pk, "day": day, "meal": "lunch", "key": "k2"}
    )
    assert (twice.status_code, "已经预约" in twice.content.decode()) == (422, True)
    sunday = {"canteen": canteen.pk, "day": TUESDAY.date() + timedelta(days=5), "meal": "lunch", "key": "k3"}
    assert "那天不上学，食堂不供餐" in as_(cast.ping).post("/canteen/duties/book/", sunday).content.decode()
    assert actions_for(case, by=cast.ping)[0].name == "cancel_booking"  # nobody says how it was before
    with pytest.raises(Refused, match="还没到"):
        move(case, "give_opinion", by=cast.ping, data={"score": "3", "words": "偏咸"})
    with clock.at(TUESDAY + timedelta(days=1, hours=4)):
        move(ParentMeal.objects.get(), "give_opinion", by=cast.ping, data={"score": "3", "words": "偏咸"})
        move(ParentMeal.objects.get(), "answer_opinion", by=kitchen.jiang, data={"words": "明天起少放盐"})
    assert (ParentMeal.objects.get().state, ParentMeal.objects.get().score) == ("answered", 3)
    assert Notice.objects.filter(to=cast.ping, verb="answer_opinion").count() == 1


def test_a_health_certificate_is_told_a_month_a_week_a_day_ahead_and_no_more_after_leaving(
    morning: list[Dish], canteen: Canteen, kitchen: Kitchen
) -> None:
    until = TUESDAY.date() + timedelta(days=31)
    card = enter_health_card(canteen, name="小陈", job="洗消", until=until, by=kitchen.jiang)
    with pytest.raises(NotAllowed):
        enter_health_card(canteen, name="小陈", job="洗消", until=until, by=kitchen.cai)
    told = []
    for day in (1, 2, 24, 30, 31):
        with clock.at(TUESDAY + timedelta(days=day)):
            open_due()
        told.append(Notice.objects.filter(to=kitchen.jiang, about=card.address).count())
    assert told == [1, 1, 2, 3, 4]
    leave_kitchen(card, by=kitchen.jiang)
    assert HealthCard.objects.filter(left_on=None).count() == 0


def test_what_was_done_and_missed_is_counted_once_and_a_recount_finds_nothing_else(
    morning: list[Dish], kitchen: Kitchen, cast: Cast
) -> None:
    monday = MONDAY + timedelta(days=7, hours=-2)
    with clock.at(monday):
        open_due()
    rows = {one.topic_of: one for one in Control.objects.filter(day=monday.date())}
    data = {"outcomes": [{"item": one["code"], "outcome": "ok"} for one in rows["self"].items]}
    with clock.at(monday + HOUR):
        move(rows["self"], "fill_control", by=kitchen.jiang, data=data)
        move(Sampling.objects.get(day=monday.date()), "not_served", by=kitchen.jiang, data={"reason": "停电"})
        sweep()  # what Tuesday had was missed long ago
    while fold():
        pass
    assert (fold(), recount(keep=False)) == (0, [])
    mine = [one.name for one in TALLIES]
    counts = Daily.objects.filter(tally__in=mine).order_by().values_list("tally").annotate(n=Sum("n"))
    assert {tally.partition(".")[2]: n for tally, n in counts} == {
        "accompanies": 2, "accompanies_missed": 1, "controls": 3, "controls_done": 1, "controls_missed": 1, "samplings": 1,
        "samplings_missed": 1, "selfchecks": 1, "selfchecks_done": 1, "duties": 6, "duties_done": 1, "duties_missed": 3,
    }  # fmt: skip
