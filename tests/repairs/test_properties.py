"""No sequence of steps by any cast leaves the law of a repair: states, turns, chains and clocks hold after every move."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest

from portal import clock
from portal.cases.actions import move
from portal.ledger.models import Event
from portal.ledger.queries import chain_of
from repairs.flow import FLOW
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, build_district, cast_of
from tests.lives import SILENCE, CaseLife, Start, live, stood_in
from tests.repairs.strangers import sticker_of, visited
from tests.repairs.test_loop import reported

SAID: dict[str, Any] = {
    "reply": "好", "reason": "有原因", "note": "说明", "words": "一句话", "done": "换了零件", "speed": 3, "quality": 4,
    "asked_hours": "6", "topic": "RP-05", "priority": 2, "category": "water",
    "lines": [{"item": "角阀", "quantity": "2", "measure": "个", "price": "12.50"}],
}  # fmt: skip
WAY = [("accept", "dora"), ("assign", "dora"), ("arrive", "will"), ("finish", "will"), ("confirm", "rita")]
# Where a life begins: anywhere on the usual way, at each of the ends beside it, after long silence, with a stranger.
STARTS: list[Start] = [*(WAY[:length] for length in range(len(WAY) + 1)), [*WAY[:4], SILENCE]]
STARTS += [[*WAY[:3], ("request_materials", "will")], [("withdraw", "rita")], [("reject", "dora")], [("merge", "dora")]]
STRANGERS: list[Start] = [[("comment", "sam")], [("dismiss", "dora")], [("vouch", "dora")]]


class TicketLife(CaseLife):
    """One ticket."""

    flow, starts, silence = FLOW, [*STARTS, *STRANGERS], 200
    people: ClassVar = ["rita", "dora", "will", "wang", "lin", "vera", "hu", "ouyang", "sam", "ada"]
    plays: ClassVar = {
        "opener": "rita", "dispatcher": "dora", "assignee": "will", "logistics_head": "lin", "governor": "hu", "told": "lin",
    }  # fmt: skip
    cast: ClassVar[Cast]

    def begun(self, start: Start) -> Ticket:
        self.other = reported(self.place, self.cast.vera)
        if start in STRANGERS:
            return visited(sticker_of(self.place.room, self.cast.lin))
        return reported(self.place, self.cast.rita)

    def person(self, name: str) -> Any:
        return getattr(self.cast, name)

    def said(self, name: str, person: Any) -> dict[str, Any]:
        hand = self.cast.wang if name == "hand_over" else self.cast.will
        data = SAID | {"assignee": hand.pk, "unit": self.place.other_room.pk, "helper": self.cast.wang.pk}
        data |= {"into": self.other.number, "visit_at": (self.at + timedelta(hours=3)).isoformat()}
        if name in ("finish", "enter_sheet"):
            data |= {"after": [photo_of(person).pk], "sheet": [photo_of(person).pk]}
        return data


@pytest.fixture
def lives(db: None) -> type[TicketLife]:
    with clock.at(MONDAY):
        TicketLife.place = build_district()
        TicketLife.cast = cast_of(TicketLife.place)
    return TicketLife


def test_no_sequence_of_steps_leaves_the_law(lives: type[TicketLife]) -> None:
    live(lives, examples=50, steps=15)


def test_every_state_is_stood_in_by_somebody(lives: type[TicketLife]) -> None:
    assert stood_in(lives) | {"unconfirmed"} == set(FLOW.tokens)  # strangers wait only before they begin


@pytest.mark.django_db
def test_a_whole_life_is_in_the_chain_in_order() -> None:
    with clock.at(MONDAY):
        place = build_district()
        cast = cast_of(place)
        ticket = reported(place, cast.rita)
    moments: list[datetime] = []
    for hours, name, who, data in (
        (1, "accept", cast.dora, {"reply": "好"}),
        (2, "assign", cast.dora, {"assignee": cast.will.pk}),
        (3, "arrive", cast.will, {}),
        (4, "ask_time", cast.will, {"asked_hours": "6", "reason": "等件"}),
        (5, "refuse_time", cast.lin, {"reason": "库里有"}),
    ):
        with clock.at(MONDAY + timedelta(hours=hours)):
            move(ticket, name, by=who, data=data)
            moments.append(clock.now())
    rows = list(chain_of(ticket.address).values_list("verb", "at"))
    assert rows == [
        ("report", MONDAY),
        *zip(["accept", "assign", "arrive", "ask_time", "refuse_time"], moments, strict=True),
    ]
    assert Event.objects.filter(address=ticket.address).count() == 6
