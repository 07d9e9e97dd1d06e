"""A repair that is a hazard too, and a hazard that goes out for repair: told once, photos shown at both, linked both ways."""

import pytest

from portal.cases.actions import move
from portal.cases.flow import FLOWS
from portal.cases.models import CaseLink
from portal.cases.page import actions_for, face_of
from portal.cases.queries import find
from portal.errors import NotAllowed, Refused
from portal.evidence.models import Piece, Reference
from portal.evidence.proof import check
from portal.orgs.models import User
from repairs.flow import FLOW as TICKETS
from repairs.models import Ticket
from safety_grid.flow import FLOW
from safety_grid.models import Concern, Hazard
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.api.program import Program
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported as faulty
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import registered

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def ticket(place: District, cast: Cast, grid: Grid) -> Ticket:
    """A socket that smokes, with a photo."""
    return faulty(place, cast.rita, topic="RP-03", words="插座冒烟", photos=[str(photo_of(cast.rita).pk)])


def shown_to(who: User, piece: Piece) -> int:
    return as_(who).get(f"/evidence/{piece.pk}").status_code


def test_a_ticket_of_a_safety_kind_becomes_a_hazard_by_its_page(ticket: Ticket, cast: Cast, grid: Grid) -> None:
    browser, url = as_(cast.dora), f"/repairs/tickets/{ticket.number}/also_hazard/"
    page = browser.get(url)
    form = page.context["form"]
    assert {name: form[name].value() for name in ("unit", "words", "photos")} == {
        "unit": ticket.unit_id, "words": "插座冒烟", "photos": None,
    }  # fmt: skip
    assert len(page.context["carried"]) == 1 and "HZ-16" not in page.content.decode()
    sent = {"unit": ticket.unit_id, "topic": "HZ-04", "words": "插座冒烟", "key": "once", "version": ticket.version}
    assert browser.post(url, sent).status_code == 302
    hazard = Hazard.objects.get()
    photo = Piece.objects.get()
    assert (hazard.title, hazard.opener, hazard.unit) == ("203 教室 插座冒烟", cast.dora, ticket.unit)
    assert list(Reference.objects.values_list("piece", "address")) == [(photo.pk, hazard.address)]
    assert list(CaseLink.objects.values_list("source", "target", "kind")) == [(hazard.pk, ticket.pk, "hazard")]
    assert [
        len(face_of(find(FLOW, hazard.number, by=who, shown=True), by=who).photos) for who in (grid.an, cast.hu)
    ] == [1, 1]
    for flow, number, other in ((FLOW, hazard.number, ticket.number), (TICKETS, ticket.number, hazard.number)):
        face = face_of(find(flow, number, by=cast.hu, shown=True), by=cast.hu)
        assert [row.number for row in face.links] == [other]
    assert [row.number for row in face_of(find(FLOW, hazard.number, by=grid.an, shown=True), by=grid.an).links] == []
    assert (shown_to(grid.an, photo), shown_to(cast.rita, photo), shown_to(cast.tess, photo)) == (200, 200, 404)
    assert check().flaw is None


def test_it_is_told_once_and_only_of_kinds_marked_as_safety(
    ticket: Ticket, place: District, cast: Cast, grid: Grid
) -> None:
    said = {"unit": ticket.unit_id, "topic": "HZ-04", "words": "插座冒烟"}
    move(ticket, "also_hazard", by=cast.dora, data=said)
    with pytest.raises(Refused) as refused:
        move(ticket, "also_hazard", by=cast.dora, data=said)
    assert "YH-LX01-2026-00001" in refused.value.sentence
    with pytest.raises(NotAllowed):
        move(ticket, "also_hazard", by=cast.rita, data=said)
    chair = faulty(place, cast.rita, topic="RP-05", words="桌腿断了")
    private = faulty(place, cast.rita, topic="RP-03", words="床边插座冒烟", discreet="on")
    for other in (chair, private):
        assert "also_hazard" not in [one.name for one in actions_for(other, by=cast.dora)]
        with pytest.raises(Refused):
            move(other, "also_hazard", by=cast.dora, data=said | {"photos": [str(photo_of(cast.dora).pk)]})
    assert Concern.objects.count() == 0 and Hazard.objects.count() == 1


def test_a_hazard_goes_out_for_repair_with_its_photos(place: District, cast: Cast, grid: Grid) -> None:
    hazard = registered(place, grid, cast.rita)
    said = {"unit": hazard.unit_id, "topic": "RP-04", "words": "窗扇松动"}
    move(hazard, "to_repair", by=grid.gao, data=said)
    ticket = Ticket.objects.get()
    assert (ticket.title, ticket.opener, ticket.state) == ("203 教室 窗扇松动", grid.gao, "reported")
    assert list(Reference.objects.values_list("address", flat=True)) == [ticket.address]
    assert shown_to(cast.dora, Piece.objects.get(address=hazard.address)) == 200
    with pytest.raises(Refused):
        move(hazard, "to_repair", by=grid.an, data=said)
    assert find(FLOW, hazard.number, by=grid.gao).state == "registered"
    assert check().flaw is None


def test_programs_carry_the_photos_too(ticket: Ticket, cast: Cast, grid: Grid) -> None:
    program = Program.of(cast.dora)
    url = f"/api/v1/repairs/tickets/{ticket.number}/steps/also_hazard"
    answer = program.post(url, {"unit": ticket.unit_id, "topic": "HZ-04"})
    assert answer.status_code == 200
    assert Reference.objects.filter(address=Hazard.objects.get().address).count() == 1


def test_the_step_is_hidden_while_the_other_affair_is_not_installed(
    ticket: Ticket, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "also_hazard" in [one.name for one in actions_for(ticket, by=cast.dora)]
    monkeypatch.delitem(FLOWS, "safety_grid.hazard")
    assert "also_hazard" not in [one.name for one in actions_for(ticket, by=cast.dora)]
    assert as_(cast.dora).get(f"/repairs/tickets/{ticket.number}/also_hazard/").status_code == 409
