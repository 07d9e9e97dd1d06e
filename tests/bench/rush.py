"""Parents' rush: the public page of the week's account under 50 readers at once, beside the same bytes as a static file.

    python -m tests.bench.rush [--readers 50] [--each 40]

Writes its own part of docs/benchmarks.md. Fewer readers or pages give a quick look and leave the document alone.
"""

import argparse
import http.client
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from .ground import own_database, prepare_environment
from .parts import write_part

READERS, EACH, ROUNDS, MOST = 50, 40, 5, 1.5
FILE = "week.html"
WORDS = """
## Parents' rush

Written by `python -m tests.bench.rush` on {when}; nothing here is typed by hand. The public page of one school's weekly account
and the same bytes as a file are read by {readers} readers at once, {each} times each, in turn, over one gunicorn as it is shipped
(two workers, four threads); medians of {rounds} rounds. Readers send what phones send and keep their connection.

| what | bytes on the wire | seconds | pages a second | slowest 5 % (ms) | failed |
| --- | --: | --: | --: | --: | --: |
| the account's page | {page.bytes:,} | {page.seconds:.2f} | {page.speed:.0f} | {page.slow:.0f} | {page.failed} |
| the same bytes as a file | {file.bytes:,} | {file.seconds:.2f} | {file.speed:.0f} | {file.slow:.0f} | {file.failed} |

Ratio **{ratio:.1f}** (asked: at most {most}). {machine}; load average {load}.
"""


@dataclass(frozen=True)
class Rush:
    """What all readers together took: seconds in all, milliseconds of the slowest twentieth, bytes of one page, failures."""

    pages: int
    seconds: float
    slow: float
    bytes: int
    failed: int

    @property
    def speed(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


def main() -> None:
    """From an empty database to the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=READERS)
    options.add_argument("--each", type=int, default=EACH, help="pages for each reader and round")
    asked = options.parse_args()
    with own_database() as url, tempfile.TemporaryDirectory(prefix="sunlit-bench-data-") as data:
        prepare_environment(url, Path(data))
        import django
        from django.db import connections

        django.setup()
        try:
            text = measured(asked.readers, asked.each)
        finally:
            connections.close_all()
    print(text)
    if asked.readers >= READERS and asked.each >= EACH:
        write_part("rush", text)


def measured(readers: int, each: int) -> str:
    """Publishes a week, serves it and its bytes, and lets the readers in by turns."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    address = published()
    laid_down(address)
    connections.close_all()
    load = os.getloadavg()[0]
    with served() as port:
        for path in (address, f"/static/{FILE}"):
            rush(port, path, readers, 1)  # warm
        turns = [
            (rush(port, address, readers, each), rush(port, f"/static/{FILE}", readers, each)) for _ in range(ROUNDS)
        ]
    page, file = (middle([turn[at] for turn in turns]) for at in (0, 1))
    return WORDS.format(
        when=time.strftime("%Y-%m-%d"), readers=readers, each=each, rounds=ROUNDS, page=page, file=file, most=MOST,
        ratio=median(one.seconds / other.seconds for one, other in turns),
        machine=f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        load=f"{load:.1f} to {os.getloadavg()[0]:.1f}",
    )  # fmt: skip


def published() -> str:
    """A school with a canteen whose week is booked by one, sealed by another, and out; the address of its page."""
    from canteen.actions import open_canteen
    from canteen.actions.books import book, seal
    from canteen.actions.meals import count_meal
    from canteen.demo.accounts import SHARES
    from canteen.flow import WEEKLY
    from portal import clock
    from portal.orgs.actions import appoint, plant
    from portal.publications.actions import publish
    from portal.publications.kinds import KINDS
    from portal.publications.periods import Every, period_of
    from tests.district import hire

    bureau = plant(name="青禾县教育局", kind="bureau", by="clock")
    school = plant(name="柳溪镇中心小学", kind="school", parent=bureau, code="LX01", by="clock")
    accountant, manager = (hire(name, name, school) for name in ("kuai", "jiang"))
    for person, role in ((accountant, "canteen_accountant"), (manager, "canteen_manager")):
        appoint(person=person, role=role, unit=school, by="clock")
    canteen, day = open_canteen(school=school, name="食堂", by="clock", meals=["lunch"], diners=500), clock.today()
    count_meal(canteen, day=day, meal="lunch", students=500, staff=18, by=accountant)
    for code, share in (("CI-01", Decimal(1)), *((code, Decimal(share)) for code, share, _ in SHARES)):
        amount = (share * 22500).quantize(Decimal("0.01"))
        seal(book(canteen, dated=day, category=code, amount=amount, words="测试", by=accountant), by=manager)
    year, week, _ = (day + timedelta(days=2)).isocalendar()  # the account's week begins on the Saturday before
    period = period_of(Every.WEEK, f"{year}-W{week:02d}")
    publish(KINDS[WEEKLY.kind], unit=school, period=period, by=manager)
    return f"/p/LX01/{WEEKLY.kind}/{period.code}/"


def laid_down(address: str) -> None:
    """The page's own bytes as a file that the same server gives out, compressed beforehand as every other."""
    import gzip

    from django.conf import settings
    from django.test import Client

    page = Client(headers={"host": "localhost"}).get(address).content
    Path(settings.STATIC_ROOT, FILE).write_bytes(page)
    Path(settings.STATIC_ROOT, f"{FILE}.gz").write_bytes(gzip.compress(page, 9))


@contextmanager
def served() -> Iterator[int]:
    """The portal as it is shipped, on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    told = ["--workers=2", "--threads=4", "--log-level=error", f"--bind=127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "portal.wsgi", *told])
    try:
        for _ in range(300):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def rush(port: int, path: str, readers: int, each: int) -> Rush:
    """Everybody reads the page so many times, all at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(readers) as pool:
        read = [one for many in pool.map(lambda _: reads(port, path, each), range(readers)) for one in many]
    seconds = time.perf_counter() - began
    took = sorted(one for one, _, _ in read)
    return Rush(
        len(read), seconds, took[len(took) * 95 // 100] * 1000, max(size for _, size, _ in read),
        sum(not good for *_, good in read),
    )  # fmt: skip


def reads(port: int, path: str, each: int) -> list[tuple[float, int, bool]]:
    """One reader over one connection: seconds, bytes, and whether the page came."""
    door, found = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for _ in range(each):
        began = time.perf_counter()
        door.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": "gzip"})
        answer = door.getresponse()
        size = len(answer.read())
        found.append((time.perf_counter() - began, size, answer.status == 200))
    door.close()
    return found


def middle(turns: list[Rush]) -> Rush:
    """The turn that took the middle time."""
    return sorted(turns, key=lambda one: one.seconds)[len(turns) // 2]


if __name__ == "__main__":
    main()
