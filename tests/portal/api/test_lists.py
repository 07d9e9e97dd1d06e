"""Lists for programs: only what one may see, in pages that never shift, at a constant price."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case, CaseParty
from portal.orgs.models import User
from repairs.actions import report
from repairs.flow import FLOW
from tests.district import Cast, District, later

from .program import TICKETS, Program
from .test_writes import refused

pytestmark = pytest.mark.usefixtures("monday")
Programs = Callable[[User], Program]


def ticket(by: User, unit: Any, words: str = "灯不亮") -> Case:
    return report(
        filled(FLOW, FLOW.opening, case=None, by=by, data={"unit": unit.pk, "topic": "RP-03", "words": words}), by=by
    )


def numbers(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [int(one["number"][-2:]) for one in answer.json()["results"]]


@pytest.fixture
def many(place: District, cast: Cast) -> list[Case]:
    """Five tickets at one school and one at another."""
    rows = [ticket(cast.rita if n % 2 else cast.will, place.room, f"第{n}盏灯") for n in range(1, 6)]
    return [*rows, ticket(cast.tess, place.far_room, "别校的灯")]


def test_everybody_sees_what_is_theirs_and_nothing_else(many: list[Case], cast: Cast, program: Programs) -> None:
    move(many[0], "accept", by=cast.dora, data={"reply": "好"})
    move(many[0], "assign", by=cast.dora, data={"assignee": cast.wang.pk})
    CaseParty.objects.create(case=many[1], person=cast.ping, as_what=CaseParty.FOLLOWER)
    CaseParty.objects.create(case=many[2], person=cast.dora, as_what=CaseParty.BARRED)
    people = {
        name: getattr(cast, name)
        for name in ("rita", "will", "wang", "dora", "hu", "ouyang", "ping", "ada", "sam", "tess")
    }
    assert {name: numbers(program(one).get(TICKETS)) for name, one in people.items()} == {
        "rita": [5, 3, 1],
        "will": [4, 2],
        "wang": [1],
        "dora": [5, 4, 2, 1],
        "hu": [5, 4, 3, 2, 1],
        "ouyang": [1, 5, 4, 3, 2, 1],
        "ping": [2],
        "ada": [],
        "sam": [1],
        "tess": [1],
    }


def test_pages_follow_each_other_and_lead_back(many: list[Case], cast: Cast, program: Programs) -> None:
    hu = program(cast.hu)
    first = hu.get(TICKETS, limit=2)
    ticket(cast.rita, many[0].unit, "后来的灯")  # shifts nothing
    second = hu.get(first.json()["next"])
    third = hu.get(second.json()["next"])
    back = hu.get(third.json()["previous"])
    start = hu.get(back.json()["previous"])
    top = hu.get(start.json()["previous"])
    assert [numbers(one) for one in (first, second, third, back, start, top)] == [
        [5, 4],
        [3, 2],
        [1],
        [3, 2],
        [5, 4],
        [6],
    ]
    assert (first.json()["previous"], third.json()["next"], top.json()["previous"]) == (None, None, None)


def test_pages_by_the_clock_follow_each_other_and_lead_back(many: list[Case], cast: Cast, program: Programs) -> None:
    with clock.at(later(minutes=30)):
        ticket(cast.rita, many[0].unit, "后来的灯")
    dora, desk = program(cast.dora), "/api/v1/desk"
    first = dora.get(desk, limit=4)
    second = dora.get(first.json()["next"])
    back = dora.get(second.json()["previous"])
    assert [numbers(one) for one in (first, second, back)] == [[1, 2, 3, 4], [5, 6], [1, 2, 3, 4]]


def test_the_filters_narrow(many: list[Case], place: District, cast: Cast, program: Programs) -> None:
    with clock.at(later(hours=1)):
        move(many[0], "accept", by=cast.dora, data={"reply": "好"})
    hu = program(cast.hu)
    asked: list[dict[str, Any]] = [
        {"state": "accepted"}, {"state": "reported"}, {"state": "open"}, {"state": "over"}, {"state": "late"},
        {"unit": place.building.pk}, {"unit": place.other_room.pk}, {"unit": place.far_school.pk}, {"unit": 2**62},
        {"since": "2026-11-16T09:30:00+08:00"}, {"since": "2026-11-16"}, {"since": "9999-12-31T23:59:59-12:00"},
        {"q": "3盏"}, {"q": many[3].number}, {"q": "别校"}, {"q": "%"}, {"q": ""},
    ]  # fmt: skip
    everything = [5, 4, 3, 2, 1]
    assert [numbers(hu.get(TICKETS, **one)) for one in asked] == [
        [1], [5, 4, 3, 2], everything, [], [],
        everything, [], [], [],
        [1], everything, [],
        [3], [4], [], [], everything,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "gone"), ("unit", "x"), ("unit", "0"), ("unit", "9" * 30), ("since", "gestern"), ("since", "0000-00-00"),
        ("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "x"), ("cursor", "WzAsIjEiXQ"), ("cursor", "WzBd"),
        ("cursor", "WzAsIDFlOTldfQ=="), ("cursor", "游标"), ("q", "x" * 61), ("surprise", "1"), ("page", "2"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_by_name(
    cast: Cast, program: Programs, name: str, value: str
) -> None:
    assert refused(program(cast.hu).get(TICKETS, **{name: value})) == (422, "bad-input", [name])


def asked_of(url: str, who: Program) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert who.get(url).status_code == 200
    return len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.parametrize(
    ("url", "price"), [(TICKETS, 4), ("/api/v1/desk", 4), ("/api/v1/desk?tab=governed", 4), ("/api/v1/inbox", 2)]
)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    place: District, cast: Cast, program: Programs, url: str, price: int
) -> None:
    dora, prices = program(cast.dora), []
    dora.get("/api/v1/me")  # the token's day of last use is written once a day
    for extra in (1, 2):
        for _ in range(extra):
            ticket(cast.rita, place.room)
        prices.append(asked_of(url, dora))
        assert len(dora.get(url).json()["results"]) == (1 if extra == 1 else 3)
    assert prices == [price, price]


def test_a_case_costs_the_same_however_long_its_history(place: District, cast: Cast, program: Programs) -> None:
    case, dora = ticket(cast.rita, place.room), program(cast.dora)
    dora.get("/api/v1/me")
    urls = [f"{TICKETS}/{case.number}", f"{TICKETS}/{case.number}/events"]
    before = [asked_of(url, dora) for url in urls]
    for word in range(3):
        move(case, "comment", by=cast.rita, data={"words": f"第{word}句", "photos": []})
    assert [asked_of(url, dora) for url in urls] == before == [5, 5]
