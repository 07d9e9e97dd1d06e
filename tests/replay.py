"""A cast built once by the portal's own verbs; afterwards its rows are laid down again as they were, which is ten times faster.

Only for what is the same each time: rows are those of the first building, their keys, hours and chains too.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField

from portal import clock


@dataclass(frozen=True)
class Laid:
    """What one building wrote: of each table the first key and the rows as JSON; and what it answered."""

    rows: list[tuple[str, int, str]]
    answer: Any


T = TypeVar("T")
KEPT: dict[Any, Laid] = {}


def again(name: str, build: Callable[[], T], *on: object) -> T:
    """What `build` makes: built the first time of this process, laid down again after that.

    Told apart by `name`, by `on` (keys of what it stands on), by the hour where the clock is held, and by the database: another
    one has counted no keys for these rows.
    """
    key = (name, connection.settings_dict["HOST"], connection.settings_dict["NAME"], clock._held.get(), *on)
    kept = KEPT.get(key)
    if kept is None:
        highest = _highest()
        answer = build()
        KEPT[key] = Laid(_rows_since(highest), deepcopy(answer))
        return answer
    if _is_there(kept):
        return build()
    with transaction.atomic(), connection.cursor() as cursor:  # what refers to one another is checked at its end
        for table, _, rows in kept.rows:
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", %s)', [rows])
    return deepcopy(kept.answer)


def _tables() -> list[str]:
    """Every table whose rows are numbered."""
    return sorted({model._meta.db_table for model in apps.get_models() if isinstance(model._meta.pk, AutoField)})


def _highest() -> dict[str, int]:
    """The highest key of every table."""
    asked = " UNION ALL ".join(f"SELECT '{table}', max(id)::text FROM \"{table}\"" for table in _tables())
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table: int(highest or 0) for table, highest in cursor.fetchall()}


def _rows_since(highest: dict[str, int]) -> list[tuple[str, int, str]]:
    """What was added to each table after that."""
    found = []
    with connection.cursor() as cursor:
        for table in [table for table, before in _highest().items() if before > highest[table]]:
            cursor.execute(
                f'SELECT min(id), jsonb_agg(to_jsonb("{table}") ORDER BY id)::text FROM "{table}" WHERE id > %s',
                [highest[table]],
            )
            found.append((table, *cursor.fetchone()))
    return found


def _is_there(kept: Laid) -> bool:
    """Whether an earlier test has left these very rows behind."""
    table, first, _ = kept.rows[0]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" WHERE id >= %s', [first])
        return cursor.fetchone() is not None
