"""Bringing the portal up on one machine: servers, tables, the demo district, then web, worker and beat."""

import errno
import http.client
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from environ import Env

from .broker import Redis, redis_server
from .database import Database, drop, prepare
from .errors import CannotStart
from .folders import Folders
from .keys import kept, password, seal_key, secret_key
from .postgres import Postgres
from .processes import Child, run

FIRST_PORT = 8000
PORTS_TRIED = 50
FIRST_FILE = "/static/sunlit.css"  # asks nothing of the database or the clock, which may not have struck yet
WAITING = 2048  # gunicorn's own backlog
SECONDS_TO_ANSWER = 120
WEB_PROCESSES, WEB_THREADS, WORKERS = 2, 4, 2


@dataclass
class Up:
    """One running portal: what was started, in order, and the environment its processes share."""

    folders: Folders
    root: Path
    say: Callable[[str], None]
    env: dict[str, str]
    app_role: str
    stack: ExitStack
    door: socket.socket
    database: Database | None = None
    children: list[Child] = field(default_factory=list)

    def start_servers(self) -> None:
        """PostgreSQL and Redis, each unless its address is given."""
        for name in ("media", "static"):
            self.folders.private(name)
        self.env.setdefault("SECRET_KEY", kept(self.folders.private("secrets") / "secret-key", secret_key))
        self.env.setdefault("SEAL_KEY", kept(self.folders.private("keys") / "seal-key", seal_key))
        if not self.env.get("REDIS_URL"):
            redis_server()  # refused before anything else is started
        if not self.env.get("DATABASE_URL"):
            server = Postgres(self.folders.data / "postgres")
            self.stack.callback(server.stop)
            server.start()
            self.database = prepare(server, self.folders, app=self.app_role)
            if self._loading().exists():
                self._start_afresh(server)
            self.env |= {"DATABASE_URL": self.database.app_url, "MIGRATE_DATABASE_URL": self.database.owner_url}
            self.env.setdefault("DEMO", "1")
        if not self.env.get("REDIS_URL"):
            broker = Redis(self.folders.private("redis"), kept(self.folders.private("secrets") / "redis", password))
            self.stack.callback(broker.stop)
            broker.start()
            self.env["REDIS_URL"] = broker.url
            if broker.child:
                self.children.append(broker.child)

    def fill(self, *, commands: Mapping[str, str], demo: bool) -> None:
        """Migrates, collects changed static files, and loads the demo district into an empty embedded database."""
        self.manage("migrate", "--verbosity=0")
        if not static_is_current(self.folders.data / "static" / "staticfiles.json"):
            self.manage("collectstatic", "--noinput", "--verbosity=0")
        if demo and is_demo(self.env) and self.database and "demo" in commands and self.database.is_empty():
            self.say(
                f"Loading the demo district (a minute or two); {self.env['BASE_URL']} opens by itself when it stands ..."
            )
            self._loading().touch()
            self.manage("demo")
            self._loading().unlink()

    def serve(self) -> None:
        """Web, worker and beat; returns when the web answers."""
        door = self.door.fileno()
        web = ["-m", "gunicorn", "portal.wsgi", f"--bind=fd://{door}", f"--workers={WEB_PROCESSES}"]
        celery = ["-W", "ignore:You're running the worker", "-m", "celery", "--app=portal", "--quiet"]  # as root, too
        schedule = self.folders.private("beat") / "schedule"
        self.start("web", *web, f"--threads={WEB_THREADS}", "--log-level=warning", "--no-control-socket", files=[door])
        self.start("worker", *celery, "worker", f"--concurrency={WORKERS}", "--without-gossip", "--without-mingle")
        self.start("beat", *celery, "beat", f"--schedule={schedule}", "--pidfile=")
        for _ in range(SECONDS_TO_ANSWER * 5):
            self.demand_all_alive()
            if self._web_answers():
                return
            time.sleep(0.2)
        raise CannotStart(f"The web process did not answer within {SECONDS_TO_ANSWER} seconds.")

    def watch(self) -> None:
        """Stays until a process ends by itself, which is said and ends everything: nothing is restarted silently."""
        while True:
            self.demand_all_alive()
            time.sleep(0.5)

    def demand_all_alive(self) -> None:
        """Refuses to go on when a child, or the database, has ended."""
        if self.database and not self.database.server.is_running():
            raise CannotStart("The database server ended by itself, so everything is stopped.")
        for child in self.children:
            code = child.exit_code()
            if code is not None:
                raise CannotStart(f"{child.name} ended by itself (exit code {code}), so everything is stopped.")

    def start(self, name: str, *arguments: str, files: Sequence[int] = ()) -> None:
        """A long-running program of our own Python."""
        self.children.append(Child.start(name, [sys.executable, *arguments], self.env, files=files))

    def manage(self, name: str, *arguments: str) -> None:
        """One management command, to its end."""
        run(name, [sys.executable, str(self.root / "manage.py"), name, *arguments], self.env)

    def stop(self) -> None:
        """Asks web, worker and beat to finish, all at once, then waits for each."""
        for child in self.children:
            if child.name != "redis":
                child.ask_to_stop()
        for child in self.children:
            if child.name != "redis":
                child.stop()

    def _start_afresh(self, server: Postgres) -> None:
        """Throws away a demo that was loaded only in part, with its files."""
        self.say("The demo district was loaded only in part last time: starting it afresh.")
        if self.database:
            drop(self.database)
        shutil.rmtree(self.folders.private("media"))
        self.folders.private("media")
        self.database = prepare(server, self.folders, app=self.app_role)
        self._loading().unlink()

    def _loading(self) -> Path:
        return self.folders.data / "demo-loading"

    def _web_answers(self) -> bool:
        try:
            host, port = self.door.getsockname()
            connection = http.client.HTTPConnection(host, port, timeout=5)
            connection.request("GET", FIRST_FILE)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        return True


def open_door(wanted: str | None) -> socket.socket:
    """Listens on the port asked for, or else on the first free one from 8000 on: from now on it is ours.

    Refused when the one asked for is taken. People who knock early are told (`early.answering`), or wait for the web process.
    """
    if wanted is None:
        doors = (listen(port) for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED))
        door = next((door for door in doors if door), None)
    elif wanted.isdigit() and 0 < int(wanted) < 65536:
        door = listen(int(wanted))
    else:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    if door is None:
        taken = f"Port {wanted} is" if wanted else f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are"
        raise CannotStart(f"{taken} taken by other programs: stop one, or choose another port with PORT=.")
    return door


def listen(port: int) -> socket.socket | None:
    """A listening socket on this machine only, or None where somebody else listens."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        door.listen(WAITING)
    except OSError as error:
        door.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise CannotStart(f"Port {port} cannot be used ({error.strerror}); choose another with PORT=.") from error
    return door


def static_is_current(manifest: Path) -> bool:
    """Whether no static file has changed since they were collected: collecting takes seconds, asking does not."""
    if not manifest.exists():
        return False
    collected = manifest.stat().st_mtime
    found = (Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([]))
    return all(file.stat().st_mtime <= collected for file in found)


def is_demo(env: Mapping[str, str]) -> bool:
    """Whether processes told this run in demo mode."""
    return env.get("DEMO", "").lower() in Env.BOOLEAN_TRUE_STRINGS


def environment(port: int, data: Path) -> dict[str, str]:
    """What every process of this portal is told, besides what we were told; an empty variable says nothing."""
    env = {name: value for name, value in os.environ.items() if value}
    env |= {"DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
    env.setdefault("BASE_URL", f"http://localhost:{port}")
    return env
