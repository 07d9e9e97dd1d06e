"""A portal brought up as a newcomer does it, in a folder of its own, and what its processes are."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
SECONDS_TO_BE_UP = 300


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    """A folder the database server's own user may pass through, as pytest's are not."""
    folder = Path(tempfile.mkdtemp(prefix="sunlit-up-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@dataclass
class Portal:
    """`manage.py up --no-demo` in one data folder."""

    data: Path
    told: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo"],
            cwd=ROOT,
            env=clean_environment(DATA_DIR=str(self.data), **self.told),
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )

    @property
    def log(self) -> Path:
        return self.data.with_suffix(".log")

    def said(self) -> str:
        return self.log.read_text()

    def wait_until_up(self) -> "Portal":
        assert self.process
        for _ in range(SECONDS_TO_BE_UP * 10):
            if "Ctrl-C stops everything" in self.said():
                return self
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(f"not up within {SECONDS_TO_BE_UP} s: {self.said()}")

    def wait_until_ended(self) -> int:
        assert self.process
        return self.process.wait(SECONDS_TO_BE_UP)

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.wait_until_ended()

    @property
    def port(self) -> int:
        address = self.said().split("Sunlit is up: http://localhost:")[1]
        return int(address.split()[0])

    def answers(self) -> bool:
        return self.health()[1]["database"] == "ok"

    def health(self) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def database_pid(self) -> int:
        return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])

    def processes(self) -> list[psutil.Process]:
        """`up` itself, all it started, and the database server, which is nobody's child."""
        assert self.process
        own, database = psutil.Process(self.process.pid), psutil.Process(self.database_pid())
        return [own, *own.children(recursive=True), database, *database.children(recursive=True)]

    def child(self, words: str) -> psutil.Process:
        """The child whose command line has these words."""
        assert self.process
        children = psutil.Process(self.process.pid).children()
        [found] = [child for child in children if words in " ".join(child.cmdline())]
        return found

    def address(self, role: str, user: str) -> str:
        """The database as one of its users reaches it."""
        word = (self.data / "secrets" / f"database-{role}").read_text()
        database = "postgres" if user == "postgres" else "sunlit"
        return f"postgres://{user}:{word}@/{database}?host={self.data / 'postgres'}"


def clean_environment(**told: str) -> dict[str, str]:
    """What a newcomer's shell tells us: nothing of the test session."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | told


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run, once each has had the time a worker takes to finish what it does."""
    psutil.wait_procs(processes, timeout=60)
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of this machine that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]
