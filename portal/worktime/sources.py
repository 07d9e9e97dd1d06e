"""Reads what days and places are made of, in one statement."""

import json
from datetime import date, time
from typing import Any

from django.db import connection

from portal.orgs.models import prefixes

from .days import Nation, Place

# `above` is null for every place there is (few rows: terms, timetables and odd days), else the paths to look at.
QUESTION = """
select json_build_object(
    'confirmed', (select json_agg(year) from worktime_calendaryear where confirmed),
    'days', (select json_agg(json_build_array(date, kind in ('workday', 'makeup'))) from worktime_calendarday),
    'own', (
        select json_agg(json_build_array(u.path, d.date, d.open))
        from worktime_unitday d join orgs_unit u on u.id = d.unit_id where {here}),
    'terms', (
        select json_agg(json_build_array(u.path, y.start_year, t.starts, t.ends))
        from orgs_term t join orgs_schoolyear y on y.id = t.year_id join orgs_unit u on u.id = t.unit_id where {here}),
    'hours', (
        select json_agg(json_build_array(u.path, h.since, h.weekday, h.opens, h.closes))
        from worktime_hours h join orgs_unit u on u.id = h.unit_id where {here})
)::text
"""


def read(path: str | None = None) -> tuple[Nation, dict[str, Place]]:
    """The nation's calendar and what places have set: the place at `path` and those above it, or every place."""
    here = "true" if path is None else "u.path = any(%(above)s)"
    with connection.cursor() as cursor:
        cursor.execute(QUESTION.format(here=here), {"above": prefixes(path or "")})
        found = {name: rows or [] for name, rows in json.loads(cursor.fetchone()[0]).items()}
    nation = Nation({date.fromisoformat(day): works for day, works in found["days"]}, frozenset(found["confirmed"]))
    return nation, _places(found)


def _places(found: dict[str, list[Any]]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for path, day, is_open in found["own"]:
        places.setdefault(path, Place()).days[date.fromisoformat(day)] = is_open
    for path, year, starts, ends in found["terms"]:
        term = (date.fromisoformat(starts), date.fromisoformat(ends))
        places.setdefault(path, Place()).terms.setdefault(year, []).append(term)
    for path, since, weekday, opens, closes in found["hours"]:
        tables = places.setdefault(path, Place()).timetables
        stretch = (time.fromisoformat(opens), time.fromisoformat(closes))
        tables.setdefault(date.fromisoformat(since), {}).setdefault(weekday, []).append(stretch)
    return places
