"""One school's canteen on one public page, found from the board and from a parent's home; the list of what was answered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from canteen.actions.ratings import ask_diners
from canteen.flow import WEEKLY
from canteen.models import Canteen, Occasion, Question, Rating
from canteen.queries.ratings import questions_on
from canteen.queries.school import page_of
from portal import clock
from portal.publications.running import publish_due
from portal.surveys.actions import close_due
from tests.canteen.booking import FRIDAY, LAST, WEEK, a_week, on, opened, signed_by_three
from tests.canteen.cast import Kitchen
from tests.canteen.test_questions import answered, asked, mother_of
from tests.canteen.test_ratings import dishes_at, families, said
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGE, ACCOUNT = "/canteen/schools/LX01/", f"/p/LX01/canteen.weeklyaccount/{WEEK}/"


def a_public_week(place: District, kitchen: Kitchen, canteen: Canteen) -> None:
    """Rated in the first week of November, accounted for in the second."""
    with clock.at(on(date(2026, 11, 3))):
        people = families(place)
        case = ask_diners(canteen, Occasion.MONTH, "10 月菜品", questions_on(dishes_at(canteen)))
        survey = Rating.objects.get(pk=case.pk).survey
        said(survey, people, "4", "5")
    with clock.at(survey.closes_at + timedelta(minutes=1)):
        assert close_due() == 1
    with clock.at(on(LAST, 14)):
        a_week(canteen, kitchen)
        signed_by_three(opened(canteen, WEEKLY, WEEK), kitchen)
    with clock.at(FRIDAY):
        publish_due()


def test_one_page_says_how_the_canteen_stands_and_names_no_parent(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_public_week(place, kitchen, canteen)
    mother = mother_of(place)
    late, fresh, told = (asked(mother, canteen, words) for words in ("第一问", "第二问", "第三问"))
    answered(told, kitchen.jiang)
    Question.objects.filter(pk=late.pk).update(due_at=MONDAY - timedelta(days=1))
    asked(mother, canteen, "私下问", private=True)
    page = page_of(place.school)
    assert (page.asked.asked, page.asked.answered, page.asked.waiting, page.asked.late, page.asked.percent) == (
        3,
        1,
        1,
        1,
        50,
    )
    assert page.score is not None and (page.score.points, page.score.line, page.score.voted) == (Decimal("90.0"), 85, 5)
    assert page.account is not None and [one.value for one in page.account.figures][:3] == [
        "23\u202f310.00",
        "23\u202f026.90",
        "283.10",
    ]
    assert dict(page.posts)["食堂管理员"] == kitchen.jiang.name and dict(page.posts)["膳食委员会"] == "1 位家长"
    with django_assert_num_queries(14):
        html = Client().get(PAGE).content.decode()
    for words in (
        "本周菜谱还没有公示",
        ACCOUNT,
        "90.0",
        "低于 85",
        "1 个超时未答",
        "学校还没有向家长开放",
        "/canteen/answered/LX01/",
    ):
        assert words in html
    assert (
        mother.name not in html and kitchen.mei.name not in html and "<script" not in html and fresh.number not in html
    )
    board = Client().get("/p/LX01/").content.decode()
    assert PAGE in board and "/canteen/answered/LX01/" in board
    assert PAGE not in Client().get("/p/SM01/").content.decode()
    assert "没有在这里登记食堂" in Client().get("/canteen/schools/SM01/").content.decode()
    home = as_(mother).get("/").content.decode()
    assert "/canteen/mine/" in home
    assert home.index('id="waiting"') < home.index(ACCOUNT) < home.index('id="services"')
    assert as_(mother).get("/canteen/mine/").headers["Location"] == PAGE
    assert "您的学校没有食堂" in as_(mother_of(place, far=True)).get("/canteen/mine/").content.decode()
    assert ACCOUNT not in as_(cast.sam).get("/").content.decode()


def test_answers_are_listed_page_by_page(place: District, kitchen: Kitchen, canteen: Canteen) -> None:
    assert "还没有公开的问答" in Client().get("/canteen/answered/LX01/").content.decode()
    first = asked(mother_of(place), canteen, "第 0 问")
    for n in range(1, 22):
        asked(first.opener, canteen, f"第 {n} 问")
    for n, pk in enumerate(Question.objects.order_by("pk").values_list("pk", flat=True)):
        Question.objects.filter(pk=pk).update(listed=True, shown=f"第 {n} 问", reply="答", answered_at=clock.now())
    newest = Client().get("/canteen/answered/LX01/").content.decode()
    assert newest.count('class="pub-card"') == 20 and "第 21 问" in newest and "第 1 问" not in newest
    older = Client().get(f"/canteen/answered/LX01/?before={Question.objects.order_by('pk')[2].pk}").content.decode()
    assert [n for n in range(22) if f"第 {n} 问<" in older] == [0, 1] and "回到最新" in older
    assert "没有更早的了" in Client().get("/canteen/answered/LX01/?before=1").content.decode()
