"""The run: a district with a tenth of its history, a copy of that, the whole history; then both measured side by side."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from django.core.management import call_command
from django.db import connection
from django.db.models import Max

from portal import clock
from portal.cases.models import Case
from portal.orgs.models import User

from . import hazards, rounds, sweeps
from .district import build
from .history import History, bells
from .measuring import Result, measure
from .scenarios import Scenario
from .sides import Side
from .table import Report

SCHOOLS, AREAS, PEOPLE = 200, 3552, 5000
OPEN = 0.03  # of all cases in the end; a third of these are there from the beginning
EACH = 3  # measurements of one scenario in one round


@dataclass
class Run:
    """One benchmark from an empty database on."""

    cases: int
    rounds: int
    say: Callable[[str], None]
    loads: list[float] = field(default_factory=list)

    def everything(self) -> Report:
        """Migrates, writes, measures."""
        whole = str(connection.settings_dict["NAME"])
        self.say("Tables and static files")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.say(f"A district of {SCHOOLS} schools, {AREAS:,} areas, {PEOPLE:,} people")
        history = History(build(schools=SCHOOLS, areas=AREAS, people=PEOPLE))
        bells(User.objects.values_list("pk", flat=True))
        self._grow(history, self.cases // 10, share_open=OPEN * 10 / 3)
        copy_database(whole, f"{whole}_tenth")
        times = self.rounds * EACH + 2
        sides = [Side.of(f"{whole}_tenth", history, times=times)]
        self._grow(history, self.cases, share_open=OPEN * 2 / 3 * 10 / 9)
        sides.append(Side.of(whole, history, times=times))
        try:
            results = self._measured(sides) + self._hazards(sides[1])
            return Report(sides[0].cases, sides[1].cases, history.open, results, self.loads, hazards=self.cases)
        finally:
            for side in sides:
                side.close()

    def _grow(self, history: History, upto: int, *, share_open: float, what: str = "tickets") -> None:
        began = perf_counter()
        history.grow(upto, share_open=share_open)
        self.say(f"{upto:,} {what} written in {perf_counter() - began:.0f} s")

    def _measured(self, sides: list[Side]) -> list[tuple[Result, Result | None]]:
        """Each scenario on the whole history, and on a tenth of it where it is the same there."""
        whole = sides[-1]
        self.say("Measuring what people do")
        self.loads.append(os.getloadavg()[0])
        pairs = self._pairs(sides, [side.reading for side in sides])
        pairs += self._pairs(sides, [side.writing for side in sides])
        self.say("Measuring the clock")
        due = sweeps.due(whole.bench.limit, many=min(sweeps.DUE, self.cases // 100))
        (risen,) = measure([whole], [[due]], rounds=self.rounds, each=1)
        with whole.entered():
            sweeps.open_many(self.cases)
            whole.idle = [sweeps.idle(whole.bench.limit)]
        clock = self._pairs(sides, [side.idle for side in sides])
        self.loads.append(os.getloadavg()[0])
        return [*pairs, (risen[0], None), *clock]

    def _hazards(self, whole: Side) -> list[tuple[Result, Result | None]]:
        """As many hazards beside the tickets, counted by the portal itself: their dashboard, and its equality with a recount."""
        district = whole.bench.history.district
        with whole.entered():
            hazards.watched(district)
            written = hazards.Hazards(district)
            before = Case.objects.aggregate(last=Max("pk"))["last"]
            self._grow(written, before + self.cases, share_open=OPEN, what="hazards")
            began = perf_counter()
            recent = hazards.counted(clock.now() - hazards.RECENT)
            self.say(f"{recent:,} hazards counted by the portal in {perf_counter() - began:.0f} s")
            whole.reading = list(hazards.scenarios(whole.bench))
            rounds.planned(district)
        (found,) = measure([whole], [whole.reading], rounds=self.rounds, each=EACH)
        found += measure([whole], [[rounds.due(whole.bench.limit)]], rounds=self.rounds, each=1)[0]
        self.loads.append(os.getloadavg()[0])
        return [(one, None) for one in found]

    def _pairs(self, sides: list[Side], scenarios: list[list[Scenario]]) -> list[tuple[Result, Result | None]]:
        """Deep pages of a short history are other pages: what has no like there stands alone."""
        before, after = measure(sides, scenarios, rounds=self.rounds, each=EACH)
        known = {(one.what, one.who.split(" open")[-1]): one for one in before}
        return [(one, known.get((one.what, one.who.split(" open")[-1]))) for one in after]


def copy_database(name: str, to: str) -> None:
    """A database like this one, on the same server; nobody may be connected meanwhile."""
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"create database {to} template {name}")
