"""A plain photo of a price tag, for the demo."""

from functools import cache
from io import BytesIO

from django.core.files.base import ContentFile

from portal.evidence.actions import take_in
from portal.hall.demo.brush import Sheet
from portal.orgs.models import User


def tag(by: User) -> str:
    """A white card on a green stall."""
    return str(take_in(ContentFile(_drawn(), name="photo.jpg"), by=by).pk)


@cache
def _drawn() -> bytes:
    sheet, held = Sheet("#c8e6c9", "#81c784"), BytesIO()
    sheet.box((70, 50, 180, 110), "#fafafa", round_=8)
    sheet.image.save(held, "JPEG", quality=80)
    return held.getvalue()
