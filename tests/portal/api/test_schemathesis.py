"""Schemathesis: whatever the description allows or forbids, no failure of ours, and no answer it does not describe."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from repairs.flow import FLOW
from tests.chaos.test_fifty import stand
from tests.conftest import photo_of
from tests.district import Cast, District

from .program import Program

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# a stale version refuses a request before its form has looked at it
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}})
PLAIN = {"Accept-Encoding": "identity"}  # in process nobody unpacks
EXAMPLES = 3  # of what is allowed and of what is not, each operation: the plainest, and two others
PARTS = 2  # pieces the workers share


class Stage:
    """A ticket in every open state, and a photo; requests are led to the one their step is for."""

    def __init__(self, place: District, cast: Cast) -> None:
        self.numbers: dict[str, str] = {}
        for state in ("unconfirmed", "reported", "accepted", "assigned", "working", "waiting", "finished", "closed"):
            self.numbers[state] = stand(state, place, cast).number
        self.photo = str(photo_of(cast.rita).pk)

    def lead(self, case: Any) -> None:
        step = FLOW.step(case.path.rsplit("/", 1)[-1])
        states = [one for one in step.sources if one in self.numbers] if step else []
        real = {"number": self.numbers[states[-1] if states else "reported"], "id": self.photo}
        real["name"] = "repairs.reported"  # a figure's
        case.path_parameters = {name: real.get(name, value) for name, value in (case.path_parameters or {}).items()}
        (case.headers or {}).pop("If-Match", None)


def answered(case: Any, tokens: list[str]) -> None:
    """Sends it as each of them, undoes it, judges the answer."""
    for token in tokens:
        with transaction.atomic():
            answer = case.call(headers=PLAIN | ({"Authorization": f"Bearer {token}"} if token else {}))
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)


def can_be_broken(operation: Any) -> bool:
    """Whether anything is asked of its input: a free word of an address alone, such as a code to verify, is never wrong."""
    words = [one.definition["schema"] == {"type": "string"} for one in operation.path_parameters]
    return bool(operation.body or list(operation.query) or list(operation.headers)) or not all(words)


def judged(operation: Any, mode: GenerationMode, stage: Stage, tokens: list[str]) -> str:
    """What was wrong with the answers of one operation, if anything."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), led=st.booleans())
    def every_answer_is_described(case: Any, led: bool) -> None:
        if led or mode is GenerationMode.POSITIVE:
            stage.lead(case)
        answered(case, tokens)

    try:
        every_answer_is_described()
    except (FailureGroup, Failure) as failure:
        return f"{operation.label} ({mode.value}): {failure}"
    return ""


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests through bare WSGI stay in the test's transaction, as those of Django's own client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def operations() -> list[Any]:
    """Every operation of the description, read once in each worker."""
    schema = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application(), config=CONFIG)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.usefixtures("db")
def test_there_are_operations_and_something_to_break_in_each_but_one() -> None:
    with one_connection():
        every = operations()
    assert len(every) == len({one.label for one in every}) > 30
    assert [one.label for one in every if not can_be_broken(one)] == ["GET /api/v1/verify/{code}"]


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_answer_is_described(place: District, cast: Cast, part: int) -> None:
    """What is allowed: for who dispatches, who reports, and who is nobody. What is not: for who gets furthest with it."""
    stage, tokens = Stage(place, cast), [Program.of(cast.dora).token, Program.of(cast.rita).token, ""]
    with one_connection():
        mine = operations()[part::PARTS]
        wrong = [judged(one, GenerationMode.POSITIVE, stage, tokens) for one in mine]
        wrong += [judged(one, GenerationMode.NEGATIVE, stage, tokens[:1]) for one in mine if can_be_broken(one)]
    assert "\n\n".join(filter(None, wrong)) == ""
