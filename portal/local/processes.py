"""Child processes: each in a session of its own, watched, and ended by its own id only."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from .errors import CannotStart

SECONDS_TO_STOP = 15
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process started here."""

    name: str
    process: "subprocess.Popen[bytes]"
    asked: bool = False

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], env: Mapping[str, str] | None = None, *, files: Sequence[int] = ()
    ) -> "Child":
        """Starts it away from the terminal's Ctrl-C, with these open files; should we be killed, it is told to stop."""
        process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            list(command),
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=files,
            preexec_fn=_stop_with_parent,
        )
        return cls(name, process)

    def exit_code(self) -> int | None:
        """How it ended, or None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        """Lets it finish what it does (SIGTERM, once: a second one would make a Celery worker drop its work)."""
        if self.exit_code() is None and not self.asked:
            self.asked = True
            self.process.terminate()

    def stop(self) -> None:
        """Ends it, and whatever is left of its session: gently, and by force after 15 s."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS_TO_STOP)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def run(name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
    """Runs a command to its end; a failure is said in one sentence below the command's own words."""
    child = Child.start(name, command, env)
    try:
        code = child.process.wait()
    finally:
        child.stop()
    if code:
        raise CannotStart(f"`{name}` failed with exit code {code}; what it said stands above.")


def _stop_with_parent() -> None:
    """Asks the kernel to send SIGTERM when the parent dies, so that a killed `up` leaves nobody behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
