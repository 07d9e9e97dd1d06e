"""From any photo to a plain JPEG and its thumbnail: upright, at most 2048 pixels, nothing said beside the picture."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from PIL import Image, ImageDraw
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from portal.errors import BadInput

from .apart import read_heic
from .headers import HEAD, declared_size, format_of
from .marks import stamp
from .moments import moment_taken

EDGE = 2048  # pixels of the long edge as stored
THUMBNAIL = 320
MOST_PIXELS = 52_000_000  # a JPEG shrinks while it is read, so a telephone's 50-megapixel mode fits
MOST_WHOLE_PIXELS = 26_000_000  # what can only be decoded whole: PNG, WebP, HEIC, progressive JPEG
MOST_SCANS = 64  # a progressive photo has about ten; thousands are an attack on the decoder

READERS: dict[str, Any] = {"jpeg": JpegImageFile, "png": PngImageFile, "webp": WebPImageFile}
# What the decoders raise for broken files, found by the fuzz test; a fault of ours raises none of it in healthy ones.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    RuntimeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Photo:
    """A photo ready to be stored: two JPEGs without any metadata, and the one fact kept beside them."""

    body: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None


def develop(file: IO[bytes], *, at: datetime, taken: str = "", mark: str = "") -> Photo:
    """Reads a JPEG, PNG, WebP or HEIC; refuses anything else, too many pixels (before decoding) and broken files.

    `taken` is the moment the browser read before it compressed the photo; `mark` is written into the picture.
    """
    picture, taken_at = _read(_opened(file), at=at, taken=taken)
    if mark:
        stamp(picture, mark)
    return finished(picture, taken_at)


def paint_over(file: IO[bytes], boxes: Iterable[tuple[int, int, int, int]]) -> Photo:
    """One of our own JPEGs with these boxes (left, top, right, bottom in pixels, the ends left out) black, for good.

    The picture is encoded anew from its pixels, so that nothing of what lay beneath is left in the file.
    """
    picture: Image.Image = JpegImageFile(file)
    picture.load()
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        pen.rectangle((left, top, right - 1, bottom - 1), fill="black")
    return finished(picture)


def finished(picture: Image.Image, taken_at: datetime | None = None) -> Photo:
    """The picture, no larger than is stored, as its two JPEGs."""
    width, height = picture.size
    small = picture.resize(_within(picture.size, THUMBNAIL), Image.Resampling.BICUBIC, reducing_gap=1.5)
    return Photo(_jpeg(picture, 82), _jpeg(small, 75), width, height, taken_at)


def _opened(file: IO[bytes]) -> Image.Image:
    """The photo with its header read and nothing decoded."""
    file.seek(0)
    head = file.read(HEAD)
    kind = format_of(head)
    if kind not in READERS and kind != "heic":
        raise BadInput("这个文件不是照片。请上传手机拍的照片（JPG、PNG、WebP 或 HEIC）。")
    _refuse_huge(declared_size(head) or (0, 0), MOST_WHOLE_PIXELS)
    file.seek(0)
    try:
        return _opened_apart(file) if kind == "heic" else _opened_here(file, kind)
    except BROKEN as error:
        raise _unreadable() from error


def _opened_apart(file: IO[bytes]) -> Image.Image:
    size, picture = read_heic(file, most_pixels=MOST_WHOLE_PIXELS, edge=EDGE)
    _refuse_huge(size, MOST_WHOLE_PIXELS)
    if picture is None:
        raise _unreadable()
    return picture


def _opened_here(file: IO[bytes], kind: str) -> Image.Image:
    image: Image.Image = READERS[kind](file)
    whole = kind != "jpeg" or bool(image.info.get("progressive"))
    _refuse_huge(image.size, MOST_WHOLE_PIXELS if whole else MOST_PIXELS)
    if kind == "jpeg" and whole:
        _refuse_endless(file)
    return image


def _refuse_huge(size: tuple[int, int], most: int) -> None:
    pixels = size[0] * size[1]
    if pixels > most:
        raise BadInput(
            f"这张照片有 {pixels / 10_000:,.0f} 万像素，超过了 {most // 10_000:,} 万像素的上限。"
            "请用手机相机的普通模式重拍，或截图后再上传。"
        )


def _refuse_endless(file: IO[bytes]) -> None:
    """A progressive JPEG with more scans than any camera writes is not opened."""
    where = file.tell()
    file.seek(0)
    scans = sum(block.count(b"\xff\xda") for block in iter(lambda: file.read(1 << 16), b""))
    file.seek(where)
    if scans > MOST_SCANS:
        raise _unreadable()


def _read(image: Image.Image, *, at: datetime, taken: str) -> tuple[Image.Image, datetime | None]:
    """Decodes, shrinks and turns upright; a photo whose EXIF alone is damaged is taken as it lies."""
    try:
        image.draft(None, _draft_size(image.size))
        image.load()
        taken_at, orientation = _said(image, at=at, taken=taken)
        picture = _shrunk(image)
    except BROKEN as error:
        raise _unreadable() from error
    del image  # large: turning the picture needs the room
    return (picture.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else picture), taken_at


def _said(image: Image.Image, *, at: datetime, taken: str) -> tuple[datetime | None, int]:
    try:
        exif = image.getexif()
        return moment_taken(exif, taken, at=at), int(exif.get(ORIENTATION) or 1)
    except BROKEN:
        return None, 1


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    """Asks the decoder for at least three quarters of what is stored, so that 12 megapixels are read at half size."""
    share = min(1.0, EDGE * 0.75 / max(size))
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


def _shrunk(image: Image.Image) -> Image.Image:
    """RGB on white, at most `EDGE` pixels long."""
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256, "L")
    elif image.mode in ("1", "I", "F"):
        image = image.convert("L")
    if max(image.size) > EDGE:
        image = image.resize(_within(image.size, EDGE), Image.Resampling.BICUBIC, reducing_gap=1.5)
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        see_through = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(see_through, mask=see_through.getchannel("A"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _within(size: tuple[int, int], edge: int) -> tuple[int, int]:
    share = min(1.0, edge / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    image.info = {}  # Pillow writes a comment it finds here back into the file
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _unreadable() -> BadInput:
    return BadInput("这张照片没有传完整，或者已经损坏。请重新拍一张，或重新选择。")
