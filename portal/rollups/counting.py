"""What a case adds to the roll-ups, worked out anew from its row and its chain; only the difference is written.

So a case counted twice adds nothing, and a re-classified, re-placed or reopened case takes its past along.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import connection

from portal.cases.flow import FLOWS
from portal.cases.models import Case, Deadline
from portal.ledger.models import Event
from portal.orgs.models import Unit
from portal.worktime.calendars import Calendars

from .book import Part, Past, counting, tallies
from .models import Counted, Daily

Key = tuple[str, str, int, str, int]  # tally, topic, unit, day, bin
Added = dict[Key, tuple[int, Decimal]]


def count_again(cases: Iterable[int]) -> int:
    """Counts these cases anew and writes the difference to what they had added; in the caller's transaction."""
    rows = _rows(sorted(set(cases)))
    known = {one.case_id: one for one in Counted.objects.filter(case__in=[row.pk for row in rows])}
    units = dict(Unit.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", "school_id"))
    delta: dict[Key, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    fresh = []
    for past in _pasts(rows):
        case = past.case
        before = known.get(case.pk)
        added = _added(case, units[case.unit_id], counting()[case.kind](past) if not case.circle else ())
        for sign, parts in ((1, added), (-1, _read(before))):
            for key, (n, amount) in parts.items():
                delta[key][0] += sign * n
                delta[key][1] += sign * amount
        fresh.append(Counted(case_id=case.pk, seq=case.chain_seq, unit_path=case.unit_path, **_written(added)))
    _write(delta)
    fields = ["seq", "unit_path", "parts", "marks"]
    Counted.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["case"], update_fields=fields)
    return len(fresh)


def _rows(ids: list[int]) -> list[Case]:
    """The cases as their own models."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for pk, kind in Case.objects.filter(pk__in=ids, kind__in=list(counting())).values_list("pk", "kind"):
        kinds[kind].append(pk)
    return [row for kind, many in sorted(kinds.items()) for row in FLOWS[kind].model._base_manager.filter(pk__in=many)]


def _pasts(rows: list[Case]) -> Iterator[Past]:
    """The cases with their chains as far as the rows know them: what came after is counted in the next pass."""
    calendars = Calendars()
    chains: dict[str, list[Event]] = defaultdict(list)
    by_address = {f"case:{row.pk}": row for row in rows}
    for event in Event.objects.filter(address__in=list(by_address)).order_by("address", "seq"):
        if event.seq <= by_address[event.address].chain_seq:
            chains[event.address].append(event)
    clocks: dict[int, dict[str, Deadline]] = defaultdict(dict)
    for deadline in Deadline.objects.filter(case__in=[row.pk for row in rows]).order_by("pk"):
        clocks[deadline.case_id][deadline.clock] = deadline
    for address, row in by_address.items():
        yield Past(row, chains[address], clocks[row.pk], calendars.of(row.unit_path))


def _added(case: Case, school: int | None, parts: Iterable[Part]) -> Added:
    known, found = tallies(), Counter[Key]()
    amounts: dict[Key, Decimal] = defaultdict(Decimal)
    for part in parts:
        tally = known[part.tally]
        if tally.by_person:
            if school is not None:
                found[part.tally, str(part.who), school, part.day.replace(day=1).isoformat(), 0] += part.n
            continue
        unit = case.unit_id if tally.by_place or school is None else school
        own = part.topic if tally.by_part else case.topic
        for topic in ("", own) if tally.by_topic and own else ("",):
            key = (part.tally, topic, unit, part.day.isoformat(), part.bin)
            found[key] += part.n
            amounts[key] += part.amount
    return {key: (n, amounts[key]) for key, n in found.items()}


def _read(counted: Counted | None) -> Added:
    """What a case had added, as it was written."""
    rows = counted.parts if counted is not None else []
    return {(tally, topic, unit, day, bin): (n, Decimal(amount)) for tally, topic, unit, day, bin, n, amount in rows}


def _written(added: Added) -> dict[str, Any]:
    known = tallies()
    marks = {f"{tally}:{day}" for tally, _, _, day, _ in added}
    marks |= {f"{tally}:{day}:{topic}" for tally, topic, _, day, _ in added if topic and known[tally].by_part}
    return {
        "parts": [[*key, n, str(amount)] for key, (n, amount) in sorted(added.items())],
        "marks": sorted(marks),
    }


def _write(delta: dict[Key, list[Decimal]]) -> None:
    """Adds the differences to the roll-ups, in one order for everybody; rows that come to nothing go."""
    rows = sorted((key, int(n), amount) for key, (n, amount) in delta.items() if n or amount)
    if not rows:
        return
    columns = [list(one) for one in zip(*((*key, n, amount) for key, n, amount in rows), strict=True)]
    table = Daily._meta.db_table
    given = "unnest(%s::text[], %s::text[], %s::bigint[], %s::date[], %s::int[], %s::bigint[], %s::numeric[])"
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} as d (tally, topic, unit_id, unit_path, day, bin, n, amount) "  # noqa: S608
            f"select g.tally, g.topic, g.unit, u.path, g.day, g.bin, g.n, g.amount "
            f"from {given} as g(tally, topic, unit, day, bin, n, amount) join orgs_unit u on u.id = g.unit "
            "on conflict (tally, topic, unit_id, day, bin) do update set n = d.n + excluded.n, amount = d.amount + excluded.amount",
            columns,
        )
        if any(n < 0 for _, n, _ in rows):
            cursor.execute(
                f"delete from {table} d using {given} as g(tally, topic, unit, day, bin, n, amount) "  # noqa: S608
                "where d.tally = g.tally and d.topic = g.topic and d.unit_id = g.unit and d.day = g.day and d.bin = g.bin "
                "and d.n = 0 and d.amount = 0",
                columns,
            )
