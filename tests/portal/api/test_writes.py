"""Writes by programs: once per key, only on what was seen, only by whom the step belongs to, and refused in sentences."""

from collections.abc import Callable
from typing import Any

import pytest

from portal import clock
from portal.cases.actors import Receipt
from portal.cases.models import AnsweredKey, Case, CaseParty
from portal.cases.tasks import forget
from portal.ledger.models import Event
from portal.orgs.models import User
from tests.district import Cast, District, later

from .program import TICKETS, Program, step_of

pytestmark = pytest.mark.usefixtures("monday")
Programs = Callable[[User], Program]
ACCEPT = {"reply": "马上来"}


def refused(answer: Any) -> tuple[int, str, list[str]]:
    """Status, type and the fields named; every refusal is a problem with a sentence."""
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert told["status"] == answer.status_code and told["title"] and told["detail"]
    return answer.status_code, told["type"].removeprefix("urn:sunlit:"), sorted(told.get("errors", {}))


def test_the_same_key_and_body_get_the_stored_answer(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    first = dora.post(step_of(reported, "accept"), ACCEPT, Idempotency_Key="k1")
    again = dora.post(step_of(reported, "accept"), ACCEPT, Idempotency_Key="k1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert first["ETag"] == again["ETag"] == '"1"'
    assert Event.objects.filter(verb="accept").count() == 1


def test_opening_twice_with_one_key_opens_once(place: District, cast: Cast, program: Programs) -> None:
    rita, said = program(cast.rita), {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮"}
    answers = [rita.post(TICKETS, said, Idempotency_Key="k1") for _ in range(2)]
    assert [(one.status_code, one.json()["number"]) for one in answers] == [(201, "BX-LX01-2026-00001")] * 2
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    dora.post(step_of(reported, "accept"), ACCEPT, Idempotency_Key="k1")
    other_body = dora.post(step_of(reported, "accept"), {"reply": "明天来"}, Idempotency_Key="k1")
    other_step = dora.post(step_of(reported, "reject"), {"reason": "不归我们"}, Idempotency_Key="k1")
    assert [refused(one) for one in (other_body, other_step)] == [(422, "bad-input", ["key"])] * 2


def test_one_persons_key_is_nothing_to_another(reported: str, cast: Cast, program: Programs) -> None:
    program(cast.dora).post(step_of(reported, "accept"), ACCEPT, Idempotency_Key="k1")
    answer = program(cast.hu).post(step_of(reported, "comment"), {"words": "请尽快"}, Idempotency_Key="k1")
    assert (answer.status_code, "Idempotency-Replayed" in answer) == (200, False)


def test_a_refusal_keeps_no_key(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    assert refused(dora.post(step_of(reported, "assign"), {"assignee": cast.will.pk}, Idempotency_Key="k1"))[0] == 409
    dora.post(step_of(reported, "accept"), ACCEPT)
    assert dora.post(step_of(reported, "assign"), {"assignee": cast.will.pk}, Idempotency_Key="k1").status_code == 200


def test_a_replay_is_answered_to_a_technician_who_no_longer_sees_the_case(
    reported: str, cast: Cast, program: Programs
) -> None:
    dora, will = program(cast.dora), program(cast.will)
    dora.post(step_of(reported, "accept"), ACCEPT)
    dora.post(step_of(reported, "assign"), {"assignee": cast.will.pk})
    first = will.post(step_of(reported, "return_job"), {"reason": "我不会修"}, Idempotency_Key="k1")
    again = will.post(step_of(reported, "return_job"), {"reason": "我不会修"}, Idempotency_Key="k1")
    assert (first.status_code, first.json()["state"], again.json()) == (200, "accepted", first.json())


def test_stored_answers_are_forgotten_after_a_week(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    dora.post(step_of(reported, "accept"), ACCEPT, Idempotency_Key="k1")
    with clock.at(later(days=6)):
        dora.post(step_of(reported, "comment"), {"words": "等料"}, Idempotency_Key="k2")
    with clock.at(later(days=7, minutes=1)):
        assert [forget(), forget()] == [1, 0]
    assert list(AnsweredKey.objects.values_list("key", flat=True)) == ["k2"]


@pytest.mark.parametrize("key", ["x" * 81, "a\tb"])
def test_a_key_that_is_none_is_refused(reported: str, cast: Cast, program: Programs, key: str) -> None:
    answer = program(cast.dora).post(step_of(reported, "accept"), ACCEPT, Idempotency_Key=key)
    assert refused(answer) == (422, "bad-input", ["key"])


@pytest.mark.parametrize("match", ['"0"', "0", 'W/"0"', "*", '"5", "0"'])
def test_a_step_on_the_version_seen_is_taken(reported: str, cast: Cast, program: Programs, match: str) -> None:
    answer = program(cast.dora).post(step_of(reported, "accept"), ACCEPT, If_Match=match)
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')


@pytest.mark.parametrize("match", ['"7"', '"abc"', "é", '"-1"', '"5", "6"'])
def test_a_step_on_another_version_is_stale(reported: str, cast: Cast, program: Programs, match: str) -> None:
    answer = program(cast.dora).post(step_of(reported, "accept"), ACCEPT, If_Match=match)
    assert refused(answer) == (412, "stale", [])
    assert Case.objects.get(number=reported).version == 0


def test_the_version_may_stand_in_the_body(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    assert refused(dora.post(step_of(reported, "accept"), ACCEPT | {"version": 3})) == (412, "stale", [])
    assert dora.post(step_of(reported, "accept"), ACCEPT | {"version": 0}).status_code == 200


@pytest.mark.parametrize("version", ["0", True, -1, 2**31, 0.5, [], {}])
def test_a_version_that_is_none_is_refused_by_name(
    reported: str, cast: Cast, program: Programs, version: object
) -> None:
    answer = program(cast.dora).post(step_of(reported, "accept"), ACCEPT | {"version": version})
    assert refused(answer) == (422, "bad-input", ["version"])


def test_a_step_from_another_state_is_refused(reported: str, cast: Cast, program: Programs) -> None:
    answer = program(cast.dora).post(step_of(reported, "assign"), {"assignee": cast.will.pk})
    assert refused(answer) == (409, "wrong-step", [])


def test_the_wrong_role_is_told_whose_step_it_is(reported: str, cast: Cast, program: Programs) -> None:
    answer = program(cast.rita).post(step_of(reported, "accept"), ACCEPT)
    assert refused(answer) == (403, "not-allowed", [])
    assert answer.json()["who"] == "报修调度"


def test_to_a_stranger_the_case_is_not_there(reported: str, cast: Cast, program: Programs) -> None:
    sam, at = program(cast.sam), f"{TICKETS}/{reported}"
    seen = [sam.get(at), sam.get(f"{at}/events"), sam.post(f"{at}/steps/accept", ACCEPT)]
    nowhere = f"{TICKETS}/BX-LX01-2026-99999"
    unknown = [sam.get(nowhere), sam.get(f"{nowhere}/events"), sam.post(f"{nowhere}/steps/accept", ACCEPT)]
    assert [refused(one) for one in seen] == [(404, "not-there", [])] * 3
    assert [one.json() for one in seen] == [one.json() for one in unknown]


def test_to_a_barred_person_the_case_is_not_there(reported: str, cast: Cast, program: Programs) -> None:
    case = Case.objects.get(number=reported)
    CaseParty.objects.create(case=case, person=cast.dora, as_what=CaseParty.BARRED)
    dora = program(cast.dora)
    assert refused(dora.get(f"{TICKETS}/{reported}"))[0] == 404
    assert refused(dora.post(step_of(reported, "accept"), ACCEPT))[0] == 404
    assert dora.get(TICKETS).json()["results"] == []


def test_somebody_elses_photo_is_not_there(reported: str, cast: Cast, program: Programs) -> None:
    photo = program(cast.wang).photo()
    answer = program(cast.rita).post(step_of(reported, "comment"), {"words": "补一张", "photos": [photo]})
    assert refused(answer) == (422, "bad-input", ["photos"])


def test_a_place_where_the_person_may_not_report_is_refused(place: District, cast: Cast, program: Programs) -> None:
    said = {"unit": place.far_room.pk, "topic": "RP-03", "words": "顶灯不亮"}
    assert refused(program(cast.rita).post(TICKETS, said)) == (422, "bad-input", ["unit"])


def test_reporting_for_somebody_who_phoned_makes_them_the_opener(
    place: District, cast: Cast, program: Programs
) -> None:
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮", "opener": "will"}
    by_the_desk, by_a_teacher = program(cast.dora).post(TICKETS, said), program(cast.rita).post(TICKETS, said)
    assert (by_the_desk.status_code, by_the_desk.json()["opener"]["name"]) == (201, "王建平")
    assert refused(by_a_teacher) == (422, "bad-input", ["opener"])


def test_the_receipt_of_somebody_without_account_is_told_once(place: District, cast: Cast, program: Programs) -> None:
    dora, said = program(cast.dora), {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮", "walk_in": True}
    first, again = (dora.post(TICKETS, said, Idempotency_Key="k1").json() for _ in range(2))
    code = first.pop("receipt_code")
    assert Case.objects.get().receipt == Receipt.of(code).digest
    assert (again.pop("receipt_code"), again) == (None, first)
    assert code not in str(AnsweredKey.objects.values_list("answer"))


def test_the_form_names_each_field_that_does_not_fit(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    dora.post(step_of(reported, "accept"), ACCEPT)
    answer = dora.post(step_of(reported, "reclassify"), {"topic": "RP-77", "priority": 9})
    assert refused(answer) == (422, "bad-input", ["priority", "reason", "topic"])


def test_nothing_is_written_by_a_refusal(reported: str, cast: Cast, program: Programs) -> None:
    rita, dora = program(cast.rita), program(cast.dora)
    events = Event.objects.count()
    rita.post(step_of(reported, "accept"), ACCEPT, Idempotency_Key="k1")
    dora.post(step_of(reported, "accept"), {"reply": ""}, Idempotency_Key="k1")
    assert (Event.objects.count(), Case.objects.get(number=reported).version) == (events, 0)
