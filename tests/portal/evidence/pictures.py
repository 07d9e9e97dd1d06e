"""Photos for these tests, drawn here, with everything in them that must not come out again."""

import struct
import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from portal.clock import SCHOOL_TIME

FILES = Path(__file__).parent / "files"
TAKEN = datetime(2026, 11, 16, 7, 45, 12, tzinfo=SCHOOL_TIME)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=SCHOOL_TIME)
SECRETS = (b"4711", b"SECRETMODEL", b"GPS", b"Apple", b"iPhone", b"Exif", b"xmpmeta", b"ICC_PROFILE", b"2026:11:16")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" exif:GPSLatitude="30,15.42N" aux:SerialNumber="SERIAL-4711"/>'


def exif(orientation: int = 1, **inner: Any) -> Image.Exif:
    """A telephone's EXIF: make, model, serial number, maker note, position, moment."""
    held = Image.Exif()
    held[0x010F], held[0x0110], held[0x0112] = "Apple", "iPhone SECRETMODEL", orientation
    deeper = held.get_ifd(0x8769)
    deeper[0x9003], deeper[0x9011] = inner.get("taken", "2026:11:16 07:45:12"), inner.get("zone", "+08:00")
    deeper[0xA431], deeper[0x927C] = "SERIAL-4711", b"MAKERNOTE-4711"
    gps = held.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (30.0, 15.0, 42.42), "E", (120.0, 9.0, 17.17)
    return held


def drawn(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    """Left third red, upper right green, the rest white: which way is up can be seen."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size[0] // 3 - 1, size[1]), fill="red")
    pen.rectangle((size[0] // 3, 0, size[0], size[1] // 2 - 1), fill="green")
    return image if mode == "RGB" else image.convert(mode)


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    held = BytesIO()
    image.save(held, form, **options)
    return held.getvalue()


def telling(form: str) -> bytes:
    """A photo that says where, when and with which camera it was taken, in every way its format knows."""
    image = drawn()
    profile = b"\0" * 36 + b"acsp" + b"SERIAL-4711" * 20
    if form == "HEIC":
        return (FILES / "phone.heic").read_bytes()
    if form == "PNG":
        words = PngInfo()
        words.add_text("Comment", "SERIAL-4711")
        words.add_itxt("XML:com.adobe.xmp", XMP.decode())
        return encoded(image, form, exif=exif(), pnginfo=words, icc_profile=profile)
    more: dict[str, Any] = {"comment": "SERIAL-4711"} if form == "JPEG" else {}
    return encoded(image, form, exif=exif(), xmp=XMP, icc_profile=profile, **more)


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG before its picture."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def png_of(width: int, height: int, data: bytes) -> bytes:
    """A black and white PNG whose header says one thing and whose picture may say another."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def upload(body: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, body, kind)


def pixel(body: bytes, x: float, y: float) -> str:
    """The colour at a point given as shares of width and height: red, green, white, black or another."""
    image = Image.open(BytesIO(body)).convert("RGB")
    r, g, b = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))  # type: ignore[misc]
    known = {"red": (255, 0, 0), "green": (0, 128, 0), "white": (255, 255, 255), "black": (0, 0, 0)}
    return next(
        (name for name, c in known.items() if max(abs(r - c[0]), abs(g - c[1]), abs(b - c[2])) < 40), f"{r},{g},{b}"
    )
