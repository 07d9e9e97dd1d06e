"""The document: milliseconds, the ratio to the limit, the target, and whether it is met."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from portal import clock

from .measuring import Result

INVARIANT = 1.2
INTRO = """# Benchmarks

Written by `make bench` on {day}; nothing here is typed by hand. Every scenario is asked of the portal (through its WSGI
application, middleware, session and all) and of the limit: a bare WSGI application with psycopg2 that reads and writes
the same rows by hand-written SQL and joins strings (`tests/bench/limit.py`). Both are asked in turn; medians of {times}
measurements in {rounds} rounds, answers compared each time. Targets are those of the design's quality goals.

- {whole:,} tickets ({open:,} open) over 200 schools, 3,552 areas, 5,000 people; beside it the same district with {tenth:,}
- {hazards:,} hazards beside them, every area a cell of the grid; what the portal itself has counted of the month is each time
  equal to a count of all hazards by SQL
- {machine}; PostgreSQL {server}
- load average {loads}; the whole run took {seconds:.0f} s

*times the limit*: portal / limit. *growth*: the portal with {whole:,} tickets / with {tenth:,}, at most {invariant}.

| scenario | for whom | rows | queries | KB | portal ms | limit ms | times the limit | at most | growth | met |
| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |
"""


@dataclass
class Report:
    """The run in words and numbers: each scenario on the whole history, and on a tenth of it."""

    tenth: int
    whole: int
    open: int
    results: list[tuple[Result, Result | None]]
    loads: list[float]
    hazards: int = 0

    def text(self, *, seconds: float) -> str:
        """The document."""
        with connection.cursor() as cursor:
            cursor.execute("show server_version")
            server = cursor.fetchone()[0]
        intro = INTRO.format(
            day=clock.today(), whole=self.whole, tenth=self.tenth, open=self.open, hazards=self.hazards, machine=machine(), server=server,
            loads=" to ".join(f"{one:.1f}" for one in self.loads), seconds=seconds, invariant=INVARIANT,
            times=len(self.results[0][0].portal), rounds=self.results[0][0].rounds,
        )  # fmt: skip
        return intro + "".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for one, before in self.results:
            growth = one.ms / before.ms if before is not None and before.rows == one.rows else None
            grew = growth is not None and growth > INVARIANT
            missed = [*one.missed, *(["growth"] if grew else [])]
            cells = [
                one.what, one.who, f"{one.rows:,}", str(one.queries), f"{one.bytes / 1000:.0f}" if one.bytes > 10 else "",
                f"{one.ms:.1f}", f"{one.limit_ms:.1f}", f"{one.ratio:.1f}", f"{one.target.ratio:g}" if one.target.ratio else "",
                f"{growth:.2f}" if growth is not None else "", "no: " + ", ".join(missed) if missed else "yes",
            ]  # fmt: skip
            yield f"| {' | '.join(cells)} |\n"


def machine() -> str:
    """Processor, cores and Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{(names or [platform.processor()])[0]}, {os.cpu_count()} cores, Python {platform.python_version()}"
