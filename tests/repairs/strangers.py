"""A stranger's report, opened by the engine as the page does it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.cases.actions import filled
from portal.cases.actors import Receipt
from portal.evidence.actions import take_in
from portal.orgs.models import Unit, User
from portal.stickers.actions import make
from portal.stickers.models import Sticker
from repairs.actions import visit
from repairs.flow import FLOW
from repairs.models import Ticket
from tests.conftest import jpeg


def sticker_of(unit: Unit, keeper: User) -> Sticker:
    """The sticker of a place, made if it has none."""
    make(unit, by=keeper)
    return Sticker.objects.select_related("unit__school").get(unit=unit, about="", revoked_at=None)


def visited(sticker: Sticker, *, code: str = "WXYZ-WXYZ-WXYZ-WXYZ", words: str = "桌腿断了") -> Ticket:
    """A report that waits to be vouched for."""
    by = Receipt.of(code)
    photo = take_in(SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg"), by=by)
    said = {"topic": "RP-05", "words": words, "photos": [str(photo.pk)]}
    form = filled(FLOW, FLOW.visiting, case=None, by=by, data=said)
    return Ticket.objects.get(pk=visit(form, by=by, sticker=sticker, receipt=code).pk)
