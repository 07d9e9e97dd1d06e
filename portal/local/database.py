"""The embedded database: its server, its two roles, and the addresses to reach it as either."""

from dataclasses import dataclass

import psycopg2

from .errors import CannotStart
from .folders import Folders
from .keys import kept, password
from .postgres import SUPERUSER, Postgres
from .roles import connected, let_run, make_database, make_role

OWNER = "sunlit_owner"
NAME = "sunlit"


@dataclass(frozen=True)
class Database:
    """The embedded database as its owner (who migrates) and as the app (which runs) reach it."""

    server: Postgres
    superuser_url: str
    owner_url: str
    app_url: str

    def is_empty(self) -> bool:
        """Whether no unit stands in it yet: nobody has set it up and no demo was loaded."""
        with connected(self.owner_url) as cursor:
            cursor.execute("select exists(select from orgs_unit)")
            return not cursor.fetchone()[0]


def prepare(server: Postgres, folders: Folders, *, app: str) -> Database:
    """Makes the roles and the database the first time; from then on nobody gets in without a password."""
    secrets = folders.private("secrets")
    words = {role: kept(secrets / f"database-{role}", password) for role in ("superuser", "owner", "app")}
    database = Database(
        server=server,
        superuser_url=server.url(SUPERUSER, password=words["superuser"]),
        owner_url=server.url(NAME, user=OWNER, password=words["owner"]),
        app_url=server.url(NAME, user=app, password=words["app"]),
    )
    try:
        with connected(database.superuser_url) as cursor:
            cursor.execute(f"ALTER ROLE {SUPERUSER} PASSWORD %s", [words["superuser"]])
            make_role(cursor, OWNER, words["owner"])
            make_role(cursor, app, words["app"])
            make_database(cursor, NAME, OWNER)
            server.demand_passwords()
            cursor.execute("select pg_reload_conf()")
    except psycopg2.OperationalError as error:
        raise CannotStart(
            f"The database in {server.folder} does not know the passwords in {secrets}: put the two that belong "
            "together back in place, or choose an empty folder with DATA_DIR=."
        ) from error
    with connected(server.url(NAME, password=words["superuser"])) as cursor:
        let_run(cursor, owner=OWNER, app=app)
    return database


def drop(database: Database) -> None:
    """Throws the embedded database away, after a demo that was loaded only in part."""
    with connected(database.superuser_url) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
