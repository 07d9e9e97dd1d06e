"""Pages of a list by cursor: a page begins after (or ends before) one row, so that new rows never shift it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Q

from portal.errors import BadInput

from .kinds import LARGEST

PAGE, MOST = 25, 100
Row = TypeVar("Row")
Key = tuple[Any, ...]


class PageForm(forms.Form):
    """What every list may be asked: where the page begins, and how many rows it has."""

    cursor = forms.CharField(
        label="游标", required=False, max_length=200, help_text="取自上一次回答的 next 或 previous。"
    )
    limit = forms.IntegerField(label="每页条数", required=False, min_value=1, max_value=MOST, help_text="不填为 25。")


@dataclass(frozen=True)
class Keyset(Generic[Row]):
    """An order of rows by columns `names` (their values unique together, of `types`), falling or rising; `key` of a row."""

    names: tuple[str, ...]
    types: tuple[type, ...]
    key: Callable[[Row], Key]
    falling: bool = False

    def beyond(self, key: Key, *, back: bool) -> Q:
        """Rows that come after this key, or before it."""
        side = "lt" if self.falling != back else "gt"
        found, same = Q(), Q()
        for name, value in zip(self.names, key, strict=True):
            found |= same & Q(**{f"{name}__{side}": value})
            same &= Q(**{name: value})
        return found

    def write(self, row: Row, *, back: bool) -> str:
        """The cursor of the page that lies beyond this row."""
        values = [one.isoformat() if isinstance(one, date) else one for one in self.key(row)]  # a moment is a date, too
        return urlsafe_b64encode(json.dumps([int(back), *values]).encode()).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[Key, bool]:
        """The key and direction in a cursor; refused when it is none of ours."""
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            back, *values = json.loads(urlsafe_b64decode(padded))
            key = tuple(_value(type_, one) for type_, one in zip(self.types, values, strict=True))
        except (ValueError, TypeError, RecursionError) as error:
            raise BadInput(
                "这个游标不能用。", instead="请从第一页重新取。", errors={"cursor": ["这个游标不能用。"]}
            ) from error
        return key, bool(back)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursors of its neighbours; blank where there is none."""

    rows: list[Row]
    next: str
    previous: str


def page_of(
    ask: Callable[[Q, bool, int], Sequence[Row]], order: Keyset[Row], *, cursor: str = "", limit: int | None = None
) -> Page[Row]:
    """One page. `ask(bounds, back, n)` gives the first `n` rows within the bounds, walking backwards if `back`."""
    size = limit or PAGE
    key, back = order.read(cursor) if cursor else ((), False)
    found = list(ask(order.beyond(key, back=back) if key else Q(), back, size + 1))
    rows, more = found[:size], len(found) > size
    if back:
        rows.reverse()
    has_next, has_previous = (bool(rows), more) if back else (more, bool(cursor and rows))
    return Page(
        rows,
        order.write(rows[-1], back=False) if has_next else "",
        order.write(rows[0], back=True) if has_previous else "",
    )


def _value(type_: type, value: Any) -> Any:
    if type_ is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return moment
    if type_ is date:
        return date.fromisoformat(value)
    if type(value) is not type_:
        raise ValueError("another type")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError("no column holds this")
    if isinstance(value, str) and "\x00" in value.encode().decode():  # halves of characters do not survive this
        raise ValueError("no text")
    return value
