"""`make bench`: measures the portal on one million tickets beside its limit, and writes docs/benchmarks.md.

    python -m tests.bench.run [--cases 1000000] [--rounds 5]

Fewer cases give a quick look and leave the document alone.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from .ground import own_database, prepare_environment
from .parts import with_parts

FULL = 1_000_000
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """From an empty database to the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=FULL, help="how many tickets in the end")
    options.add_argument("--rounds", type=int, default=5, help="rounds of measuring, at least 3")
    asked = options.parse_args()
    began = perf_counter()
    with own_database() as url, tempfile.TemporaryDirectory(prefix="sunlit-bench-data-") as data:
        prepare_environment(url, Path(data))
        import django
        from django.db import connections

        django.setup()
        from .stages import Run

        try:
            report = Run(cases=asked.cases, rounds=max(3, asked.rounds), say=say).everything()
            text = report.text(seconds=perf_counter() - began)
        finally:
            connections.close_all()
    print(text)
    if asked.cases >= FULL:
        DOCUMENT.write_text(with_parts(text), encoding="utf-8")


def say(words: str) -> None:
    """Progress, beside the table."""
    print(f"[load {os.getloadavg()[0]:.1f}] {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
