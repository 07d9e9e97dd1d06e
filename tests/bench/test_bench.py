"""The benchmark runs, and the questions of a desk are answered by index; nothing here is timed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from portal import clock
from portal.cases import queries
from portal.cases.models import Case
from portal.orgs.models import User
from portal.rollups.models import Counted, Daily
from tests.bench import hazards, rounds, sweeps
from tests.bench.district import build
from tests.bench.history import History, bells
from tests.bench.measuring import measure
from tests.bench.scenarios import LISTS
from tests.bench.sides import Side
from tests.bench.table import Report

pytestmark = pytest.mark.django_db(transaction=True)
CASES, HAZARDS = 6000, 700


@pytest.fixture
def history() -> Iterator[History]:
    """A small district with a history of a few thousand tickets."""
    call_command("migrate", verbosity=0)  # the calendar, which an earlier test may have emptied
    written = History(build(schools=30, areas=180, people=270))
    bells(User.objects.values_list("pk", flat=True))
    written.grow(CASES, share_open=0.1)
    yield written


def test_every_scenario_is_answered_alike_by_the_portal_and_its_limit(history: History) -> None:
    side = Side.of(connection.settings_dict["NAME"], history, times=3)
    asked = [side.reading, side.writing, [sweeps.due(side.bench.limit, many=50)], side.idle]
    results = [one for few in asked for one in measure([side], [few], rounds=1, each=1)[0]]
    with side.entered():
        hazards.watched(history.district)
        hazards.Hazards(history.district).grow(Case.objects.order_by("pk").last().pk + HAZARDS, share_open=0.1)  # type: ignore[union-attr]
        assert rolled_up(clock.now() - hazards.RECENT) == rolled_up(datetime(2000, 1, 1, tzinfo=UTC))
        rounds.planned(history.district, many=20)
        asked.append([*hazards.scenarios(side.bench), rounds.due(side.bench.limit, many=20)])
    results += measure([side], asked[-1:], rounds=1, each=1)[0]
    side.close()
    text = Report(CASES, CASES, history.open, [(one, one) for one in results], [0.0, 0.0]).text(seconds=1)
    assert len(results) == sum(map(len, asked)) == text.count("\n| ") - 2
    assert {len(one.portal) for one in results} == {1}
    assert [one.what for one in results if "queries" in one.missed or "bytes" in one.missed] == []


def rolled_up(since: datetime) -> set[tuple[object, ...]]:
    """What the roll-ups say of hazards when those since a moment are counted by the portal, the others by SQL."""
    Counted.objects.all()._raw_delete("default")
    Daily.objects.filter(tally__startswith="safety_grid.").delete()
    assert 0 < hazards.counted(since) <= HAZARDS
    return set(
        Daily.objects.filter(tally__startswith="safety_grid.").values_list("tally", "topic", "unit", "day", "bin", "n")
    )


def test_no_list_of_a_school_reads_the_whole_table(history: History) -> None:
    district = history.district
    for person in (*(held[0] for held in district.large.posts.values()), district.quiet.posts["principal"][0]):
        user = User.objects.get(pk=person)
        for tab, lens in LISTS.items():
            for rows in (queries.by_clock(lens(user)), queries.newest(lens(user), tab, user, before=None)):
                assert whole_tables(rows) == [], f"{user.username} {tab}"


def test_the_pages_of_a_tab_are_its_cases_newest_first(history: History) -> None:
    district = history.district
    for person in (district.officer, *(held[0] for held in district.large.posts.values())):
        user = User.objects.get(pk=person)
        for tab, lens in LISTS.items():
            every = list(lens(user).order_by("-pk").values_list("pk", flat=True)[: 8 * queries.PAGE])
            walked: list[int] = []
            while len(walked) < len(every):
                page = queries.newest(lens(user), tab, user, before=walked[-1] if walked else None)
                walked += [case.pk for case in page[: queries.PAGE]]
            assert walked[: len(every)] == every, f"{user.username} {tab}"
            opened = list(queries.by_clock(lens(user).filter(is_open=True), n=60).values_list("pk", flat=True))
            wide = queries.by_clock(lens(user).filter(is_open=True), n=60, narrow=False)
            assert [case.pk for case in wide] == opened


def whole_tables(rows: QuerySet[Case]) -> list[str]:
    """Tables of cases that the planner would read from end to end."""
    plan = rows.explain(format="json")
    found = json.loads(plan)[0]["Plan"] if plan else {"Node Type": "nothing"}
    return [
        node["Relation Name"]
        for node in nodes(found)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("cases_case")
    ]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan and everything below it."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
