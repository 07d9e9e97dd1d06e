"""A browser that sends the same form with the same photo again (a lost answer, a reload) gets the first answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.evidence.models import Piece
from repairs.models import Ticket
from tests.conftest import jpeg
from tests.district import Cast, District

pytestmark = pytest.mark.usefixtures("monday")


def test_the_same_form_with_the_same_photo_opens_one_case(place: District, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.rita)

    def send(colour: str) -> tuple[int, str]:
        photo = SimpleUploadedFile("a.jpg", jpeg(colour), "image/jpeg")
        said = {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮", "key": "once-1", "photos": photo}
        answer = client.post("/repairs/report/", said)
        return answer.status_code, answer.headers.get("Location", "")

    first = send("teal")
    assert first[0] == 302
    assert send("teal") == first
    assert send("red") == (422, "")  # the same key for something else
    assert (Ticket.objects.count(), Piece.objects.exclude(address="").count()) == (1, 1)
