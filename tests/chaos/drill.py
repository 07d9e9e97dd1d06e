"""`python -m tests.chaos.drill`: the chaos tests in their full form; prints what they counted and writes docs/drill.md.

The file is written by a run in which every test passed, and never by hand.
"""

import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "drill.md"
TESTS = ("tests/chaos", "tests/portal/notices/test_killed.py")
TITLES = {
    "test_three_sweepers_killed": "Three sweepers killed while people work on the same cases",
    "test_sweepers_killed_while_they_open_rounds": "Three sweepers killed while they open rounds",
    "test_a_run_killed_at_any_moment": "Three publishers killed during a run of publications",
    "test_readers_killed": "Three readers killed while they press 已阅",
    "test_three_deliverers_killed": "Three deliverers of messages killed",
    "redis_people_work_on_and_the_clock_catches_up[unchanged]": "Redis silent, then there again",
    "redis_people_work_on_and_the_clock_catches_up[emptied]": "Redis silent, then there and empty",
    "redis_people_work_on_and_the_clock_catches_up[killed]": "Redis silent, killed and started again",
    "redis_people_work_on_and_the_clock_catches_up[cut off]": "Redis silent, then reachable only by new connections",
    "test_what_was_acknowledged_survives": "PostgreSQL stopped at once while people write",
    "test_fifty_equal_posts": "Fifty equal submissions of every step",
}
COLUMNS = {
    "kills": "killed",
    "inside": "inside a transaction",
    "asked": "submissions",
    "due": "due",
    "done": "done",
    "lost": "lost",
    "doubled": "doubled",
    "again": "sent again",
    "steps": "people's steps meanwhile",
    "refused": "presses failed and repeated",
    "caught_up": "seconds to catch up",
    "seconds": "seconds in all",
}
WORDS = """# The reliability drill

Written by `make drill` ({when}, revision {revision}); every figure was counted by that run, in which every test passed.
The tests are in `tests/chaos/` and `tests/portal/notices/test_killed.py`; the suite runs their short form.

Machine: {machine}.

{table}

- **due** is what the hand-written table of a ladder, the plans, or the answers people got say must have happened: rungs
  of the ladder, messages, steps acknowledged, submissions. **done** is how often it did. **lost** and **doubled** count
  rows, ledger entries and notices separately, so that one rung without its notice is one lost.
- **inside a transaction**: the process stood still while PostgreSQL was asked whether it had one open in which rows were
  already locked or written; then it was killed.
- **sent again**: killed after a message had left and before it was marked; a kill repeats at most that one message.
- **seconds to catch up**: from the server's return until nothing was due any more, by the real worker and beat.
- The ledger was verified after each row that writes to it: every event, every chain to its head.
"""


class Ledger:
    """Collects what the tests have measured, and how many there were."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One test has ended; what it wrote down comes with the last of its three reports."""
        self.passed += report.when == "call" and report.passed
        if report.when == "teardown":
            for title in (title for part, title in TITLES.items() if part in report.nodeid):
                for name, figure in report.user_properties:
                    self.rows[title][name] += float(str(figure))

    def table(self) -> str:
        """In Markdown, a row for each kind of trouble."""
        lines = [["what", *COLUMNS.values()], ["---", *["---:"] * len(COLUMNS)]]
        for title in TITLES.values():
            row = self.rows[title]
            lines.append([title, *(f"{row[name]:,g}" if name in row else "" for name in COLUMNS)])
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    named = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} x {named[0] if named else platform.machine()}, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}; load averages at the end {load}"
    )


def revision() -> str:
    """Which code it was."""
    git: dict[str, Any] = {"cwd": ROOT, "capture_output": True, "text": True, "check": False}
    name = subprocess.run(["git", "rev-parse", "--short", "HEAD"], **git).stdout.strip() or "unknown"
    changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], **git).stdout
    return f"{name} with changes" if changed else name


def main() -> int:
    """Runs everything; the exit code is pytest's."""
    os.environ["DRILL"] = "full"
    ledger, began = Ledger(), time.monotonic()
    code = pytest.main(
        [*(str(ROOT / test) for test in TESTS), "-q", "-n", "2", "--dist", "loadgroup"], plugins=[ledger]
    )
    print(ledger.table())
    if code == 0:
        words = WORDS.format(
            when=time.strftime("%Y-%m-%d"), revision=revision(), machine=machine(), table=ledger.table()
        )
        took = f"\n{ledger.passed} tests passed in {time.monotonic() - began:,.0f} seconds.\n"
        PAGE.write_text(words + took, encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
