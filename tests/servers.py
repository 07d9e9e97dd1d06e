"""Starts the session's PostgreSQL and Redis before Django reads its settings; the workers of xdist inherit them.

DATABASE_URL or REDIS_URL, when set, are used instead and left alone. With CI=true a skipped test is a failed one, and
so is a missing browser, for its tests would be skipped.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from portal.local.broker import Redis
from portal.local.errors import CannotStart
from portal.local.keys import password, seal_key
from portal.local.postgres import Postgres
from portal.local.roles import connected, let_run, make_role

# A test database is thrown away: nothing of it needs to survive a crash.
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "max_connections": "200",
    "jit": "off",
}


def start() -> None:
    """Once for the whole session: folders, keys, then each server whose address is not given."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped then, too
    folder = Path(tempfile.mkdtemp(prefix="sunlit-tests-"))
    folder.chmod(0o755)  # as root, the database server is another user who has to pass
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATA_DIR"] = str(private(folder / "data"))
    private(folder / "data" / "static")  # empty: the tests' pages take static files from where they lie
    os.environ.setdefault("SEAL_KEY", seal_key())
    if not os.environ.get("DATABASE_URL"):
        start_postgres(folder)
    if not os.environ.get("REDIS_URL"):
        redis = Redis(private(folder / "redis"), password())
        atexit.register(redis.stop)
        redis.start()
        os.environ["REDIS_URL"] = redis.url


def start_postgres(folder: Path) -> None:
    """One server; a database made in it lets the app role do what it may in a real installation."""
    postgres = Postgres(folder / "postgres", QUICK)
    atexit.register(postgres.stop)
    postgres.start()
    app = os.environ.get("APP_DATABASE_ROLE", "sunlit_app")
    with connected(postgres.url("template1")) as cursor:
        make_role(cursor, app, "")
        let_run(cursor, owner="postgres", app=app)
    os.environ["DATABASE_URL"] = postgres.url("postgres")


def private(folder: Path) -> Path:
    """A folder nobody else may enter."""
    folder.mkdir(mode=0o700)
    return folder


def forbid_skipping(report: Any) -> None:
    """Turns a skipped test into a failed one that says why it was skipped; an expected failure stays one."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"With CI=true nothing may be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Nothing is skipped where CI=true."""
    report = yield
    if os.environ.get("CI") == "true":
        forbid_skipping(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Nor is a whole file."""
    report = yield
    if os.environ.get("CI") == "true":
        forbid_skipping(report)
    return report


def pytest_report_header() -> str:
    """Which servers the tests run on."""
    return f"servers: {os.environ['DATABASE_URL']}, {os.environ['REDIS_URL'].rpartition('@')[2]}"


os.environ["TESTING"] = "1"
if "PYTEST_XDIST_WORKER" not in os.environ:
    try:
        start()
    except CannotStart as refusal:
        raise SystemExit(str(refusal)) from refusal
