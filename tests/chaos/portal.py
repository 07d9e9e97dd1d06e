"""A whole portal on servers of its own, as `make run` brings it up, whose servers may be stopped and started again."""

import atexit
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from json import loads
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from environ import Env

from portal.local.broker import Redis
from portal.local.folders import Folders
from portal.local.keys import password
from portal.local.postgres import Postgres
from portal.local.up import Up, environment, listen
from portal.orgs.models import User
from tests.chaos.line import Line
from tests.portal.cases.test_pages import as_

TOKEN = "a" * 32  # the form's token and the cookie's: all the portal asks is that they agree
FAILED = 0  # stands for an answer that never came


class Answer(NamedTuple):
    """What came back."""

    status: int
    text: str = ""
    to: str = ""  # the address it sends the browser to


@dataclass
class Browser:
    """One person signed in, over real HTTP."""

    port: int
    session: str = ""
    connection: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, data: dict[str, Any]) -> Answer:
        return self._ask("POST", path, urlencode(data | {"csrfmiddlewaretoken": TOKEN}))

    def _ask(self, verb: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request(verb, path, body, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.read().decode(), answer.headers.get("Location", ""))
        except (OSError, HTTPException):
            self.connection.close()
            self.connection = None
            return Answer(FAILED)


@dataclass
class Portal:
    """Web, worker and beat, with a database that writes everything to the disk and a Redis of their own."""

    up: Up
    redis: Redis
    line: Line  # between them and Redis
    port: int

    @property
    def postgres(self) -> Postgres:
        assert self.up.database
        return self.up.database.server

    def browser(self, person: User) -> Browser:
        return Browser(self.port, as_(person).cookies["sessionid"].value)

    def health(self) -> tuple[int, dict[str, Any]]:
        answer = Browser(self.port).get("/healthz")
        return answer.status, loads(answer.text)

    def stop_database_at_once(self) -> None:
        """`pg_ctl stop -m immediate`: no good-bye, no checkpoint; what is not on the disk is gone."""
        connection.close()
        os.kill(int((self.postgres.folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        while self.postgres.is_running():
            time.sleep(0.01)

    def pause_redis(self) -> None:
        """It is there and says nothing."""
        assert self.redis.child
        os.kill(self.redis.child.process.pid, signal.SIGSTOP)

    def resume_redis(self) -> None:
        assert self.redis.child
        os.kill(self.redis.child.process.pid, signal.SIGCONT)

    def kill_redis(self) -> None:
        assert self.redis.child
        self.line.close()
        self.redis.child.process.kill()
        self.redis.child.process.wait()

    def restart_redis(self) -> None:
        self.redis.start()
        self.line.open()


@contextmanager
def running_portal() -> Iterator[Portal]:
    """Brought up in a folder of its own and gone afterwards; this process is connected to its database meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="sunlit-chaos-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database library's own farewell
    with ExitStack() as stack:
        folders = Folders(folder)
        redis = Redis(folders.private("redis"), password())
        stack.callback(redis.stop)
        redis.start()
        line = Line(redis.port)
        line.open()
        stack.callback(line.close)
        door = listen(0)
        assert door
        stack.enter_context(door)
        port = door.getsockname()[1]
        up = Up(
            folders, settings.BASE_DIR, print, told(port, folder, redis, line), settings.APP_DATABASE_ROLE, stack, door
        )
        up.start_servers()
        up.fill(commands={}, demo=False)
        stack.callback(up.stop)
        up.serve()
        assert up.database
        with connected_to(up.database.app_url):
            yield Portal(up, redis, line, port)


def told(port: int, folder: Path, redis: Redis, line: Line) -> dict[str, str]:
    """What its processes are told: this session's secret, so that people signed in here are signed in there.

    No key to seal with: the tests report what is late already, at times of yesterday, which a sealed day refuses.
    """
    ours = ("TESTING", "DATABASE_URL", "MIGRATE_DATABASE_URL", "CHANNELS")
    env = {name: value for name, value in environment(port, folder).items() if name not in ours}
    base = f"http://localhost:{port}"
    broker = redis.url.replace(f":{redis.port}/", f":{line.near}/")
    return env | {"REDIS_URL": broker, "SECRET_KEY": settings.SECRET_KEY, "BASE_URL": base, "SEAL_KEY": ""}


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """This process works in that database for a while."""
    before = connection.settings_dict.copy()
    change_database(Env.db_url_config(url) | {"ENGINE": before["ENGINE"]})
    try:
        yield
    finally:
        change_database(before)


def change_database(parts: dict[str, Any]) -> None:
    """The next question goes there; what Django remembers of the rows here is forgotten."""
    connection.close()
    connection.settings_dict.update(parts)
    ContentType.objects.clear_cache()
