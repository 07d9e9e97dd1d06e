"""Repairs stand for any affair here: an accepted ticket is registered, a closed one closed out."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.cases.actions import move
from portal.orgs.models import User
from portal.outbound.actions import set_up, switch
from portal.outbound.matters import MATTERS, Matter, Moment, report
from portal.outbound.models import System
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.repairs.test_loop import reported

from .receiver import SECRET, Receiver, receiver

KIND = "repairs.ticket"


TICKETS = Matter(
    kind=KIND,
    title="报修单",
    sorts={"RP-03": "照明", "RP-01": "给排水"},
    sort_of=lambda case: case.topic,
    moments=(Moment("registered", "登记", ("accepted",)), Moment("closed_out", "办结", ("closed",))),
    owing=("accepted", "assigned", "working"),
    content=lambda case: {"title": case.title},
    columns={"title": "标题"},
)


@pytest.fixture(autouse=True)
def matter() -> Iterator[Matter]:
    """Tickets are reported when accepted and when closed."""
    yield report(TICKETS)
    del MATTERS[KIND]


@pytest.fixture
def other() -> Iterator[Receiver]:
    """The other authority's system."""
    with receiver() as running:
        yield running


@pytest.fixture
def system(place: District, cast: Cast, other: Receiver, settings: Any) -> System:
    """The receiver as a system of the whole bureau, on, taking both sorts and both moments."""
    settings.OUTBOUND_ORIGINS = [other.origin]
    settings.OUTBOUND_SECRETS = {"yingji": SECRET}
    return on(place, cast.ada, connector="signed_json", endpoint=other.url)


def on(place: District, by: User, **more: Any) -> System:
    """A system that is on."""
    columns = {
        "unit": place.bureau, "kind": KIND, "code": "yingji", "name": "应急管理系统", "sorts": ["RP-03"],
        "moments": ["registered", "closed_out"], "endpoint": "",
    } | more  # fmt: skip
    made = switch(set_up(by=by, **columns), on=True, by=by)
    System.objects.update(catching_up=None)
    return made


def accepted(place: District, cast: Cast, **data: object) -> Ticket:
    """A ticket of which the first report is due."""
    ticket = reported(place, cast.rita, **data)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    return Ticket.objects.get(pk=ticket.pk)


def closed(ticket: Ticket, cast: Cast) -> None:
    """To the end."""
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    move(ticket, "confirm", by=cast.rita, data={"speed": 5, "quality": 4})
