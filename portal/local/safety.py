"""What a process must have before it serves people; without it, it refuses to start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

REAL = "This is a real installation's database: neither DEMO=1 nor TESTING=1 may touch it."


def unsafe() -> list[str]:
    """Every reason why this process may not serve people."""
    real = not (settings.DEMO or settings.TESTING)
    found = []
    if not settings.HAS_SECRET_KEY and not settings.TESTING:
        found.append("SECRET_KEY is not set: sessions and links could be forged.")
    if real and not settings.SEAL_KEY:
        found.append("SEAL_KEY is not set: the ledger's daily seal could not be signed.")
    if real and settings.DEBUG:
        found.append("DEBUG is on: error pages would show people's data.")
    if not real:
        found += _touches_real_people()
    return found


def refuse_unsafe_start(refusal: type[BaseException] = ImproperlyConfigured) -> None:
    """Stops a process that may not serve people, naming every reason."""
    reasons = unsafe()
    connection.close()  # a worker's children must not inherit it
    if reasons:
        raise refusal("Sunlit refuses to start. " + " ".join(reasons))


def _touches_real_people() -> list[str]:
    try:
        return [REAL] if database_kind() == "real" else []
    except OperationalError:
        return ["The database does not answer, so nobody knows whether it is a demo."]


def database_kind() -> str:
    """`demo` or `real` as written at the first migrate; empty before it."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('orgs_installation') is not null")
        if not cursor.fetchone()[0]:
            return ""
        cursor.execute("select kind from orgs_installation order by id limit 1")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


@register(Tags.database)
def a_demo_is_not_real(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Keeps demo mode and tests from migrating a real installation's database."""
    if not databases or not (settings.DEMO or settings.TESTING):
        return []
    return [Error(REAL, id="local.E001")] if database_kind() == "real" else []
