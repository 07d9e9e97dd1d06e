"""Programs issue, answer and read by the forms the pages use."""

from datetime import timedelta

import pytest

from portal import clock
from portal.surveys.actions import close_due
from portal.surveys.models import Survey, Voter
from tests.district import MONDAY, Cast, District
from tests.portal.api.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_a_program_issues_answers_once_and_reads_what_came_of_it(place: District, cast: Cast) -> None:
    head, rita = Program.of(cast.hu), Program.of(cast.rita)
    asked = {
        "unit": place.school.pk, "title": "午餐", "who": ["staff"], "per": "person", "closes_on": "2026-11-20", "least": 3,
        "questions": [{"title": "好吃吗", "kind": "score"}, {"title": "想吃", "kind": "choice", "choices": "面、饭"},
                      {"title": "想说的", "kind": "words"}],
    }  # fmt: skip
    made = head.post("/api/v1/surveys", asked, **{"Idempotency-Key": "k1"})
    assert (made.status_code, head.post("/api/v1/surveys", asked, **{"Idempotency-Key": "k1"}).json()) == (
        201,
        made.json(),
    )
    at = f"/api/v1/surveys/{made.json()['code']}"
    assert rita.post("/api/v1/surveys", asked, **{"Idempotency-Key": "k2"}).status_code == 422
    assert [one["title"] for one in rita.get("/api/v1/surveys").json()["results"]] == ["午餐"]
    score, choice, words = (one["id"] for one in rita.get(at).json()["questions"])
    ballot = {"answers": [{"question": score, "answer": "5"}, {"question": choice, "answer": "1"}]}
    wrong = (
        [{"question": score, "answer": "6"}], [{"question": 1, "answer": "5"}], [{"question": score, "answer": "5"}] * 2,
        [{"question": score, "answer": "5"}, {"question": choice, "answer": "面"}],
    )  # fmt: skip
    assert {rita.post(f"{at}/ballot", {"answers": one}).status_code for one in wrong} == {422}
    remark = {"question": words, "answer": "多放点肉"}
    for who in (cast.rita, cast.dora, cast.will):
        assert Program.of(who).post(f"{at}/ballot", {"answers": [*ballot["answers"], remark]}).status_code == 201
    assert rita.post(f"{at}/ballot", ballot).status_code == 409
    assert (rita.get(at).json()["answered"], Voter.objects.count()) == (True, 3)
    assert rita.get(f"{at}/result").json()["outcomes"] == []
    with clock.at(MONDAY + timedelta(days=5)):
        assert close_due() == 1
        said = head.get(f"{at}/remarks").json()
        assert [one["text"] for one in said] == ["多放点肉"] * 3
        assert head.post(f"{at}/remarks", {"shown": [{"remark": said[0]["id"]}]}).status_code == 200
        result = rita.get(f"{at}/result").json()
        assert (result["voted"], result["remarks"], result["outcomes"][0]["satisfaction"]) == (3, ["多放点肉"], "100.0")
        assert [rita.get(f"{at}/remarks").status_code, rita.post(f"{at}/withdraw", {}).status_code] == [404, 404]
        assert head.post(f"{at}/withdraw", {}).status_code == 409
    assert Survey.objects.get().title == "午餐"
