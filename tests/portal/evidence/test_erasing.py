"""What is erased where it came from and is shown elsewhere too stays there as that place's own; what was shown here goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cases.actions import move
from portal.cases.models import Case
from portal.cases.page import face_of
from portal.cases.queries import find
from portal.evidence.covering import cover
from portal.evidence.models import Piece, Reference
from portal.evidence.proof import check
from portal.ledger.models import Event
from repairs.flow import FLOW as TICKETS
from repairs.models import Ticket
from safety_grid.flow import FLOW
from safety_grid.models import Hazard
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported
from tests.safety_grid.cast import Grid, grid_of

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def grid(place: District) -> Grid:
    return grid_of(place)


@pytest.fixture
def both(place: District, cast: Cast, grid: Grid) -> Iterator[tuple[Ticket, Hazard]]:
    """A ticket with two photos, one of them covered since, that became a hazard too; as if nobody had vouched for either yet."""
    photos = [str(photo_of(cast.rita, colour).pk) for colour in ("teal", "orange")]
    ticket = reported(place, cast.rita, topic="RP-03", words="插座冒烟", photos=photos)
    cover(Piece.objects.first().pk, [0], by=cast.rita)  # type: ignore[union-attr]
    move(ticket, "also_hazard", by=cast.dora, data={"unit": ticket.unit_id, "topic": "HZ-04", "words": "插座冒烟"})
    Case.objects.update(state="unconfirmed")
    yield Ticket.objects.get(), Hazard.objects.get()
    assert check().flaw is None, "the ledger accounts for every photo, here and there"


def test_what_was_a_ticket_s_is_the_hazard_s_alone_when_the_ticket_is_erased(
    both: tuple[Ticket, Hazard], cast: Cast, grid: Grid
) -> None:
    ticket, hazard = both
    digests = sorted(Piece.objects.values_list("sha256", flat=True))
    move(ticket, "dismiss", by=cast.dora, data={"reason": "看错了"})
    assert sorted(Event.objects.get(address=ticket.address, verb="dismiss").facts["erased"]) == digests
    assert [*Piece.objects.values_list("address", flat=True)] == [hazard.address] * 2
    assert not Reference.objects.exists()
    face = face_of(find(FLOW, hazard.number, by=grid.an, shown=True), by=grid.an)
    assert sorted(one.covered for one in face.photos) == [0, 1]
    piece = Piece.objects.earliest("uploaded_at")
    assert [as_(who).get(f"/evidence/{piece.pk}").status_code for who in (grid.an, cast.rita)] == [200, 404]
    move(hazard, "dismiss", by=grid.an, data={"reason": "看错了"})
    assert not Piece.objects.exists()


def test_what_was_only_shown_here_stays_where_it_came_from(
    both: tuple[Ticket, Hazard], cast: Cast, grid: Grid, media: Path
) -> None:
    ticket, hazard = both
    move(hazard, "dismiss", by=grid.an, data={"reason": "不算隐患"})
    assert ([*Piece.objects.values_list("address", flat=True)], Reference.objects.count()) == ([ticket.address] * 2, 0)
    face = face_of(find(TICKETS, ticket.number, by=cast.hu, shown=True), by=cast.hu)
    assert len(face.photos) == 2
