"""A parent asks, publicly or privately; the canteen answers in time or it rises; what is public names nobody."""

from datetime import timedelta

import pytest
from django.test import Client

from canteen.actions import ask
from canteen.apps import PRIVATE
from canteen.flow import QUESTIONS
from canteen.models import Canteen, Question
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import address_of
from portal.cases.models import Case, Escalation
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, NotThere, Refused
from portal.notices.models import Notice
from portal.orgs.models import User
from portal.rollups.folding import fold
from portal.rollups.models import Daily
from tests.canteen.cast import Kitchen
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_
from tests.portal.surveys.families import class_of, parent, pupil

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def mother_of(place: District, *, far: bool = False) -> User:
    """A mother of a pupil of the school, or of the other one."""
    return parent("mother-far" if far else "mother", pupil("77" if far else "7", class_of(place, far=far)))


def asked(by: User, canteen: Canteen, words: str = "豆腐新鲜吗", **more: object) -> Question:
    said = {"canteen": canteen.pk, "words": words, **more}
    case = ask(filled(QUESTIONS, QUESTIONS.opening, case=None, by=by, data=said), by=by)
    return Question.objects.get(pk=case.pk)


def answered(case: Case, by: User, words: str = "每天早上现做。", **more: object) -> Question:
    move(case, "answer", by=by, data={"words": words, "listed": True, **more})
    return Question.objects.get(pk=case.pk)


def test_a_question_is_answered_on_the_public_list_and_the_asker_has_the_last_word(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    mother = mother_of(place)
    case = asked(mother, canteen, "王小明说豆腐酸了，新鲜吗", photos=[str(photo_of(mother).pk)])
    assert (case.state, case.circle, case.title, case.turn) == (
        "asked",
        "",
        "王小明说豆腐酸了，新鲜吗",
        "canteen_manager",
    )
    for person in (kitchen.cai, kitchen.mei):  # they read it, and others answer
        with pytest.raises(NotAllowed):
            answered(case, person)
    with pytest.raises(NotThere):
        answered(case, kitchen.yuan)
    case = answered(case, kitchen.jiang, shown="豆腐新鲜吗")
    page = Client().get("/canteen/answered/LX01/").content.decode()
    assert all(words in page for words in ("豆腐新鲜吗", "每天早上现做。")) and "王小明" not in page
    assert mother.name not in page and "<script" not in page
    with pytest.raises(NotAllowed):
        move(case, "thank", by=kitchen.jiang)
    move(case, "ask_again", by=mother, data={"words": "谁来看的"})
    case = answered(case, kitchen.zhong, "保管员和验收员一起看。", shown="豆腐新鲜吗，谁来看")
    with pytest.raises(Refused, match="已经追问过"):
        move(case, "ask_again", by=mother, data={"words": "还有"})
    move(case, "thank", by=mother)
    assert Question.objects.values_list("state", "reply", "again").get() == ("settled", "保管员和验收员一起看。", 1)
    move(case, "take_off_list", by=kitchen.jiang, data={"reason": "写错了"})
    assert "豆腐" not in Client().get("/canteen/answered/LX01/").content.decode()
    with pytest.raises(Refused, match="不在公开列表"):
        move(case, "take_off_list", by=kitchen.jiang, data={"reason": "写错了"})


def test_what_is_asked_privately_stays_in_its_circle_and_rises_inside_it(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    mother = mother_of(place)
    case = asked(mother, canteen, "孩子吃了拉肚子", private=True)
    assert (case.state, case.circle, case.title) == ("confided", PRIVATE, "私下的提问")
    seen = {who: Case.objects.visible_to(who).filter(pk=case.pk).exists()
            for who in (kitchen.jiang, kitchen.zhong, kitchen.tang, kitchen.cai, kitchen.mei, cast.hu, cast.vera, kitchen.yuan)}  # fmt: skip
    assert list(seen.values()) == [True, True, True, False, False, False, False, False]
    with clock.at(MONDAY + timedelta(days=9)):
        sweep()
        told = {row.role: row.vacant for row in Escalation.objects.filter(case=case)}
        assert told == dict.fromkeys(("holder", "canteen_manager", "food_safety_director", "canteen_officer"), False)
        case = answered(case, kitchen.tang, "请带孩子看医生，明天局里来查。", shown="拉肚子")
    assert (case.state, case.listed, case.shown, case.reply) == ("answered", False, "", "")
    assert "拉肚子" not in Client().get("/canteen/answered/LX01/").content.decode()
    for reader in (mother, kitchen.jiang):
        talk = as_(reader).get(address_of(case)).content.decode().partition('id="talk"')[2].partition("</section>")[0]
        assert "孩子吃了拉肚子" in talk.partition("请带孩子看医生")[0]
    assert as_(kitchen.cai).get(address_of(case)).status_code == 404
    notice = Notice.objects.get(to=mother, verb="answer")
    assert (notice.title, notice.url) == ("汤瑞答复：私下的提问", address_of(case))
    assert notice.body.endswith("已答复，点开看问和答") and "拉肚子" not in notice.title + notice.body
    fold()
    assert not Daily.objects.filter(tally__startswith="canteen.").exists()


def test_a_child_of_another_school_asks_nothing_here_and_silence_ends_the_matter(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    with pytest.raises(BadInput, match="您孩子学校的食堂"):
        asked(mother_of(place, far=True), canteen)
    mother = mother_of(place)
    late, recalled = asked(mother, canteen, "第一问"), asked(mother, canteen, "第二问")
    move(recalled, "recall", by=mother)
    with clock.at(MONDAY + timedelta(days=4)):
        sweep()
        assert "principal" in set(Escalation.objects.filter(case=late).values_list("role", flat=True))
        answered(late, kitchen.jiang)
        prompt = answered(asked(mother, canteen, "第三问"), kitchen.jiang, listed=False)
    with clock.at(MONDAY + timedelta(days=20)):
        sweep()
        fold()
    assert set(Case.objects.values_list("state", flat=True)) == {"settled", "recalled"}
    assert not prompt.listed
    counted = Daily.objects.filter(unit=place.school, tally__startswith="canteen.").order_by("day", "tally")
    monday, friday = MONDAY.date(), MONDAY.date() + timedelta(days=4)
    assert list(counted.values_list("day", "tally", "n")) == [
        (monday, "canteen.answered", 1), (monday, "canteen.asked", 1),
        (friday, "canteen.answered", 1), (friday, "canteen.answered_in_time", 1), (friday, "canteen.asked", 1),
    ]  # fmt: skip


def test_a_parent_asks_on_a_page_and_those_without_a_canteen_are_told_so(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    mother = mother_of(place)
    page = as_(mother)
    assert "第一食堂" in page.get("/canteen/ask/").content.decode()
    body = {"canteen": canteen.pk, "words": "辣不辣", "key": "k"}
    answers = [page.post("/canteen/ask/", body) for _ in range(2)]
    case = Question.objects.get()
    assert [one.headers["Location"] for one in answers] == [f"/canteen/questions/{case.number}/"] * 2
    assert page.post("/canteen/ask/", {"canteen": canteen.pk, "words": "", "key": "k2"}).status_code == 422
    assert "您的学校没有食堂" in as_(mother_of(place, far=True)).get("/canteen/ask/").content.decode()
    assert "辣不辣" in as_(kitchen.jiang).get("/canteen/questions/").content.decode()
    form = as_(kitchen.jiang).get(f"/canteen/questions/{case.number}/answer/").content.decode()
    assert "放到公开列表上" in form and "辣不辣" in form
