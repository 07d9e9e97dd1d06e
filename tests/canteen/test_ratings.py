"""The diners rate the month's dishes; what falls below the line is put right, checked by another and asked again."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from canteen.actions import change_canteen, open_rectification
from canteen.actions.ratings import ask_diners, open_ratings
from canteen.flow import RATINGS
from canteen.models import Canteen, Course, Dish, Occasion, Rating, Rectification, Serving
from canteen.publications.accounts import build_week
from canteen.publications.ratings import build
from canteen.queries.ratings import questions_of_term, questions_on
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.cases.schedules import open_due, plan
from portal.errors import NotAllowed, Refused
from portal.orgs.actions import appoint
from portal.orgs.models import User
from portal.publications.models import Publication
from portal.publications.periods import Every, period_of
from portal.surveys.actions import answer, close_due
from portal.surveys.models import Survey
from tests.canteen.booking import on
from tests.canteen.cast import Kitchen
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_
from tests.portal.surveys.families import class_of, parent, pupil

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
DUE = {"due_on": "2026-12-04", "measures": "换供应商，少放油"}


def dishes_at(canteen: Canteen) -> list[Dish]:
    """Fish served twice in the last month, noodles once."""
    fish, noodles = (
        Dish.objects.create(school=canteen.school, name=name, course=Course.MEAT) for name in ("红烧鱼", "牛肉面")
    )
    for day, dish in ((9, fish), (10, noodles), (12, fish)):
        Serving.objects.create(canteen=canteen, day=date(2026, 11, day), meal="lunch", dish=dish, price=Decimal(8))
    return [fish, noodles]


def said(survey: Survey, people: list[User], *stars: str) -> None:
    """Everybody gives the same stars to the questions in their order, and the clock closes it."""
    keys = list(survey.questions.values_list("pk", flat=True))
    for who in people:
        answer(survey, by=who, answers=dict(zip(keys, stars, strict=False)))


def closed(survey: Survey) -> datetime:
    """Closed by the clock; a moment afterwards."""
    with clock.at(survey.closes_at + timedelta(minutes=1)):
        assert close_due() == 1
    return survey.closes_at + timedelta(minutes=2)


def families(place: District, n: int = 5) -> list[User]:
    return [parent(f"f{at}", pupil(str(at), class_of(place))) for at in range(n)]


def test_a_dish_below_the_line_is_put_right_by_one_checked_by_another_and_asked_about_again(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    dishes_at(canteen)
    people = families(place)
    schedule = plan(kind="canteen.rating", unit=place.school, title="评分", rule={"every": "month", "day": 16, "time": "10:00"},
                    data={}, by="clock")  # fmt: skip
    with clock.at(schedule.next_at):
        assert open_due() == 1
    rating = Rating.objects.get()
    survey = rating.survey
    assert (rating.topic, survey.per, [one.title for one in survey.questions.all()]) == (
        Occasion.MONTH, "household", ["红烧鱼", "牛肉面", "还想对食堂说的"])  # fmt: skip
    with clock.at(schedule.next_at):
        said(survey, people, "3", "5")
    after = closed(survey)
    rating.refresh_from_db()
    fix = Rectification.objects.get()
    fish = Dish.objects.get(name="红烧鱼")
    assert (rating.state, fix.state, fix.dish, fix.satisfaction, fix.line, fix.turn) == (
        "rated", "found", fish, Decimal("60.0"), 85, "canteen_manager")  # fmt: skip
    made = Publication.objects.get(issue__kind="canteen.satisfaction")
    assert '"红烧鱼","60.0","85","待安排"' in made.payload.replace("85,", '"85",') and '"note":"5 / ' in made.payload
    with clock.at(after):
        with pytest.raises(NotAllowed):
            move(fix, "arrange", by=kitchen.cai, data={"assignee": kitchen.chu.pk, **DUE})
        move(fix, "arrange", by=kitchen.jiang, data={"assignee": kitchen.chu.pk, **DUE})
        move(fix, "finish_rectification", by=kitchen.chu, data={"outcome": "换了鱼"})
        with pytest.raises(NotAllowed):
            move(fix, "check_rectification", by=kitchen.chu)
        move(fix, "check_rectification", by=cast.hu)
        again = Rating.objects.get(topic=Occasion.AGAIN)
        assert list(again.links.values_list("target", "kind")) == [(fix.pk, "resurvey")]
        said(again.survey, people, "4")  # 80: still below
    after = closed(again.survey)
    fix.refresh_from_db()
    assert fix.state == "found"
    with clock.at(after):
        move(
            fix,
            "arrange",
            by=kitchen.jiang,
            data={"assignee": kitchen.jiang.pk, "due_on": "2026-12-11", "measures": "再换"},
        )
        move(fix, "finish_rectification", by=kitchen.jiang, data={"outcome": "换了做法"})
        appoint(person=kitchen.jiang, role="food_safety_director", unit=place.school, by="clock")
        for assignee in (kitchen.jiang, kitchen.chu):  # whoever reported it done never checks it either
            Case.objects.filter(pk=fix.pk).update(assignee=assignee)
            with pytest.raises(Refused, match="您整改的"):
                move(fix, "check_rectification", by=kitchen.jiang)
        move(fix, "check_rectification", by=kitchen.zhong)
        last = Rating.objects.filter(topic=Occasion.AGAIN).latest("pk")
        said(last.survey, people, "5")
    closed(last.survey)
    fix.refresh_from_db()
    assert (fix.state, Rectification.objects.count()) == ("settled", 1)
    page = as_(people[0]).get("/canteen/ratings/").content.decode()
    assert "红烧鱼：已达标" in page and "60.0" in page
    assert as_(cast.sam).get(f"/canteen/ratings/?canteen={canteen.pk}").status_code == 404


def test_where_too_few_answer_the_second_time_a_person_decides_and_the_publication_does_not_call_it_good(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    with clock.at(MONDAY):
        case = ask_diners(canteen, Occasion.MONTH, "菜品", questions_on(dishes_at(canteen)))
        survey = Rating.objects.get(pk=case.pk).survey
        said(survey, families(place), "3", "5")
    after = closed(survey)
    fix = Rectification.objects.get()
    with clock.at(after):
        move(fix, "arrange", by=kitchen.jiang, data={"assignee": kitchen.chu.pk, **DUE})
        move(fix, "finish_rectification", by=kitchen.chu, data={"outcome": "换了鱼"})
        move(fix, "check_rectification", by=cast.hu)
    for again in (1, 2):
        asked = Rating.objects.filter(topic=Occasion.AGAIN).latest("pk").survey
        after = closed(asked)
        fix.refresh_from_db()
        assert (fix.state, fix.turn, fix.due_at is not None, Rating.objects.count()) == (
            "undecided", "principal", True, 1 + again,
        )  # fmt: skip
        with clock.at(after):
            if again == 1:
                move(fix, "ask_once_more", by=kitchen.zhong)
                continue
            with pytest.raises(NotAllowed):
                move(fix, "settle_unrated", by=kitchen.jiang, data={"reason": "看过了"})
            move(fix, "settle_unrated", by=cast.hu, data={"reason": "尝过三天，改好了"})
            fix.refresh_from_db()
            assert (fix.state, fix.is_open) == ("unrated", False)
    issue = Publication.objects.get(issue__kind="canteen.satisfaction").issue
    assert [row[3] for row in build(place.school, issue.when).tables[-1].rows] == ["复评答的人太少，写明理由办结"]


def test_the_weekly_account_says_what_the_diners_gave_last_and_how_many_answered(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(date(2026, 11, 3))):
        people = families(place)
        case = ask_diners(canteen, Occasion.MONTH, "10 月菜品", questions_on(dishes_at(canteen)))
        survey = Rating.objects.get(pk=case.pk).survey
        said(survey, people, "4", "5")
    closed(survey)
    survey.refresh_from_db()
    with clock.at(on(date(2026, 11, 13), 14)):
        marks, before = (
            build_week(canteen.school, period_of(Every.WEEK, week)).marks for week in ("2026-W46", "2026-W45")
        )
    assert [(one.code, one.value, one.verdict, one.good) for one in marks] == [
        ("score", Decimal("90.0"), "不低于 85", True)
    ]
    assert marks[0].said.startswith(f"11月10日截止的评分：5 份，应评 {survey.invited} 份，回收 ") and before == []


def test_the_terms_survey_asks_four_things_and_too_few_answers_have_no_result(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    term = ask_diners(canteen, Occasion.TERM, "本学期满意度", questions_of_term())
    few = ask_diners(canteen, Occasion.MONTH, "11 月菜品", questions_on(dishes_at(canteen)))
    people = families(place)
    said(Rating.objects.get(pk=term.pk).survey, people, "5", "4", "2", "5")
    said(Rating.objects.get(pk=few.pk).survey, people[:1], "1", "1")
    with clock.at(MONDAY + timedelta(days=8)):
        assert close_due() == 2
    assert dict(Rating.objects.values_list("topic", "state")) == {"term": "rated", "month": "too_few"}
    found = Rectification.objects.order_by("about").values_list("about", "satisfaction", "dish")
    assert list(found) == [("part:hygiene", Decimal("40.0"), None), ("part:price", Decimal("80.0"), None)]
    assert Publication.objects.count() == 1


def test_a_term_has_two_surveys_counters_are_rated_and_one_low_thing_is_put_right_once(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    canteen = change_canteen(canteen, by=cast.hu, windows=["面点窗口"])
    dishes_at(canteen)
    people, staff = families(place), [cast.rita, cast.dora, cast.will, cast.hu, cast.vera]
    with clock.at(on(date(2026, 12, 2))):
        form = filled(RATINGS, RATINGS.opening, case=None, by="clock", data={"unit": place.school.pk})
        assert len(open_ratings(form, by="clock")) == 3
        month, term, parents = (one.survey for one in Rating.objects.order_by("pk").select_related("survey"))
        assert [one.title for one in month.questions.all()] == ["红烧鱼", "牛肉面", "面点窗口", "还想对食堂说的"]
        asked = [(one.per, one.asks_staff, one.asks_students, one.asks_parents) for one in (term, parents)]
        assert asked == [("person", True, True, False), ("household", False, False, True)]
        said(month, people, "5", "5", "2")
        said(term, staff, "5", "5", "3", "5")
        said(parents, people, "5", "5", "4", "5")
    with clock.at(month.closes_at + timedelta(minutes=1)):
        assert close_due() == 3
    found = {one.about: one for one in Rectification.objects.all()}
    assert {about: (one.name, one.satisfaction, one.dish) for about, one in found.items()} == {
        "window:面点窗口": ("面点窗口", Decimal("40.0"), None), "part:hygiene": ("卫生", Decimal("60.0"), None),
    }  # fmt: skip
    said_of = found["part:hygiene"].links.filter(kind="below").values_list("target__rating__survey", flat=True)
    assert sorted(said_of) == [term.pk, parents.pk]
    results = Publication.objects.filter(issue__kind="canteen.satisfaction", payload__contains="卫生")
    assert results.count() == 2


def test_only_the_clock_asks_and_a_kitchen_that_served_nothing_is_not_judged(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    schedule = plan(kind="canteen.rating", unit=place.school, title="评分", rule={"every": "month", "day": 16, "time": "10:00"},
                    data={}, by="clock")  # fmt: skip
    with clock.at(schedule.next_at):
        assert open_due() == 1
    assert Rating.objects.count() == 0
    form = filled(RATINGS, RATINGS.opening, case=None, by=cast.hu, data={"unit": place.school.pk})
    for opens in (open_ratings, open_rectification):
        with pytest.raises(Refused):
            opens(form, by=cast.hu)
