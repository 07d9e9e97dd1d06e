"""Whatever a program sends, it gets a sentence naming what does not fit, never a failure of ours."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.api.mapping import takeable
from portal.orgs.models import User
from repairs.flow import FLOW
from tests.chaos.test_fifty import stand
from tests.district import Cast, District

from .program import TICKETS, Program, step_of
from .test_writes import refused

pytestmark = pytest.mark.usefixtures("monday")
Programs = Callable[[User], Program]
REPORT = {"topic": "RP-03", "words": "顶灯不亮"}

# (field, value): each is the only thing wrong with an otherwise good report
WRONG = [
    ("unit", "5"), ("unit", 1.5), ("unit", True), ("unit", None), ("unit", [5]), ("unit", {"id": 5}), ("unit", 2**70),
    ("unit", -1), ("unit", 0), ("topic", 3), ("topic", ["RP-03"]), ("topic", ""), ("topic", "RP-77"), ("topic", "\x00"),
    ("words", 5), ("words", {"a": 1}), ("words", ["灯"]), ("words", "灯\x00"), ("words", "\ud800"), ("words", "灯" * 1001),
    ("danger", "true"), ("danger", 1), ("danger", None), ("photos", "x"), ("photos", ["x"]), ("photos", [5]),
    ("photos", {"0": "x"}), ("photos", [["x"]]), ("photos", ["00000000-0000-4000-8000-000000000000"]), ("photos", None),
    ("item", 7), ("opener", 4), ("opener", "没有这个人"), ("surprise", 1), ("version", 0), ("csrfmiddlewaretoken", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_does_not_fit_is_named(place: District, cast: Cast, program: Programs, name: str, value: object) -> None:
    answer = program(cast.dora).post(TICKETS, {"unit": place.room.pk, **REPORT, name: value})
    assert refused(answer) == (422, "bad-input", [name])


def test_words_in_any_script_are_kept_as_they_are(place: District, cast: Cast, program: Programs) -> None:
    words = "灯🔦坏了 𠮷 \u202e ‏עברית"
    answer = program(cast.rita).post(TICKETS, {"unit": place.room.pk, **REPORT, "words": words, "item": "灯管"})
    events = program(cast.rita).get(f"{answer.json()['api_url']}/events").json()["results"]
    said = [(one["name"], one["text"]) for one in events[0]["words"]]
    assert (answer.status_code, said) == (201, [("item", "灯管"), ("words", words)])


def test_a_whole_number_may_be_written_as_one_point_nought(place: District, cast: Cast, program: Programs) -> None:
    raw = f'{{"unit": {place.room.pk}.0, "topic": "RP-03", "words": "灯"}}'.encode()
    assert program(cast.rita).post(TICKETS, raw=raw).status_code == 201


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", (422, "bad-input", ["topic", "unit"])),
        (b"null", (422, "bad-input", [])),
        (b"[]", (422, "bad-input", [])),
        (b'"x"', (422, "bad-input", [])),
        (b"12", (422, "bad-input", [])),
        (b"{", (400, "unreadable", [])),
        (b'{"unit": NaN}', (400, "unreadable", [])),
        (b'{"unit": Infinity}', (400, "unreadable", [])),
        (b'{"unit": ' + b"9" * 5000 + b"}", (400, "unreadable", [])),
        (b'{"unit": 1e999}', (422, "bad-input", ["unit"])),
        (b"[" * 100_000, (400, "unreadable", [])),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, (400, "unreadable", [])),
        ('{"words": "灯"}'.encode("gb18030"), (400, "unreadable", [])),
        (b"x" * (1024 * 1024 + 1), (413, "too-large", [])),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    place: District, cast: Cast, program: Programs, raw: bytes, expected: tuple[int, str, list[str]]
) -> None:
    assert refused(program(cast.rita).post(TICKETS, raw=raw)) == expected


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 422),
        ("application/json; charset=zlib", 422),
        ("APPLICATION/JSON", 422),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
def test_only_json_is_read_whatever_charset_it_claims(
    place: District, cast: Cast, program: Programs, kind: str, status: int
) -> None:
    answer = program(cast.rita).post(TICKETS, {"unit": place.room.pk}, Content_Type=kind)
    assert refused(answer)[0] == status


def test_too_many_parameters_are_refused(cast: Cast, program: Programs) -> None:
    assert refused(program(cast.rita).get("/api/v1/desk?" + "&a=1" * 1001)) == (400, "unreadable", [])


def test_another_verb_is_refused_with_those_there_are(reported: str, cast: Cast, program: Programs) -> None:
    rita, answers = program(cast.rita), []
    for verb, url in [("put", TICKETS), ("delete", f"{TICKETS}/{reported}"), ("get", step_of(reported, "accept"))]:
        answers.append(getattr(rita.client, verb)(url, headers={"Authorization": f"Bearer {rita.token}"}))
    assert [(refused(one)[0], one["Allow"]) for one in answers] == [(405, "GET, POST"), (405, "GET"), (405, "POST")]


@pytest.mark.parametrize(
    "url", ["/api/", "/api/v1/", "/api/v2/me", "/api/v1/nothing", "/api/v1/me/", f"{TICKETS}/x/steps/none", "/api/%00"]
)
def test_no_such_address_is_a_problem_and_never_a_page(cast: Cast, program: Programs, url: str) -> None:
    answer = program(cast.rita).get(url)
    assert refused(answer)[0] == (422 if "%00" in url else 404)


def test_a_step_of_the_clock_has_no_address(reported: str, cast: Cast, program: Programs) -> None:
    assert refused(program(cast.hu).post(step_of(reported, "close_unreviewed")))[0] == 404


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def bodies(step: Any, cast: Cast, place: District) -> st.SearchStrategy[Any]:
    """Objects with the step's own names, mostly; good values and any other."""
    good = st.sampled_from([place.room.pk, cast.will.pk, cast.wang.pk, "RP-03", "灯不亮", 1, 2, 3, 5, "2.5", True, []])
    near = dict.fromkeys([*FLOW.form(step).base_fields, "version"], good | json_values)
    required = {name: near[name] for name, field in FLOW.form(step).base_fields.items() if field.required}
    return (
        st.fixed_dictionaries(required, optional={name: one for name, one in near.items() if name not in required})
        | st.fixed_dictionaries({}, optional=near)
        | st.dictionaries(st.text(max_size=8), json_values, max_size=3)
    )


@pytest.mark.parametrize("step", [FLOW.opening, *takeable(FLOW)], ids=lambda step: step.name)
def test_no_json_makes_a_step_fail(cast: Cast, place: District, step: Any) -> None:
    state = next((one for one in reversed(step.sources) if one != "unreviewed"), "reported")
    number = stand(state, place, cast).number
    programs = [Program.of(one) for one in (cast.dora, cast.rita, cast.will, cast.lin)]
    url = TICKETS if step is FLOW.opening else step_of(number, step.name)

    @settings(max_examples=15, derandomize=True)
    @given(body=bodies(step, cast, place))
    def every_answer_is_a_sentence(body: Any) -> None:
        for who in programs:
            with transaction.atomic():
                answer = who.post(url, body)
                transaction.set_rollback(True)
            assert answer.status_code in (200, 201, 403, 404, 409, 412, 422), (body, answer.content)
            if answer.status_code > 201:
                refused(answer)

    every_answer_is_a_sentence()
