"""Writing a great many rows fast: COPY, with the tables' plain indexes built afterwards."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Model


class Copy:
    """Rows of one model on their way into its table; columns not named take the model's defaults."""

    def __init__(self, model: type[Model], *but: str) -> None:
        self.model = model
        fields = [one for one in model._meta.local_concrete_fields if one.column not in but]
        self.columns = [one.column for one in fields]
        self.defaults = {one.column: None if one.default is NOT_PROVIDED else one.get_default() for one in fields}
        self.lines: list[str] = []

    def add(self, **values: Any) -> None:
        """One row."""
        row = self.defaults | values
        self.lines.append("\t".join([_spelled(row[column]) for column in self.columns]))

    def send(self) -> None:
        """Writes what has been added."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"copy {self.model._meta.db_table} ({names}) from stdin", io.StringIO("\n".join(self.lines))
            )
        self.lines.clear()


def _spelled(value: Any) -> str:
    if value is None:
        return "\\N"
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


@contextmanager
def unhurried() -> Iterator[None]:
    """Statements that write a million rows may take longer than any page may."""
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0; set local maintenance_work_mem = '512MB'")
        yield


@contextmanager
def without_indexes(*models: type[Model]) -> Iterator[None]:
    """Takes away the plain indexes of tables about to grow tenfold, and builds them anew afterwards."""
    tables = [model._meta.db_table for model in models]
    asked = """select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
        where i.indrelid::regclass::text = any(%s) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)"""
    with connection.cursor() as cursor:
        cursor.execute(asked, [tables])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"drop index {name}")
        cursor.execute("set constraints all immediate")  # an index is not built on rows that wait to be checked
        yield
        for _, definition in found:
            cursor.execute(definition)


def settle() -> None:
    """What autovacuum would have done by the next morning."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        cursor.execute("vacuum analyze")
        cursor.execute("set statement_timeout = '60s'")
