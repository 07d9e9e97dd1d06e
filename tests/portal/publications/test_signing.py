"""Signed part by part by different people, and published by the clock at its moment if signed, else late; never by itself."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.flow import Flow
from portal.cases.models import Deadline
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, Refused, WrongStep
from portal.ledger.queries import chain_of
from portal.ledger.verification import verify
from portal.publications.models import Prepared, Publication
from portal.publications.periods import Every, Opened, on_weekday, opened_on, period_of
from portal.publications.queries import issues, state_of
from portal.publications.running import publish_due
from portal.publications.signing import content_of
from repairs.models import Monthly
from tests.district import Cast, District

from .issuing import FIRST, a_month_of_repairs, by_the_clock, opened, signed_by_three

pytestmark = pytest.mark.usefixtures("db")
KIND = "repairs.monthly"
MOMENT = datetime(2026, 11, 6, 17, 0, tzinfo=clock.SCHOOL_TIME)  # a Friday


@pytest.fixture
def friday() -> Iterator[Flow]:
    with by_the_clock(MOMENT) as flow:
        yield flow


def signed(place: District, cast: Cast) -> Monthly:
    with clock.at(FIRST):
        case = opened(place.school)
    with clock.at(MOMENT - timedelta(hours=2)):
        return signed_by_three(case, cast)


@pytest.mark.usefixtures("friday")
def test_what_is_signed_by_its_moment_is_published_then_by_the_clock_and_counts_as_on_time(
    place: District, cast: Cast
) -> None:
    a_month_of_repairs(place, cast)
    case = signed(place, cast)
    assert (case.state, case.turn, case.due_at) == ("signed", "clock", None)
    with clock.at(MOMENT - timedelta(seconds=1)):
        sweep()
        assert (publish_due(), state_of(issues().get()).words) == (0, "已签字，到时公示")
    with clock.at(MOMENT + timedelta(seconds=40)):
        assert (publish_due(), publish_due()) == (1, 0)
    made, issue = Publication.objects.get(), issues().get()
    assert (issue.due, issue.first_at, state_of(issue).words) == (MOMENT, MOMENT, "按时公示")  # type: ignore[attr-defined]
    assert (made.at, made.by, made.post) == (MOMENT + timedelta(seconds=40), None, "校长")
    assert [(one["part"], one["post"]) for one in json.loads(made.payload)["signed"]] == [
        ("制表", "总务主任"), ("核对", "分管副校长"), ("签字", "校长"),
    ]  # fmt: skip
    assert chain_of(case.address).last().facts["digest"] == made.digest  # type: ignore[union-attr]
    assert verify(overdue=False).flaw is None


@pytest.mark.usefixtures("friday")
def test_unsigned_at_its_moment_it_is_not_published_and_signed_later_it_is_out_at_once_and_late(
    place: District, cast: Cast
) -> None:
    with clock.at(FIRST):
        case = opened(place.school)
    with clock.at(MOMENT - timedelta(hours=1)):
        move(case, "prepare", by=cast.lin)
        move(case, "check", by=cast.vera)
    with clock.at(MOMENT + timedelta(hours=2)):
        sweep()
        publish_due()
        state = state_of(issues().get())
        assert (Publication.objects.count(), state.words, state.holder) == (0, "未按时公示", "校长")
        assert Deadline.objects.get(case=case).rung == 2
        move(case, "sign", by=cast.hu)
    issue = issues().get()
    assert (issue.first_at, state_of(issue).words) == (MOMENT + timedelta(hours=2), "迟公示")
    assert Publication.objects.get().at == issue.first_at


@pytest.mark.usefixtures("friday")
def test_all_who_sign_are_different_people_and_what_is_sent_back_is_signed_anew(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        case = opened(place.school)
        move(case, "prepare", by=cast.lin)
        with pytest.raises(NotAllowed):
            move(case, "check", by=cast.lin)
        move(case, "check", by=cast.vera)
        with pytest.raises(Refused, match="您核对的"):
            move(case, "sign", by=cast.vera)
        move(case, "sign", by=cast.hu)
        with pytest.raises(WrongStep):
            move(case, "sign", by=cast.hu)
        move(case, "send_back", by=cast.hu, data={"reason": "数字不对"})
    with clock.at(MOMENT):
        publish_due()
        assert (Publication.objects.count(), state_of(issues().get()).words) == (0, "未按时公示")
        move(case, "prepare", by=cast.lin)
        move(case, "check", by=cast.vera)
        assert Publication.objects.count() == 0
        move(case, "sign", by=cast.hu)
    assert Publication.objects.count() == 1


def test_what_the_books_no_longer_say_is_not_signed(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        case = opened(place.school)
        move(case, "check", by=cast.lin)
        a_month_of_repairs(place, cast)
        assert content_of(Monthly.objects.get(pk=case.pk))[1]
        with pytest.raises(Refused, match="台账有变动"):
            move(case, "publish", by=cast.hu)
        move(case, "send_back", by=cast.hu, data={"reason": "台账变了"})
        move(case, "check", by=cast.lin)
        move(case, "publish", by=cast.hu)
    said = json.loads(Publication.objects.get().payload)
    assert said["content"]["figures"][0]["value"] == 3


@pytest.mark.usefixtures("friday")
def test_what_was_signed_is_what_is_published_whatever_the_books_say_since(place: District, cast: Cast) -> None:
    case = signed(place, cast)
    a_month_of_repairs(place, cast)
    with clock.at(MOMENT):
        publish_due()
    assert json.loads(Publication.objects.get().payload)["content"]["figures"][0]["value"] == 0
    signatures = [one.facts["content"] for one in chain_of(case.address) if "content" in one.facts]
    assert len(signatures) == 3 and len(set(signatures)) == 1


def test_the_clock_opens_the_period_that_is_over_running_or_to_come() -> None:
    sunday = FIRST.date()
    found = {which: opened_on(Every.WEEK, sunday, which).code for which in Opened}
    assert found == {"over": "2026-W43", "running": "2026-W44", "coming": "2026-W45"}
    assert [opened_on(Every.MONTH, sunday, one).code for one in Opened] == ["2026-10", "2026-11", "2026-12"]
    assert [opened_on(Every.TERM, sunday, one).code for one in Opened] == ["2025-2", "2026-1", "2026-2"]
    week = period_of(Every.WEEK, "2026-W45")
    assert on_weekday(5, "17:00")(week) == MOMENT
    assert on_weekday(1, "08:00")(week) == datetime(2026, 11, 2, 8, 0, tzinfo=clock.SCHOOL_TIME)
    with pytest.raises(BadInput):
        opened_on(Every.EVENT, sunday, Opened.RUNNING)


def test_verify_finds_a_publication_that_is_not_what_was_signed(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        case = opened(place.school)
        move(case, "check", by=cast.lin)
        Prepared.objects.filter(case=case).update(content='{"figures":[],"summary":"别的","tables":[],"words":[]}')
        move(case, "publish", by=cast.hu)
    found = verify(overdue=False).flaw
    assert found is not None and "不是签字的那一份" in found.sentence
