"""Counting everything from scratch, to compare with what was folded or to put in its place."""

from dataclasses import dataclass

from django.db import connection, transaction

from portal.cases.models import Case
from portal.orgs.actions.units import TREE_LOCK

from .book import counting
from .counting import count_again
from .folding import BATCH, ONE_AT_A_TIME
from .models import Counted, Daily

COLUMNS = "tally, topic, unit_id, unit_path, day, bin, n, amount"


@dataclass(frozen=True)
class Difference:
    """A roll-up row that the recount has otherwise: `n` and `amount` as folded and as counted from scratch."""

    tally: str
    topic: str
    unit: int
    day: str
    bin: int
    folded: tuple[int, str] | None
    counted: tuple[int, str] | None


class _Undo(Exception):
    """Takes a mere comparison back."""


def recount(*, keep: bool) -> list[Difference]:
    """Counts every case from scratch in one transaction and names the rows that differ; `keep` puts the result in place.

    Cases that changed since the last pass of `fold` differ, too: fold first.
    """
    found: list[Difference] = []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set local statement_timeout = 0")
                cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
                cursor.execute("select pg_advisory_xact_lock_shared(%s)", [TREE_LOCK])
                cursor.execute(f"create temporary table folded on commit drop as select {COLUMNS} from rollups_daily")  # noqa: S608
            Daily.objects.all().delete()
            Counted.objects.all()._raw_delete("default")
            _everything()
            found = _differences()
            if not keep:
                raise _Undo
            with connection.cursor() as cursor:
                cursor.execute("drop table folded")
    except _Undo:
        pass
    return found


def _everything() -> None:
    after = 0
    while True:
        rows = Case.objects.filter(pk__gt=after, kind__in=list(counting())).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        count_again(ids)
        after = ids[-1]


def _differences() -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce(f.tally, c.tally), coalesce(f.topic, c.topic), coalesce(f.unit_id, c.unit_id),
                   coalesce(f.day, c.day)::text, coalesce(f.bin, c.bin), f.n, f.amount::text, c.n, c.amount::text
            from folded f full join rollups_daily c
              on (f.tally, f.topic, f.unit_id, f.unit_path, f.day, f.bin) = (c.tally, c.topic, c.unit_id, c.unit_path, c.day, c.bin)
            where f.n is distinct from c.n or f.amount is distinct from c.amount
            order by 1, 2, 3, 4, 5
            """
        )
        rows = cursor.fetchall()
    return [
        Difference(
            tally, topic, unit, day, bin, (n, amount) if n is not None else None, (m, other) if m is not None else None
        )
        for tally, topic, unit, day, bin, n, amount, m, other in rows
    ]
