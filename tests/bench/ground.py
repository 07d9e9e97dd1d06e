"""Where the benchmark runs: its own server in a folder of its own, or a database of its own on a server it is given."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from portal.local.keys import seal_key, secret_key
from portal.local.postgres import Postgres
from portal.local.roles import connected, let_run, make_role

SETTINGS = {"max_wal_size": "4GB", "shared_buffers": "1GB"}


@contextmanager
def own_database() -> Iterator[str]:
    """A fresh database, gone afterwards; never one that was there before. Gives its address."""
    name = f"sunlit_bench_{os.getpid()}"
    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack:
        url = given or _server(stack)
        with connected(url) as cursor:
            cursor.execute(f"create database {name}")  # refused where one of this name exists
        stack.callback(_drop, url, name)
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _server(stack: ExitStack) -> str:
    folder = Path(tempfile.mkdtemp(prefix="sunlit-bench-"))
    folder.chmod(0o755)  # as root, the database server is another user who has to pass
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    server = Postgres(folder / "postgres", SETTINGS)
    stack.callback(server.stop)
    server.start()
    with connected(server.url("template1")) as cursor:
        make_role(cursor, "sunlit_app", "")
        let_run(cursor, owner="postgres", app="sunlit_app")
    return server.url("postgres")


def _drop(url: str, name: str) -> None:
    with connected(url) as cursor:
        cursor.execute(f"drop database if exists {name} with (force)")
        cursor.execute(f"drop database if exists {name}_tenth with (force)")


def prepare_environment(url: str, data: Path) -> None:
    """What a real installation would be told; before Django reads its settings."""
    for name in ("DEMO", "TESTING", "DEBUG", "MIGRATE_DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DATABASE_URL": url, "DATA_DIR": str(data), "SECRET_KEY": secret_key(), "SEAL_KEY": seal_key(),
        "BASE_URL": "http://localhost", "DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
