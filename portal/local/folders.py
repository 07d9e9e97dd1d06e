"""The data folder of one installation on one machine, and who may look into its parts."""

import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import CannotStart

PRIVATE = 0o700
OTHERS_MAY_PASS = stat.S_IXOTH


class Folders:
    """Media, secrets, keys, the database and the broker each live in a folder of their own below `data`."""

    def __init__(self, data: Path) -> None:
        """Makes the data folder; as root others may pass through it, for the database server is another user."""
        self.data = data
        try:
            data.mkdir(parents=True, exist_ok=True)
            data.chmod(0o755 if is_root() else PRIVATE)
        except OSError as error:
            raise CannotStart(
                f"{data} cannot be used ({error.strerror}); choose another folder with DATA_DIR=."
            ) from error

    def private(self, name: str) -> Path:
        """A folder in it that nobody else may enter (mode 0700)."""
        folder = self.data / name
        folder.mkdir(exist_ok=True)
        folder.chmod(PRIVATE)
        return folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the folder to one running portal; a second is refused with the first one's process id."""
        with (self.data / "up.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise CannotStart(
                    f"The portal already runs in {self.data} (process {lock.read().strip()}): "
                    "stop it first, or choose another folder with DATA_DIR=."
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield


def is_root() -> bool:
    """Whether we run as root; the database server then runs as another user."""
    return os.geteuid() == 0


def private_parent(path: Path) -> Path | None:
    """The first folder above `path` that other users may not pass through."""
    for folder in reversed(path.parents):
        if folder.exists() and not folder.stat().st_mode & OTHERS_MAY_PASS:
            return folder
    return None


@contextmanager
def modes_kept(paths: Iterable[Path]) -> Iterator[None]:
    """Puts back the modes of all folders above `paths`: the database library opens them to everybody for reading."""
    modes = {
        folder: stat.S_IMODE(folder.stat().st_mode) for path in paths for folder in path.parents if folder.exists()
    }
    try:
        yield
    finally:
        for folder, mode in modes.items():
            if stat.S_IMODE(folder.stat().st_mode) != mode:
                folder.chmod(mode)
