"""Pages by cursor: walking forwards and backwards shows every row once, in order, whatever the order and the size."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import BadInput
from portal.wire.paging import Keyset, Page, page_of

START = datetime(2026, 11, 16, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    due: datetime | date
    pk: int


@dataclass
class Rows:
    """Rows held in memory, which understand the bounds a page asks with."""

    held: list[Row]
    falling: bool

    def ask(self, bounds: Q, back: bool, n: int) -> list[Row]:
        found = [row for row in self.held if not bounds or holds(bounds, row)]
        return sorted(found, key=lambda row: (row.due, row.pk), reverse=self.falling != back)[:n]


def holds(bounds: Q | tuple[str, Any], row: Row) -> bool:
    if isinstance(bounds, tuple):
        name, _, side = bounds[0].partition("__")
        mine, value = getattr(row, name), bounds[1]
        return bool({"gt": mine > value, "lt": mine < value, "": mine == value}[side])
    parts = [holds(one, row) for one in bounds.children]  # type: ignore[arg-type]
    return all(parts) if bounds.connector == Q.AND else any(parts)


def walk(rows: Rows, order: Keyset[Row], size: int, first: Page[Row], side: str) -> list[list[Row]]:
    pages = [first.rows]
    while cursor := getattr(first, side):
        first = page_of(rows.ask, order, cursor=cursor, limit=size)
        pages.append(first.rows)
    return pages


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(1, 30)), min_size=1), st.integers(1, 5), st.booleans())
@pytest.mark.parametrize("first", [START, START.date()])
def test_every_row_is_shown_once_each_way(
    first: datetime | date, made: set[tuple[int, int]], size: int, falling: bool
) -> None:
    rows = Rows([Row(first + timedelta(days=days), pk) for days, pk in made], falling)
    order: Keyset[Row] = Keyset(("due", "pk"), (type(first), int), lambda row: (row.due, row.pk), falling)
    expected = sorted(rows.held, key=lambda row: (row.due, row.pk), reverse=falling)
    pages = walk(rows, order, size, page_of(rows.ask, order, limit=size), "next")
    assert [row for page in pages for row in page] == expected
    last = page_of(rows.ask, order, cursor=order.write(pages[-1][-1], back=True), limit=size)
    backwards = walk(rows, order, size, last, "previous")
    assert [row for page in reversed(backwards) for row in page] == expected[:-1]
    assert max(map(len, pages)) <= size


def test_without_a_limit_a_page_has_twenty_five_rows() -> None:
    rows = Rows([Row(START, pk) for pk in range(30)], falling=False)
    order: Keyset[Row] = Keyset(("pk",), (int,), lambda row: (row.pk,))
    page = page_of(rows.ask, order)
    assert ([row.pk for row in page.rows], page.previous, bool(page.next)) == (list(range(25)), "", True)


@pytest.mark.parametrize(
    "text", ["x", "W10", "WzBd", "WzAsMV0", "WzAsIngiLDFd", "[0,1]", "令", "WzAsIjIwMjYtMTEtMzEiLDFd"]
)
@pytest.mark.parametrize("moment", [datetime, date])
def test_a_cursor_that_is_none_is_refused(moment: type, text: str) -> None:
    order: Keyset[Row] = Keyset(("due", "pk"), (moment, int), lambda row: (row.due, row.pk))
    with pytest.raises(BadInput) as refused:
        order.read(text)
    assert list(refused.value.errors) == ["cursor"]


def test_a_moment_needs_its_time_zone() -> None:
    order: Keyset[Row] = Keyset(("due", "pk"), (datetime, int), lambda row: (row.due, row.pk))
    with pytest.raises(BadInput):
        order.read("WzAsIjIwMjYtMTEtMTYiLDFd")  # [0,"2026-11-16",1]
