"""A bureau's publication: 3,000 schools published in one run by two workers. Writes its own part of docs/benchmarks.md.

    python -m tests.bench.publishing [--schools 3000]

Fewer schools give a quick look and leave the document alone.
"""

import argparse
import os
import platform
import tempfile
import time
from multiprocessing import Process
from pathlib import Path

from .ground import own_database, prepare_environment
from .parts import write_part

FULL, WORKERS = 3_000, 2
WORDS = """
## A run of publications

Written by `python -m tests.bench.publishing` on {when}; nothing here is typed by hand. A bureau of {schools:,} schools
publishes one month of one kind in one run: each school's account is built, digested, stored as a version, written into its
chain, its duty closed and marked on the run's page, in a transaction of its own.

| schools | workers | seconds | ms a school and worker | transactions | queries a school | lost | doubled | ledger |
| --: | --: | --: | --: | --: | --: | --: | --: | --- |
| {schools:,} | {workers} | {seconds:.1f} | {each:.1f} | {schools:,} | {queries} | {lost} | {doubled} | {sound} |

{machine}; load average {load}.
"""


def main() -> None:
    """From an empty database to the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--schools", type=int, default=FULL)
    asked = options.parse_args()
    with own_database() as url, tempfile.TemporaryDirectory(prefix="sunlit-bench-data-") as data:
        prepare_environment(url, Path(data))
        import django
        from django.db import connections

        django.setup()
        try:
            text = measured(asked.schools)
        finally:
            connections.close_all()
    print(text)
    if asked.schools >= FULL:
        write_part("publishing", text)


def measured(schools: int) -> str:
    """Stands the schools up, each with its duty, runs the publication and counts."""
    from django.core.management import call_command

    from portal.ledger.verification import verify
    from portal.orgs.actions import plant
    from portal.publications.models import Publication, Run
    from tests.chaos.publisher import out_now, this_month
    from tests.portal.publications.issuing import opened

    call_command("migrate", verbosity=0)
    bureau = plant(name="青禾县教育局", kind="bureau", by="clock")
    owing = [
        plant(name=f"第 {n} 小学校", kind="school", parent=bureau, code=f"S{n:05d}", by="clock") for n in range(schools)
    ]
    with out_now():
        for school in owing:
            opened(school, period=this_month().code)
        load, queries = os.getloadavg()[0], counted_queries()
        seconds = run_by_workers()
    made = list(Publication.objects.values_list("issue__unit", flat=True))
    proof = verify(overdue=False)
    assert Run.objects.get().finished_at is not None
    return WORDS.format(
        when=time.strftime("%Y-%m-%d"), schools=schools, workers=WORKERS, seconds=seconds, queries=queries,
        each=1000 * seconds * WORKERS / schools, lost=schools - len(set(made)), doubled=len(made) - len(set(made)),
        sound="verified" if proof.flaw is None else str(proof.flaw),
        machine=f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        load=f"{load:.1f} to {os.getloadavg()[0]:.1f}",
    )  # fmt: skip


def run_by_workers() -> float:
    """The seconds two workers take for the run."""
    from django.db import connection

    from portal.publications.openings import open_due_runs

    began = time.perf_counter()
    open_due_runs()
    connection.close()
    workers = [Process(target=work) for _ in range(WORKERS)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return time.perf_counter() - began


def counted_queries() -> int:
    """How many statements one school takes, asked once and rolled back."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from portal.publications import openings, running

    with transaction.atomic():
        openings.open_due_runs()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            running._work_next()
        transaction.set_rollback(True)
    return len(caught)


def work() -> None:
    """One worker: as the task does, again and again until nothing waits."""
    from portal.publications.models import Run
    from portal.publications.running import publish_due

    while publish_due() or Run.objects.filter(finished_at=None).exists():
        pass


if __name__ == "__main__":
    main()
