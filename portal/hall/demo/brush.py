"""A brush for the demo's pictures: soft shapes on a sheet of 400 by 300, drawn larger and shrunk, so that edges are smooth."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from PIL import Image, ImageColor, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 400, 300, 2.5
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # x, y, width, height
METAL = ("#6d787d", "#f3f6f7", "#aab4b8", "#5f6b70")


class Sheet:
    """One picture being drawn; later shapes lie on earlier ones."""

    def __init__(self, top: str, bottom: str) -> None:
        """A ground that runs from one colour at the top to another below."""
        size = (round(WIDTH * SCALE), round(HEIGHT * SCALE))
        self.image = _runs([top, bottom], size, upright=True)
        self._pen = ImageDraw.Draw(self.image)

    def box(self, box: Box, fill: str | Sequence[str], *, round_: float = 0, upright: bool = True) -> None:
        """A rectangle with rounded corners, in one colour or running through several."""
        if isinstance(fill, str):
            self._pen.rounded_rectangle(_corners(box), round_ * SCALE, fill)
            return
        mask = _mask(box)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), round_ * SCALE, 255)
        self._fill(box, fill, mask, upright)

    def oval(self, box: Box, fill: str | Sequence[str]) -> None:
        """An ellipse in its box."""
        if isinstance(fill, str):
            self._pen.ellipse(_corners(box), fill)
            return
        mask = _mask(box)
        ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), 255)
        self._fill(box, fill, mask, upright=True)

    def shape(self, points: Sequence[Point], fill: str | Sequence[str], *, upright: bool = True) -> None:
        """A polygon."""
        if isinstance(fill, str):
            self._pen.polygon([_at(one) for one in points], fill)
            return
        left, top = min(x for x, _ in points), min(y for _, y in points)
        box = (left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)
        mask = _mask(box)
        ImageDraw.Draw(mask).polygon([((x - left) * SCALE, (y - top) * SCALE) for x, y in points], 255)
        self._fill(box, fill, mask, upright)

    def line(self, points: Sequence[Point], fill: str, width: float = 2) -> None:
        """A line with round ends."""
        self._pen.line([_at(one) for one in points], fill, round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]) if width > 1.5 else ():
            self._pen.ellipse(_corners((x - width / 2, y - width / 2, width, width)), fill)

    def arc(self, box: Box, start: float, end: float, fill: str, width: float = 2) -> None:
        """A part of an ellipse's edge, in degrees from three o'clock."""
        self._pen.arc(_corners(box), start, end, fill, round(width * SCALE))

    def shade(self, box: Box, strength: float = 0.35, colour: str = "#101820") -> None:
        """A soft round shadow, or with a light colour a glow."""
        mask = _soft().resize(_size(box), Image.Resampling.BILINEAR).point([round(n * strength) for n in range(256)])
        self.image.paste(ImageColor.getrgb(colour), (round(box[0] * SCALE), round(box[1] * SCALE)), mask)

    def veil(self, points: Sequence[Point], colour: str, strength: float) -> None:
        """A see-through polygon with soft edges: light from a lamp, glass, water."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon([_at(one) for one in points], round(255 * strength))
        small = mask.resize((mask.width // 8, mask.height // 8)).filter(ImageFilter.GaussianBlur(1))
        self.image.paste(ImageColor.getrgb(colour), (0, 0), small.resize(mask.size, Image.Resampling.BILINEAR))

    def grid(self, box: Box, step: Point, colour: str, width: float = 0.8, *, shift: float = 0) -> None:
        """Joints of tiles or bricks; `shift` moves every other row."""
        x, y, wide, high = box
        rows = int(high / step[1]) + 1
        for row in range(rows):
            at = y + row * step[1]
            self._pen.line([_at((x, at)), _at((x + wide, at))], colour, max(1, round(width * SCALE)))
            start = x + (shift if row % 2 else 0)
            for column in range(int(wide / step[0]) + 1):
                here = start + column * step[0]
                if x <= here <= x + wide and row < rows - 1:
                    self._pen.line([_at((here, at)), _at((here, at + step[1]))], colour, max(1, round(width * SCALE)))

    def crack(self, points: Sequence[Point], colour: str = "#4d463e") -> None:
        """A crack that runs thinner towards its end."""
        for number, pair in enumerate(pairwise(points)):
            self.line(pair, colour, max(0.7, 2.4 - number * 0.35))

    def drops(self, places: Sequence[Point], colour: str = "#7db7dd", size: float = 4) -> None:
        """Drops of water, each lit from the left."""
        for x, y in places:
            self.shape([(x, y - size * 1.7), (x + size, y), (x - size, y)], colour)
            self.oval((x - size, y - size, size * 2, size * 2), colour)
            self.oval((x - size * 0.5, y - size * 0.4, size * 0.6, size * 0.7), "#e8f5fd")

    def puddle(self, box: Box) -> None:
        """Water on the floor."""
        x, y, wide, high = box
        self.shade((x - 8, y - 4, wide + 16, high + 10), 0.3)
        self.oval(box, ("#a9cfe6", "#7fb2d3"))
        self.oval((x + wide * 0.18, y + high * 0.2, wide * 0.4, high * 0.22), "#d8ecf7")
        self.oval((x + wide * 0.62, y + high * 0.5, wide * 0.2, high * 0.14), "#c8e2f1")

    def _fill(self, box: Box, colours: Sequence[str], mask: Image.Image, upright: bool) -> None:
        self.image.paste(
            _runs(colours, mask.size, upright=upright), (round(box[0] * SCALE), round(box[1] * SCALE)), mask
        )


def _at(point: Point) -> Point:
    return point[0] * SCALE, point[1] * SCALE


def _size(box: Box) -> tuple[int, int]:
    return max(2, round(box[2] * SCALE)), max(2, round(box[3] * SCALE))


def _corners(box: Box) -> tuple[float, float, float, float]:
    x, y, wide, high = box
    return x * SCALE, y * SCALE, (x + wide) * SCALE, (y + high) * SCALE


def _mask(box: Box) -> Image.Image:
    return Image.new("L", _size(box))


def _runs(colours: Sequence[str], size: tuple[int, int], *, upright: bool) -> Image.Image:
    """One colour running into the next, downwards or to the right."""
    strip = Image.new("RGB", (1, len(colours)) if upright else (len(colours), 1))
    strip.putdata([ImageColor.getrgb(one)[:3] for one in colours])
    wide, high = size
    box = (0, 0.5, 1, len(colours) - 0.5) if upright else (0.5, 0, len(colours) - 0.5, 1)
    return strip.resize((wide, high), Image.Resampling.BILINEAR, box=box)


@cache
def _soft() -> Image.Image:
    """White in the middle, black at the edge."""
    return Image.radial_gradient("L").point([round(255 * max(0, 1 - n / 180) ** 1.4) for n in range(256)])
