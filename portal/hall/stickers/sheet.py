"""One sheet of stickers: each with its QR code as drawn lines, ready for A4 paper of 3 by 8."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.stickers.models import Sticker
from portal.stickers.queries import named

PER_PAGE = 24
PAGES = 10  # in one go


@dataclass(frozen=True)
class Label:
    """One sticker on paper."""

    school: str
    title: str
    place: str
    code: str
    drawn: SafeString


def sheets(stickers: Iterable[Sticker]) -> list[list[Label]]:
    """The labels by page of 24; the last page may have fewer."""
    rows = list(stickers)
    names = named(rows)
    labels = [_label(one, names.get(one.about, "")) for one in rows]
    return [labels[at : at + PER_PAGE] for at in range(0, len(labels), PER_PAGE)]


def address(sticker: Sticker) -> str:
    """What the QR code says."""
    return f"{settings.BASE_URL.rstrip('/')}{reverse('stickers:scan', args=[sticker.code])}"


def _label(sticker: Sticker, name: str) -> Label:
    unit = sticker.unit
    above = unit.label.removesuffix(unit.name).strip()
    title, place = (name, unit.place) if name else (unit.name, above)
    return Label(str(unit.school), title, place, sticker.spelled, drawn(address(sticker)))


def drawn(text: str) -> SafeString:
    """The code as SVG of our own drawing: it holds nothing anybody typed."""
    held = BytesIO()
    segno.make(text, error="m", micro=False).save(
        held, kind="svg", border=0, xmldecl=False, svgns=False, svgclass="qr", lineclass=None, omitsize=True
    )
    return SafeString(held.getvalue().decode())
