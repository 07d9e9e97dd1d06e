"""`manage.py icons` draws the portal's sun as the pictures phones put on their home screens."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw

FOLDER = Path(settings.BASE_DIR) / "static" / "icons"
# File -> (pixels, share of the square the drawing takes, rounded corners). Phones cut the maskable one to a circle, so
# its drawing keeps to the middle; Apple rounds the corners itself.
PICTURES = {
    "192.png": (192, 1.0, True),
    "512.png": (512, 1.0, True),
    "maskable.png": (512, 0.72, False),
    "180.png": (180, 0.9, False),
}
BRAND, SUN, GROUND = "#0b5d5e", "#f2b63f", "#ffffff"
FINE = 4  # drawn so many times larger, then made smaller: smooth edges
UNIT = 32  # the drawing is that of favicon.svg, 32 units wide
RAYS = (((16, 6), (16, 8.6)), ((6.8, 10.3), (8.7, 12)), ((25.2, 10.3), (23.3, 12)))


def drawn(size: int, share: float, rounded: bool) -> Image.Image:
    """The sun over its ground, on the brand's colour."""
    edge = size * FINE
    picture = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, edge - 1, edge - 1), radius=edge * 9 / UNIT if rounded else 0, fill=BRAND)
    scale, shift = edge * share / UNIT, edge * (1 - share) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return shift + x * scale, shift + y * scale

    pen.pieslice((*at(8, 12), *at(24, 28)), 180, 360, fill=SUN)
    for ray in RAYS:
        _line(pen, at(*ray[0]), at(*ray[1]), 2 * scale, SUN)
    _line(pen, at(6, 24), at(26, 24), 2.4 * scale, GROUND)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    return small if rounded else small.convert("RGB")


def _line(
    pen: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float], width: float, colour: str
) -> None:
    """A line with round ends."""
    pen.line((start, end), fill=colour, width=round(width))
    for x, y in (start, end):
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour)


class Command(BaseCommand):
    """Draws the icons anew."""

    help = "Draws the icons phones put on their home screens (static/icons)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes each picture with few colours, so that it weighs little."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, (size, share, rounded) in PICTURES.items():
            picture = drawn(size, share, rounded)
            few = picture.quantize(64, method=Image.Quantize.FASTOCTREE)
            few.save(FOLDER / name, optimize=True)
