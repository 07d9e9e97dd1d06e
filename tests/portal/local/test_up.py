"""`manage.py up` for real: two portals side by side, what they keep from others, and how they end."""

import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from portal.local.roles import connected

from .conftest import ROOT, Portal, alive, clean_environment


@pytest.fixture(scope="module")
def two(shared_folder: Path) -> Iterator[tuple[Portal, Portal]]:
    """Two portals in two folders, running at once; every test leaves them running."""
    first, second = Portal(shared_folder / "first"), Portal(shared_folder / "second")
    for portal in (first, second):
        portal.start()
    yield first.wait_until_up(), second.wait_until_up()
    assert [first.stop(), second.stop()] == [0, 0]


def test_two_checkouts_run_at_once_on_ports_of_their_own(two: tuple[Portal, Portal]) -> None:
    first, second = two
    assert first.answers()
    assert second.answers()
    assert first.port != second.port
    assert first.database_pid() != second.database_pid()


def test_media_secrets_and_keys_are_closed_to_others(two: tuple[Portal, Portal]) -> None:
    data = two[0].data
    closed = {name: mode(data / name) for name in ("media", "secrets", "keys", "redis", "beat", "postgres")}
    assert closed == dict.fromkeys(closed, "0o700")
    files = {file.name: mode(file) for name in ("secrets", "keys") for file in (data / name).iterdir()}
    assert files == {
        "secret-key": "0o600",
        "database-superuser": "0o600",
        "database-owner": "0o600",
        "database-app": "0o600",
        "redis": "0o600",
        "seal-key": "0o600",
    }


def test_no_two_portals_share_a_secret(two: tuple[Portal, Portal]) -> None:
    words = [file.read_text() for portal in two for file in (portal.data / "secrets").iterdir()]
    words += [(portal.data / "keys" / "seal-key").read_text() for portal in two]
    assert len(words) == len(set(words)) == 12


def test_the_app_role_reads_and_writes_and_creates_nothing(two: tuple[Portal, Portal]) -> None:
    with connected(two[0].address("app", "sunlit_app")) as app:
        app.execute("insert into orgs_schoolyear (start_year) values (1999)")
        app.execute("delete from orgs_schoolyear where start_year = 1999")
        assert app.rowcount == 1
        for forbidden in (
            "create table public.mine (id int)",
            "create temporary table mine (id int)",
            "create schema mine",
            "create role mine",
            "create database mine",
            "drop table orgs_schoolyear",
            "alter table orgs_schoolyear disable trigger all",
            "truncate orgs_schoolyear",
            "set role sunlit_owner",
            "update ledger_event set verb = 'nothing'",
            "delete from ledger_event",
            "truncate ledger_event",
            "update ledger_seal set signature = ''",
            "delete from ledger_seal",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_nobody_reaches_the_database_without_its_password(two: tuple[Portal, Portal]) -> None:
    for user in ("postgres", "sunlit_owner", "sunlit_app"):
        right = two[0].address("superuser", user)
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(right.replace((two[0].data / "secrets/database-superuser").read_text(), "guess"))
    with connected(two[0].address("superuser", "postgres")) as superuser:
        superuser.execute("select 1")


def test_what_up_brings_up_is_a_demo(two: tuple[Portal, Portal]) -> None:
    with connected(two[0].address("app", "sunlit_app")) as app:
        app.execute("select kind from orgs_installation")
        assert app.fetchall() == [("demo",)]


def test_its_clock_runs_within_seconds_of_its_start(two: tuple[Portal, Portal]) -> None:
    first = two[0]
    for _ in range(600):  # a slow machine's worker takes longer to begin than its web process
        status, health = first.health()
        if status == 200:
            break
        time.sleep(0.1)
    assert (status, health["database"], health["redis"]) == (200, "ok", "ok")
    assert health["clock_lag_seconds"] < 60


def test_a_second_one_in_the_same_folder_is_refused_in_one_sentence(two: tuple[Portal, Portal]) -> None:
    first = two[0]
    assert first.process
    command, env = [sys.executable, "manage.py", "up"], clean_environment(DATA_DIR=str(first.data))
    refused = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, check=False)
    assert (refused.returncode, refused.stderr) == (
        1,
        f"The portal already runs in {first.data} (process {first.process.pid}): "
        "stop it first, or choose another folder with DATA_DIR=.\n",
    )
    assert first.answers()


def test_stopping_one_ends_its_own_processes_only_and_its_data_stays(two: tuple[Portal, Portal]) -> None:
    first, second = two
    bystander = subprocess.Popen(["sleep", "600"])
    with connected(first.address("app", "sunlit_app")) as app:
        app.execute("insert into orgs_schoolyear (start_year) values (2001)")
    own, others = first.processes(), [*second.processes(), psutil.Process(bystander.pid)]

    first.signal(signal.SIGINT)

    assert first.wait_until_ended() == 0
    assert first.said().endswith("Stopped.\n")
    assert alive(own) == []
    assert all(other.is_running() for other in others)
    assert second.answers()
    bystander.kill()

    first.start()
    first.wait_until_up()
    with connected(first.address("app", "sunlit_app")) as app:
        app.execute("delete from orgs_schoolyear where start_year = 2001")
        assert app.rowcount == 1


@pytest.mark.parametrize(("words", "name"), [("celery --app=portal --quiet beat", "beat"), ("redis-server", "redis")])
def test_a_process_that_dies_is_said_and_ends_all_the_others(two: tuple[Portal, Portal], words: str, name: str) -> None:
    second = two[1]
    own = second.processes()

    second.child(words).kill()

    assert second.wait_until_ended() == 1
    assert f"{name} ended by itself (exit code -9), so everything is stopped.\n" in second.said()
    assert alive(own) == []
    second.start()
    second.wait_until_up()


def test_a_killed_up_leaves_only_its_database_which_the_next_one_takes_over(
    two: tuple[Portal, Portal],
) -> None:
    second = two[1]
    database = psutil.Process(second.database_pid())
    others = [one for one in second.processes() if one.pid != database.pid and one.ppid() != database.pid]

    second.signal(signal.SIGKILL)

    assert alive(others) == []
    assert database.is_running()
    second.wait_until_ended()
    second.start()
    assert second.wait_until_up().database_pid() == database.pid
    assert second.stop() == 0
    assert alive([database]) == []
    second.start()
    second.wait_until_up()


def test_a_demo_loaded_only_in_part_is_thrown_away(two: tuple[Portal, Portal]) -> None:
    second = two[1]
    with connected(second.address("app", "sunlit_app")) as app:
        app.execute("insert into orgs_schoolyear (start_year) values (2002)")
    (second.data / "media" / "half").touch()
    assert second.stop() == 0
    (second.data / "demo-loading").touch()

    second.start()
    second.wait_until_up()

    assert second.said().startswith("The demo district was loaded only in part last time: starting it afresh.\n")
    assert list((second.data / "media").iterdir()) == []
    assert not (second.data / "demo-loading").exists()
    with connected(second.address("app", "sunlit_app")) as app:
        app.execute("select count(*) from orgs_schoolyear where start_year = 2002")
        assert app.fetchall() == [(0,)]


def mode(path: Path) -> str:
    """A path's permission bits."""
    return oct(stat.S_IMODE(path.stat().st_mode))
