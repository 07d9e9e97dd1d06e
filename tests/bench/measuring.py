"""Round-robin: every scenario once a round, the portal and its limit in turn; medians over all rounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection

from .scenarios import Scenario, Target
from .sides import Side

SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")


@dataclass
class Result:
    """What was measured of one scenario."""

    what: str
    who: str
    target: Target
    portal: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    rows: int = 0
    queries: int = 0
    bytes: int = 0
    rounds: int = 0

    @property
    def ms(self) -> float:
        """The portal's median."""
        return median(self.portal)

    @property
    def limit_ms(self) -> float:
        """The limit's median."""
        return median(self.limit)

    @property
    def ratio(self) -> float:
        """How many times the limit."""
        return self.ms / self.limit_ms

    @property
    def missed(self) -> list[str]:
        """Which targets are missed."""
        found = []
        if self.target.ratio and self.ratio > self.target.ratio:
            found.append("ratio")
        if self.target.queries and self.queries > self.target.queries:
            found.append("queries")
        if self.target.kilobytes and self.bytes > self.target.kilobytes * 1000:
            found.append("bytes")
        return found


def measure(
    sides: Sequence[Side], scenarios: Sequence[Sequence[Scenario]], *, rounds: int, each: int
) -> list[list[Result]]:
    """Asks each once to warm up, comparing the answers and counting queries, then times them in turn."""
    results = []
    for side, asked in zip(sides, scenarios, strict=True):
        with side.entered():
            results.append([_first(one) for one in asked])
    for _ in range(rounds):
        for side, asked, found in zip(sides, scenarios, results, strict=True):
            with side.entered():
                for scenario, result in zip(asked, found, strict=True):
                    result.rounds += 1
                    for _ in range(each):
                        _once(scenario, result)
    return results


def _once(scenario: Scenario, result: Result) -> None:
    portal, limit = scenario.portal(), scenario.limit()
    rows = scenario.same(portal, limit)
    assert rows == result.rows, f"{scenario.what}: {rows} rows, before {result.rows}"
    result.portal.append(portal.ms)
    result.limit.append(limit.ms)


def _first(scenario: Scenario) -> Result:
    scenario.same(scenario.portal(), scenario.limit())
    counted = Counted()
    with connection.execute_wrapper(counted):
        portal = scenario.portal()
    rows = scenario.same(portal, scenario.limit())
    return Result(
        scenario.what, scenario.who, scenario.target, rows=rows, queries=len(counted.said), bytes=len(portal.body)
    )


class Counted:
    """Remembers the statements sent to the database, savepoints not."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Sends one on."""
        if not sql.startswith(SAVEPOINTS):
            self.said.append(sql)
        return execute(sql, params, many, context)
