"""Sixteen at once have one ballot, and nothing in the database says whose answer is whose."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection

from portal import clock
from portal.errors import WrongStep
from portal.orgs.models import User
from portal.surveys import actions
from portal.surveys.access import Whom
from portal.surveys.actions import answer, issue
from portal.surveys.models import Ask, Question, Remark, Survey, Voter
from portal.surveys.questions import Asked
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_

from .families import class_of, parent, pupil

pytestmark = pytest.mark.django_db(transaction=True)


def issued(place: District, cast: Cast) -> Survey:
    questions = (Asked(Ask.SCORE, "好吃吗"), Asked(Ask.WORDS, "想说的", required=False))
    return issue(unit=place.school, title="午餐", questions=questions, asks=Whom(parents=True), per="household", least=3,
                 closes_at=clock.now() + timedelta(days=3), by=cast.hu)  # fmt: skip


def at_once(survey: Survey, people: list[User]) -> list[bool]:
    """Everybody answers at the same moment; who got through."""
    score, words = survey.questions.values_list("pk", flat=True)
    start = Barrier(len(people))

    def vote(who: User) -> bool:
        try:
            start.wait(timeout=30)
            answer(survey, by=who, answers={score: "5", words: f"话 {who.username}"})
            return True
        except WrongStep:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(vote, people))


def test_of_sixteen_guardians_and_browsers_at_once_each_household_has_one_ballot(place: District, cast: Cast) -> None:
    room = class_of(place)
    first, second = pupil("1", room), pupil("2", room)
    guardians = [parent(f"g{n}", first, second) for n in range(4)]
    alone = parent("alone", pupil("3", room))
    survey = issued(place, cast)
    got = at_once(survey, guardians * 2 + [alone] * 8)
    assert (sum(got[:8]), sum(got[8:])) == (1, 1)
    survey.refresh_from_db()
    assert (survey.ballots, survey.voted, Voter.objects.count(), Remark.objects.count()) == (2, 3, 3, 2)
    assert Question.objects.get(kind="score").counts == {"5": 2}


def everything() -> list[tuple[str, str]]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names():
            cursor.execute(f'select t::text from "{table}" t')
            found += [(table, row[0] or "") for row in cursor.fetchall()]
    return found


def test_nothing_in_the_database_joins_a_voter_to_an_answer(place: District, cast: Cast) -> None:
    room = class_of(place)
    people = [parent(f"g{n}", pupil(str(n), room)) for n in range(6)]
    survey = issued(place, cast)
    score, words = survey.questions.all()
    for n, who in enumerate(people):  # by page, one after the other, as people do
        body = {f"q{score.pk}": str(n % 5 + 1), f"q{words.pk}": f"妙语{n}" if n % 2 else "", "key": "same"}
        assert as_(who).post(f"/surveys/{survey.code}/", body).status_code == 302
    # what was written stands in one table, and no table tells who is behind a row of it
    assert {table for table, row in everything() if "妙语" in row} == {"surveys_remark"}
    columns = {model: {one.name for one in model._meta.concrete_fields} for model in (Voter, Question, Remark)}
    assert columns == {
        Voter: {"id", "survey", "key"},
        Question: {"id", "survey", "place", "kind", "title", "choices", "required", "about", "counts"},
        Remark: {"id", "question", "text", "state", "mixed"},
    }
    # no id of one is anywhere else: not on the roll, not in the ledger, the keys, the sessions, the notices
    for ids in ([str(one.pk) for one in Remark.objects.all()], [str(one.pk) for one in Voter.objects.all()]):
        for one in ids:
            assert sum(one in row for _, row in everything()) == 1
    # neither the writing transaction nor the place in the table tells: every remark and sum was laid by the last ballot
    with connection.cursor() as cursor:
        cursor.execute("select count(distinct xmin::text), count(*) from surveys_remark")
        assert cursor.fetchone() == (1, 3)
        cursor.execute("select count(distinct xmin::text) from surveys_question where kind <> 'words'")
        assert cursor.fetchone() == (1,)
        cursor.execute("select count(distinct xmin::text) from surveys_voter")
        assert cursor.fetchone() == (6,)
    # no counter of rows either: the roll and the remarks have random ids alone
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind = 'S' and relname ~ '^surveys_(voter|remark)'")
        assert cursor.fetchall() == []
    # neither table points at the other, or at people
    for model in (Question, Remark):
        targets = {one.related_model for one in model._meta.get_fields() if one.many_to_one}
        assert targets <= {Survey, Question}
    assert not [
        one
        for one in apps.get_models()
        for f in one._meta.get_fields()
        if f.many_to_one and f.related_model in (Voter, Remark)
    ]


def test_remarks_lie_in_crowds_that_are_never_opened_again(
    place: District, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "CROWD", 3)
    room, survey = class_of(place), issued(place, cast)
    words = survey.questions.get(kind="words").pk
    for n in range(8):
        answer(survey, by=parent(f"g{n}", pupil(str(n), room)), answers={words: f"话{n}"})
    assert sorted(Remark.objects.values_list("text", flat=True)) == [f"话{n}" for n in range(8)]
    assert Remark.objects.filter(mixed=True).count() == 3
    with connection.cursor() as cursor:  # the three lie together for good, the rest were all laid by the last ballot
        cursor.execute("select mixed, count(distinct xmin::text), count(*) from surveys_remark group by 1 order by 1")
        assert cursor.fetchall() == [(False, 1, 5), (True, 1, 3)]
