"""A class teacher sees how much of the class has answered, reminds everybody once a day, and learns nobody's name."""

from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.errors import NotThere, WrongStep
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.models import Guardianship, User
from portal.surveys.access import Whom
from portal.surveys.actions import answer
from portal.surveys.classes import parts_now, remind
from portal.surveys.models import Per
from tests.district import MONDAY, Cast, District, hire
from tests.portal.api.program import Program
from tests.portal.cases.test_pages import as_
from tests.portal.surveys.families import class_of, parent, pupil
from tests.portal.surveys.test_surveys import issued, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_a_class_teacher_sees_the_classs_part_and_reminds_all_of_it(place: District, cast: Cast) -> None:
    room, other = class_of(place), class_of(place, "三年级3班")
    first, second = pupil("1", room), pupil("2", room)
    mother, father, uncle = parent("m", first), parent("f", first), parent("u", second)
    parent("o", pupil("3", other))
    ban = hire("ban", "班老师", place.school, ("class_teacher", room))
    survey = issued(place, cast, asks=Whom(parents=True), per=Per.HOUSEHOLD)
    answer(survey, by=mother, answers=said(survey, "5", "0", "yes", 90, ""))
    shown = [(one.school_class.name, one.voted, one.invited, one.percent) for one in parts_now(ban)]
    assert shown == [("三年级2班", 1, 2, 50)] and parts_now(cast.rita) == []
    page = as_(ban)
    at = f"/surveys/{survey.code}/"
    for path in ("/surveys/", at):
        html = page.get(path).content.decode()
        assert "已答 1 / 2，50%" in html and "提醒全班" in html
        assert not any(one.name in html for one in (mother, father, uncle, first, second))
    sent = page.post(f"{at}remind/", {"school_class": room.pk})
    assert (sent.status_code, sent.headers["Location"]) == (302, at)
    told = Notice.objects.filter(verb="survey_reminded").order_by("to").values_list("to", "url")
    assert list(told) == [(one.pk, at) for one in (mother, father, uncle)]  # whoever has answered, too
    assert Event.objects.get(address=survey.address, verb="reminded").facts == {"class": room.pk}
    with pytest.raises(WrongStep, match="今天已经提醒过"):
        remind(survey, room.pk, by=ban)
    for who, where in ((ban, other), (cast.rita, room), (cast.hu, room)):
        with pytest.raises(NotThere):
            remind(survey, where.pk, by=who)
    program = Program.of(ban)
    asked = program.get(f"/api/v1/surveys/{survey.code}/classes").json()
    assert asked == [{"school_class": room.pk, "name": "三年级2班", "voted": 1, "invited": 2}]
    assert program.post(f"/api/v1/surveys/{survey.code}/classes", {"school_class": room.pk}).status_code == 409
    with clock.at(MONDAY + timedelta(days=1)):
        answer(survey, by=uncle, answers=said(survey, "5", "0", "yes", 90, ""))
        with pytest.raises(WrongStep, match="都答了"):
            remind(survey, room.pk, by=ban)
    with clock.at(survey.closes_at), pytest.raises(WrongStep, match="已经结束"):
        remind(survey, room.pk, by=ban)
    assert program.post(f"/api/v1/surveys/{survey.code}/ballot", {"answers": []}).status_code in (403, 422)


def test_many_surveys_and_classes_are_counted_as_the_ballot_counts_them_in_one_question(
    place: District, cast: Cast, django_assert_num_queries: Any
) -> None:
    rooms = [class_of(place, name) for name in ("三年级2班", "三年级3班")]
    xiao, ming = (
        hire(name, "学生", room, ("student", room)) for name, room in zip(("xiao", "ming"), rooms, strict=True)
    )
    one, two, three = pupil("1", rooms[0]), pupil("2", rooms[0], xiao), pupil("3", rooms[1], ming)
    mother, both = parent("m", one), parent("b", two, three)
    Guardianship.objects.create(guardian=mother, student=three, relation="姑姑", custody=False, since=MONDAY.date())
    ban = hire("ban", "班老师", place.school, ("class_teacher", rooms[0]), ("class_teacher", rooms[1]))
    told = [
        issued(place, cast, asks=asks, per=per)
        for asks, per in (
            (Whom(parents=True), Per.HOUSEHOLD), (Whom(parents=True), Per.PERSON), (Whom(students=True), Per.PERSON),
            (Whom(parents=True, students=True), Per.PERSON), (Whom(staff=True), Per.PERSON),
        )
    ]  # fmt: skip
    answer(told[0], by=both, answers=said(told[0], "5", "0", "yes", 90, ""))
    answer(told[1], by=mother, answers=said(told[1], "5", "0", "yes", 90, ""))
    answer(told[3], by=xiao, answers=said(told[3], "5", "0", "yes", 90, ""))
    ban = User.objects.get(pk=ban.pk)
    with django_assert_num_queries(4):
        found = parts_now(ban)
    assert sorted((told.index(one.survey), one.school_class.name, one.voted, one.invited) for one in found) == [
        (0, "三年级2班", 1, 2), (0, "三年级3班", 1, 1), (1, "三年级2班", 1, 2), (1, "三年级3班", 0, 1),
        (2, "三年级2班", 0, 1), (2, "三年级3班", 0, 1), (3, "三年级2班", 1, 3), (3, "三年级3班", 0, 2),
    ]  # fmt: skip
