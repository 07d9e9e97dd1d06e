"""The stage of these tests: rows other processes see, made once for a whole file and cleared away after it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.district import Cast, District, build_district, cast_of
from tests.emptying import empty

Measured = Callable[..., None]


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database as other processes see it: nothing is rolled back, and all of it is cleared after the file."""
    with django_db_blocker.unblock():
        yield
        empty()


@pytest.fixture(scope="module")
def place(db: None) -> District:
    """The small district, committed."""
    return build_district()


@pytest.fixture(scope="module")
def cast(place: District) -> Cast:
    """The cast in their posts, committed."""
    return cast_of(place)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Iterator[Measured]:
    """Writes down what a test has counted, for the table of `make drill`; how long it took is added."""

    def write_down(**figures: int | float) -> None:
        for name, figure in figures.items():
            record_property(name, figure)

    began = time.monotonic()
    yield write_down
    record_property("seconds", round(time.monotonic() - began, 1))
