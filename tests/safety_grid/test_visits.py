"""A stranger at a sticker reports a hazard: by no name, followed by receipt, seen by the safety office alone at first."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.cases.actions import filled, move
from portal.cases.actors import Receipt
from portal.cases.models import Words
from portal.cases.queries import find
from portal.cases.visiting import Slip
from portal.errors import NotThere, WrongStep
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.stickers.actions import welcome
from safety_grid.actions import visit
from safety_grid.flow import FLOW
from safety_grid.models import Hazard
from tests.conftest import jpeg
from tests.district import MONDAY, Cast, District
from tests.repairs.strangers import sticker_of
from tests.safety_grid.cast import Grid

CODE = "HHHH-HHHH-HHHH-HHHH"


def anonymous(place: District, cast: Cast) -> Hazard:
    """A stranger's report that waits to be vouched for."""
    by = Receipt.of(CODE)
    photo = take_in(SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg"), by=by)
    data = {"topic": "HZ-03", "words": "窗要掉了", "photos": [str(photo.pk)]}
    form = filled(FLOW, FLOW.visiting, case=None, by=by, data=data)  # type: ignore[arg-type]
    return Hazard.objects.get(pk=visit(form, by=by, sticker=sticker_of(place.room, cast.lin), receipt=CODE).pk)


@pytest.mark.usefixtures("monday")
def test_a_strangers_hazard_is_hidden_until_vouched_for(place: District, cast: Cast, grid: Grid) -> None:
    sticker = sticker_of(place.room, cast.lin)
    welcome(place.school, is_on=True, by=cast.ada)
    slip = Slip(CODE, MONDAY - timedelta(minutes=1)).signed()
    visitor, url = Client(), f"/safety_grid/visit/{sticker.code}/"
    assert visitor.post(url, {"slip": slip, "topic": "HZ-03", "words": "窗要掉了"}).status_code == 422
    sent = {"slip": slip, "topic": "HZ-03", "words": "窗要掉了"}
    sent |= {"photos": SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")}
    answer = visitor.post(url, sent)
    hazard = Hazard.objects.get()
    assert (answer.status_code, CODE in answer.content.decode()) == (200, True)
    assert (hazard.title, hazard.state, hazard.circle, hazard.opener) == (
        "203 教室 设施与教学设备",
        "unconfirmed",
        "visitors",
        None,
    )
    for who in (cast.hu, grid.song, cast.dora, cast.lin, grid.gao):
        with pytest.raises(NotThere):
            find(FLOW, hazard.number, by=who)
    assert visitor.get(f"/safety_grid/hazards/{hazard.number}/").status_code == 200
    move(hazard, "vouch", by=grid.an)
    assert find(FLOW, hazard.number, by=cast.hu).state == "reported"


@pytest.mark.usefixtures("monday")
def test_what_is_not_true_leaves_digests_alone(place: District, cast: Cast, grid: Grid) -> None:
    hazard = anonymous(place, cast)
    move(hazard, "dismiss", by=grid.an, data={"reason": "窗是好的"})
    assert (Hazard.objects.get().state, Piece.objects.count()) == ("dismissed", 0)
    assert list(Words.objects.values_list("text", flat=True)) == ["窗是好的"]
    with pytest.raises(WrongStep):
        move(hazard, "vouch", by=grid.an)
