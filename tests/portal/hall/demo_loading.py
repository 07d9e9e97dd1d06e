"""Loading the demo in a transaction that is undone, and looking at it as a visitor."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from portal import clock


def loaded_at(moment: datetime, blocker: Any, *, weeks: int, schools: int) -> Iterator[None]:
    """The demo in a transaction of its own, gone afterwards; the clock stands at `moment`."""
    with blocker.unblock(), clock.at(moment):
        whole = transaction.atomic()
        whole._from_testcase = True
        with whole:
            call_command("demo", weeks=weeks, schools=schools, verbosity=0)
            yield
            transaction.set_rollback(True)


def home_of(username: str) -> dict[str, Any]:
    """Signs in as the sign-in page does, and opens home."""
    client = Client()
    client.get("/sign-in/")
    answer = client.post("/sign-in/", {"username": username, "password": settings.DEMO_PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/"), username
    page = client.get("/")
    assert page.status_code == 200
    return {name: page.context[name] for name in ("waiting", "mine", "risen", "stats", "to_read")}
