"""Two databases measured side by side: a tenth of the history, and all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction

from portal.cases.actions import move
from portal.cases.models import Case
from portal.orgs.models import Post, User

from . import figures, sweeps
from .history import History
from .limit import Limit
from .scenarios import Bench, Scenario

LONG = 200  # things said in the case with a long history


@dataclass
class Side:
    """One database with the portal and the limit upon it; only an entered one is asked."""

    connection: Any
    cases: int
    bench: Bench
    reading: list[Scenario]
    writing: list[Scenario]
    idle: list[Scenario]

    @classmethod
    def of(cls, name: str, history: History, *, times: int) -> "Side":
        """Makes ready what each scenario works on, for so many measurements."""
        own = connections.create_connection("default")
        own.settings_dict = own.settings_dict | {"NAME": name}
        with _as_default(own):
            limit = Limit(**_address(connection.get_connection_params()))
            bench = Bench(get_wsgi_application(), limit, history)
            return cls(own, history.cases, bench, *_scenarios(bench, times))

    @contextmanager
    def entered(self) -> Iterator["Side"]:
        """Its database is the portal's."""
        with _as_default(self.connection):
            yield self

    def close(self) -> None:
        """Gives the connections back."""
        self.bench.limit.close()
        self.connection.close()


@contextmanager
def _as_default(own: Any) -> Iterator[None]:
    before = connections["default"]
    connections["default"] = own
    try:
        yield
    finally:
        connections["default"] = before


def _address(params: dict[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in ("dbname", "user", "password", "host", "port", "options") if name in params}


def _scenarios(bench: Bench, times: int) -> tuple[list[Scenario], list[Scenario], list[Scenario]]:
    school = bench.history.district.large
    usual, long = bench.history.more_open(school, "reported", 2)
    lead(usual, words=1)
    lead(long, words=LONG)
    work = bench.history.more_open(school, "reported", 2 * times)
    figures.rolled_up()
    reading = [
        *bench.lists(),
        *bench.searches(),
        *bench.case_pages(usual, long),
        *figures.county(bench.limit),
        *figures.pages(bench, figures.TICKETS, figures.people(bench)),
    ]
    return reading, [bench.accepting(work), bench.reporting()], [sweeps.idle(bench.limit)]


@transaction.atomic
def lead(number: str, *, words: int) -> None:
    """A case from the desk to the technician at work, with so many words said on the way."""
    case = Case.objects.select_related("unit").get(number=number)
    desk, worker = (_holder(case, role) for role in ("dispatcher", "technician"))
    move(case, "accept", by=desk, data={"reply": "已收到，马上安排。"})
    move(case, "assign", by=desk, data={"assignee": worker.pk})
    move(case, "arrive", by=worker, data={})
    for nth in range(words):
        move(case, "comment", by=worker, data={"words": f"第 {nth + 1} 次到场，还差一个零件。"})


def _holder(case: Case, role: str) -> User:
    posts = Post.objects.filter(permission__codename=role, content_object=case.unit.school_id)
    return posts.order_by("pk").select_related("user")[0].user
