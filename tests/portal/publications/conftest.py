"""Kinds of the tests' own: an account for everybody each week, a letter for parents; gone after each test."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from portal.publications.kinds import KINDS, Audience, Kind
from portal.publications.periods import Every
from portal.worktime.spans import Measure, Span

from .issuing import account


@pytest.fixture
def weekly() -> Iterator[Kind]:
    """Public, every week, without a signature, due five hours of school time after the week."""
    kind = Kind(
        "canteen.weekly_test", "食堂周账", "每周收支", "utensils", Audience.PUBLIC, Every.WEEK, ("principal",),
        build=account, within=Span(Decimal(5), Measure.HOURS),
    )  # fmt: skip
    yield kind
    del KINDS[kind.code]


@pytest.fixture
def letters() -> Iterator[Kind]:
    """For the school's parents and staff."""
    kind = Kind(
        "canteen.letters_test",
        "致家长",
        "给家长的信",
        "mail",
        Audience.PARENTS,
        Every.MONTH,
        ("principal",),
        build=account,
    )
    yield kind
    del KINDS[kind.code]
