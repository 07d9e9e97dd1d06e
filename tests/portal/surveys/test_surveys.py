"""A survey is answered once by each person or household, shows nothing early or of few, and publishes its result."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from portal import clock
from portal.errors import BadInput, NotAllowed, NotThere, WrongStep
from portal.ledger.models import Event
from portal.ledger.verification import Checked
from portal.orgs.models import Guardianship, User
from portal.publications.models import Issue, Publication
from portal.surveys.access import Whom, asking, the_survey
from portal.surveys.actions import answer, close_due, issue, let_through, on_closed, withdraw
from portal.surveys.models import Ask, Question, Remark, Survey, Voter
from portal.surveys.proof import check
from portal.surveys.queries import remarks_of, result_of, standing_of
from portal.surveys.questions import Asked
from tests.district import MONDAY, Cast, District, hire
from tests.portal.cases.test_pages import as_

from .families import class_of, parent, pupil

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FRIDAY = MONDAY + timedelta(days=4)
QUESTIONS = (Asked(Ask.SCORE, "菜好吃吗"), Asked(Ask.CHOICE, "喜欢哪样", ("面", "饭"), required=False),
             Asked(Ask.YES_NO, "还订吗"), Asked(Ask.PERCENT, "总分", required=False), Asked(Ask.WORDS, "想说的", required=False))  # fmt: skip


def issued(place: District, cast: Cast, **more: object) -> Survey:
    given: dict = {"unit": place.school, "title": "食堂怎么样", "questions": QUESTIONS, "asks": Whom(parents=True)}
    given |= {"closes_at": FRIDAY, "by": cast.hu, "per": "household", "least": 3}
    return issue(**given | more)


def said(survey: Survey, *answers: object) -> dict[int, object]:
    return dict(zip(survey.questions.values_list("pk", flat=True), answers, strict=True))


def closed(survey: Survey) -> Survey:
    with clock.at(survey.closes_at + timedelta(minutes=1)):
        assert close_due() == 1
    return Survey.objects.select_related("unit").get(pk=survey.pk)


def test_a_ballot_that_says_nothing_is_not_taken(place: District, cast: Cast) -> None:
    mother = parent("m", pupil("1", class_of(place)))
    survey = issued(
        place, cast, questions=(Asked(Ask.SCORE, "米饭", required=False), Asked(Ask.WORDS, "想说的", required=False))
    )
    at, (rice, words) = f"/surveys/{survey.code}/", survey.questions.values_list("pk", flat=True)
    blank = as_(mother).post(at, {f"q{words}": "  "})
    assert (blank.status_code, "一题也没有答" in blank.content.decode(), Voter.objects.count()) == (422, True, 0)
    assert as_(mother).post(at, {f"q{rice}": "4"}).status_code == 302


def test_one_ballot_stands_for_a_household_and_its_pupils(place: District, cast: Cast) -> None:
    here, far = class_of(place), class_of(place, far=True)
    first, second, third = pupil("1", here), pupil("2", here), pupil("3", here)
    mother, father = parent("m", first, second), parent("f", first)
    uncle, other = parent("u", second, third), parent("o", pupil("9", far))
    survey = issued(place, cast)
    asked = {who.username: [one.pk for one in asking(who)] for who in (mother, father, uncle, other, cast.rita)}
    assert asked == {"m": [survey.pk], "f": [survey.pk], "u": [survey.pk], "o": [], "rita": []}
    answer(survey, by=mother, answers=said(survey, "5", "0", "yes", 90, "  多放点肉  "))
    with pytest.raises(WrongStep, match="已经答过"):
        answer(survey, by=father, answers=said(survey, "1", None, "no", None, ""))
    answer(survey, by=uncle, answers=said(survey, "3", None, "no", None, ""))  # for the third pupil, and once
    with pytest.raises(NotAllowed):
        answer(survey, by=other, answers={})
    assert set(Voter.objects.values_list("key", flat=True)) == {f"pupil:{one.pk}" for one in (first, second, third)}
    survey.refresh_from_db()
    assert (survey.ballots, survey.voted, [list(asking(one)) for one in (mother, father, uncle)]) == (
        2,
        3,
        [[], [], []],
    )
    counts = [{"3": 1, "5": 1}, {"0": 1}, {"no": 1, "yes": 1}, {"90": 1}, {}]
    assert list(Question.objects.values_list("counts", flat=True)) == counts
    assert list(Remark.objects.values_list("text", "state", "mixed")) == [("多放点肉", "new", False)]
    with pytest.raises(NotThere):
        the_survey(other, survey.code)
    with pytest.raises(NotThere):
        the_survey(cast.sam, survey.code)


def test_nothing_is_shown_before_the_end_or_of_too_few_and_the_result_is_published_with_its_response(
    place: District, cast: Cast
) -> None:
    kind = "surveys.public"
    survey = issued(place, cast, asks=Whom(staff=True), per="person", kind=kind)
    quiet = issued(place, cast, asks=Whom(staff=True), per="person", kind=kind, title="没人答的")
    for n, who in enumerate((cast.rita, cast.dora, cast.will, cast.lin)):
        answer(survey, by=who, answers=said(survey, str(5 - n), "1" if n else None, "yes", None, f"话{n}"))
    answer(quiet, by=cast.rita, answers=said(quiet, "1", None, "no", None, "只有我"))
    before = result_of(survey)
    assert (before.outcomes, before.hidden) == ((), "结束以后才有结果，现在谁也看不到。")
    with pytest.raises(WrongStep):
        let_through(survey, shown=[], by=cast.hu)
    with clock.at(FRIDAY + timedelta(minutes=1)):
        with pytest.raises(WrongStep, match="截止"):
            answer(survey, by=cast.vera, answers={})
        assert (close_due(), close_due()) == (2, 0)
    survey, quiet = (Survey.objects.select_related("unit").get(pk=one.pk) for one in (survey, quiet))
    staff = User.objects.filter(home__path__startswith=place.school.path).count()
    assert (standing_of(survey).voted, standing_of(survey).invited) == (4, staff)
    result = result_of(survey)
    score, choice, yes, percent, words = result.outcomes
    assert (score.n, score.mean, score.satisfaction) == (4, Decimal("3.50"), Decimal("70.0"))
    assert [(line.words, line.n, line.share) for line in choice.lines] == [("面", 0, 0), ("饭", 3, 100)]
    assert [(line.words, line.share) for line in yes.lines] == [("是", 100), ("否", 0)]
    assert (percent.n, percent.hidden, words.n, result.remarks) == (0, True, 4, ())
    assert result_of(quiet).hidden.startswith("答的不足 3 份")
    with pytest.raises(WrongStep):
        let_through(quiet, shown=[], by=cast.hu)
    shown = [one.pk for one in remarks_of(survey) if one.text != "话0"]
    with pytest.raises(NotAllowed):
        let_through(survey, shown=shown, by=cast.rita)
    assert let_through(survey, shown=shown, by=cast.hu) == 3
    assert sorted(result_of(survey).remarks) == ["话1", "话2", "话3"]
    made = Publication.objects.get(issue__kind=kind)
    assert (made.title, made.issue.period, Issue.objects.count()) == ("食堂怎么样", survey.code, 1)
    assert f'"note":"4 / {staff} 人"' in made.payload and '"satisfaction"' in made.payload and "话" not in made.payload
    verbs = Event.objects.filter(address=survey.address).order_by("seq").values_list("verb", "who")
    assert list(verbs) == [
        ("issued", f"person:{cast.hu.pk}"),
        ("closed", "clock"),
        ("let_through", f"person:{cast.hu.pk}"),
    ]


def test_only_posts_that_keep_surveys_issue_them_and_only_good_ones(place: District, cast: Cast) -> None:
    room = class_of(place)
    tutor = hire("tutor", "班主任", place.school, ("class_teacher", room))
    survey = issued(place, cast, unit=room, by=tutor)
    assert survey.unit == room
    with pytest.raises(NotAllowed):
        issued(place, cast, by=tutor)
    for wrong in (
        {"questions": ()}, {"questions": (Asked(Ask.CHOICE, "选", ("一",)),)}, {"asks": Whom()}, {"least": 2},
        {"asks": Whom(staff=True)}, {"closes_at": MONDAY}, {"closes_at": MONDAY + timedelta(days=99)},
        {"unit": room, "kind": "surveys.public"}, {"unit": room, "asks": Whom(staff=True), "per": "person"},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            issued(place, cast, **wrong)
    for stranger in (cast.rita, cast.sam, cast.ping, cast.ada):
        with pytest.raises(NotAllowed):
            withdraw(survey, by=stranger)
    withdraw(survey, by=tutor)
    with pytest.raises(WrongStep, match="作废"):
        answer(survey, by=parent("m", pupil("1", room)), answers={})
    assert result_of(Survey.objects.get(pk=survey.pk)).hidden == "这份问卷作废了，没有结果。"
    assert Survey.objects.count() == 1


def test_an_affair_hears_when_its_survey_has_closed(place: District, cast: Cast) -> None:
    heard: list[str] = []
    on_closed("test", lambda one: heard.append(one.purpose))
    survey = issued(place, cast, purpose="test:17")
    closed(survey)
    assert heard == ["test:17"]


def test_a_parent_answers_on_a_page_and_the_principal_reads_the_result(place: District, cast: Cast) -> None:
    room = class_of(place)
    families = [parent(f"p{n}", pupil(str(n), room)) for n in range(3)]
    head = as_(cast.hu)
    form = {
        "unit": place.school.pk, "title": "午餐", "who": ["parents"], "per": "household", "closes_on": "2026-11-20", "least": 3,
        "questions-0-title": "好吃吗", "questions-0-kind": "score", "questions-1-title": "想吃", "questions-1-kind": "choice",
        "questions-1-choices": "面、饭", "shown": "", "key": "k1",
    }  # fmt: skip
    first, again = (head.post("/surveys/issue/", form) for _ in range(2))
    survey = Survey.objects.get()
    assert (first.status_code, again.status_code, first.headers["Location"]) == (302, 302, f"/surveys/{survey.code}/")
    assert head.post("/surveys/issue/", form | {"key": "k2", "closes_on": "2026-11-01"}).status_code == 422
    assert as_(families[0]).get("/surveys/issue/").status_code == 404
    score, choice = survey.questions.all()
    ballot = {f"q{score.pk}": "5", f"q{choice.pk}": "1"}
    phone = as_(families[0])
    assert (
        "午餐" in phone.get("/").content.decode()
        and "不记姓名" in phone.get(f"/surveys/{survey.code}/").content.decode()
    )
    assert phone.post(f"/surveys/{survey.code}/", {f"q{score.pk}": "6"}).status_code == 422
    for one in families:
        page = as_(one)
        assert page.post(f"/surveys/{survey.code}/", ballot).status_code == 302
        assert "已经答过" in page.post(f"/surveys/{survey.code}/", ballot).content.decode()
    assert "午餐" not in phone.get("/").content.decode()
    closed(survey)
    result = phone.get(f"/surveys/{survey.code}/").content.decode()
    assert "100.0 分" in result and "3 / 3 户" in result
    assert as_(cast.sam).get(f"/surveys/{survey.code}/").status_code == 404
    assert head.get(f"/surveys/{survey.code}/remarks/").status_code == 200
    assert phone.get(f"/surveys/{survey.code}/remarks/").status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_lists_ask_the_same_few_questions(
    n: int, place: District, cast: Cast, django_assert_num_queries: object
) -> None:
    mother = parent("m", pupil("1", class_of(place)))
    for at in range(n):
        issued(place, cast, title=f"第 {at} 份")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(list(asking(mother))) == n


def test_a_ballot_taken_away_or_a_sum_changed_by_sql_is_named_by_verify(place: District, cast: Cast) -> None:
    room, survey = class_of(place), issued(place, cast)
    for n in range(3):
        answer(survey, by=parent(f"g{n}", pupil(str(n), room)), answers=said(survey, "5", "0", "yes", 90, ""))
    still_open = check()
    closed(survey)
    assert (still_open, check()) == (Checked(1), Checked(1))
    for change, sentence in (
        ("update surveys_survey set ballots = 2", "数出的答卷"),
        ("update surveys_survey set invited = 30", "数出的答卷"),
        ("delete from surveys_voter where id = (select id from surveys_voter limit 1)", "名单和答卷数"),
        ("update surveys_question set counts = '{\"5\": 2}' where kind = 'score'", "第 1 题的票数"),
        ("update surveys_question set counts = '{\"1\": 3}' where kind = 'score'", "和截止时的不同"),
        ("update surveys_question set title = '服务好吗' where kind = 'score'", "和截止时的不同"),
    ):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("savepoint untouched")
            cursor.execute(change)
            flaw = check().flaw
            cursor.execute("rollback to savepoint untouched")
        assert flaw is not None and sentence in flaw.sentence, change


def test_who_has_no_custody_is_not_asked_and_answers_for_no_household(place: District, cast: Cast) -> None:
    child = pupil("1", class_of(place))
    mother, other, was = parent("m", child), parent("x"), parent("w")
    for who, more in ((other, {"custody": False}), (was, {"until": MONDAY.date() - timedelta(days=1)})):
        Guardianship.objects.create(
            guardian=who, student=child, relation="家长", since=MONDAY.date() - timedelta(days=9), **more
        )
    survey = issued(place, cast)
    assert [[one.pk for one in asking(who)] for who in (mother, other, was)] == [[survey.pk], [], []]
    for who in (other, was):
        with pytest.raises(NotAllowed):
            answer(survey, by=who, answers=said(survey, "5", "0", "yes", 90, ""))
        with pytest.raises(NotThere):
            the_survey(who, survey.code)
    answer(survey, by=mother, answers=said(survey, "5", "0", "yes", 90, ""))
