"""重新报修 within seven days stays on the same ticket and gains no time; low ratings are heard by the heads."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, Deadline, Escalation
from portal.cases.sweep import sweep
from portal.errors import NotAllowed, Refused, WrongStep
from portal.ledger.queries import intact
from portal.notices.models import Notice
from portal.orgs.models import User
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, later
from tests.portal.api.program import Program, step_of
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import to_finished

pytestmark = pytest.mark.usefixtures("monday")
AGAIN = {"reason": "又闪了"}


def closed(place: District, cast: Cast, at: datetime = MONDAY, **stars: int) -> Ticket:
    ticket = to_finished(place, cast)
    with clock.at(at):
        move(ticket, "confirm", by=cast.rita, data={"speed": 5, "quality": 5, "words": "唉"} | stars)
    return Ticket.objects.get(pk=ticket.pk)


def test_what_breaks_again_stays_on_the_same_ticket_and_counts_as_rework(place: District, cast: Cast) -> None:
    ticket = closed(place, cast)
    with clock.at(later(days=3)):
        move(ticket, "reopen", by=cast.rita, data=AGAIN)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.number, fresh.state, fresh.is_open, fresh.closed_at, fresh.turn, fresh.assignee) == (
        ticket.number, "assigned", True, None, "assignee", cast.will,
    )  # fmt: skip
    assert (fresh.rework, fresh.speed, fresh.quality) == (1, None, None)
    assert intact(fresh.address, fresh.chain_head).sound
    assert set(Notice.objects.filter(verb="reopen").values_list("to", flat=True)) == {cast.will.pk, cast.dora.pk}


def test_the_clock_takes_up_what_was_left_and_no_more(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)  # finished at once: all 24 hours were left
    with clock.at(later(hours=10)):
        move(ticket, "confirm", by=cast.rita, data={"speed": 5, "quality": 5})
    with clock.at(later(hours=50)):
        move(ticket, "reopen", by=cast.rita, data=AGAIN)
        assert Ticket.objects.get(pk=ticket.pk).due_at == later(hours=50 + 24)
        assert [one.done_at for one in Deadline.objects.filter(case=ticket, clock="resolve")] == [None]
    with clock.at(later(hours=60)):
        move(ticket, "arrive", by=cast.will)
        assert Ticket.objects.get(pk=ticket.pk).due_at == later(hours=74)


def test_what_was_late_is_late_again_at_once_and_rises_from_where_it_stood(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        ticket = to_finished(place, cast)
        move(ticket, "send_back", by=cast.rita, data={"reason": "没好"})
    with clock.at(later(hours=25)):
        sweep()
        told = Escalation.objects.filter(case=ticket).count()
        move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
        move(ticket, "confirm", by=cast.rita, data={"speed": 5, "quality": 5})
    with clock.at(later(hours=72)):
        move(ticket, "reopen", by=cast.rita, data=AGAIN)
        assert Case.objects.get(pk=ticket.pk).due_at == later(hours=24)
        sweep()
        assert Escalation.objects.filter(case=ticket).count() == told
    for hours, risen in ((74.9, 0), (75.1, 1)):  # an hour late when it was closed: three more to the next rung
        with clock.at(later(hours=hours)):
            sweep()
            assert Escalation.objects.filter(case=ticket).count() == told + risen


def test_later_than_seven_days_it_is_a_new_fault(place: District, cast: Cast) -> None:
    ticket = closed(place, cast)
    with clock.at(later(days=7)):
        assert "/reopen/" in as_(cast.rita).get(f"/repairs/tickets/{ticket.number}/").content.decode()
    with clock.at(later(days=7, minutes=1)):
        assert "/reopen/" not in as_(cast.rita).get(f"/repairs/tickets/{ticket.number}/").content.decode()
        with pytest.raises(Refused, match="超过 7 天"):
            move(ticket, "reopen", by=cast.rita, data=AGAIN)


def test_only_the_reporter_takes_up_what_was_repaired(place: District, cast: Cast) -> None:
    ticket = closed(place, cast)
    for who in (cast.dora, cast.will, cast.hu):
        with pytest.raises(NotAllowed):
            move(ticket, "reopen", by=who, data=AGAIN)
    answer = Program.of(cast.rita).post(step_of(ticket.number, "reopen"), AGAIN)
    assert (answer.status_code, answer.json()["state"]) == (200, "assigned")
    with pytest.raises(WrongStep):
        move(ticket, "reopen", by=cast.rita, data=AGAIN)


def test_where_the_technician_has_left_the_desk_finds_somebody(place: District, cast: Cast) -> None:
    ticket = closed(place, cast)
    User.objects.filter(pk=cast.will.pk).update(is_active=False)
    again = move(ticket, "reopen", by=cast.rita, data=AGAIN)
    assert (again.state, again.turn) == ("accepted", "dispatcher")
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.wang.pk})


@pytest.mark.parametrize(("speed", "quality", "told"), [(2, 5, {"lin", "hu"}), (4, 1, {"lin", "hu"}), (3, 3, set())])
def test_low_ratings_are_told_to_the_heads(
    place: District, cast: Cast, speed: int, quality: int, told: set[str]
) -> None:
    ticket = closed(place, cast, speed=speed, quality=quality)
    heard = Notice.objects.filter(verb="low_rating", about=ticket.address)
    assert set(heard.values_list("to__username", flat=True)) == told


def test_low_ratings_stand_on_the_home_page_of_the_heads_for_thirty_days(place: District, cast: Cast) -> None:
    ticket = closed(place, cast, speed=1)
    for who, shown in ((cast.lin, True), (cast.hu, True), (cast.dora, False), (cast.sam, False)):
        page = as_(who).get("/").content.decode()
        assert ("低分评价" in page and ticket.number in page) == shown
    with clock.at(MONDAY + timedelta(days=31)):
        assert "低分评价" not in as_(cast.lin).get("/").content.decode()
