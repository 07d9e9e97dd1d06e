"""Malformed uploads by the thousand: each is refused with a sentence or becomes a plain JPEG, and nothing else happens.

`FUZZED_UPLOADS` says how many (10,000 for the drill); the seed is fixed, so that a failure comes again.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from portal.errors import BadInput
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.orgs.models import User

from .conftest import files_in
from .pictures import drawn, encoded, exif, telling, upload

COUNT = int(os.environ.get("FUZZED_UPLOADS", "2000"))
SENTENCES = ("这个文件不是照片。", "这张照片没有传完整，", "这个文件是空的，", "这张照片有 ")
SEED = 20261116
Change = Callable[[Random, bytearray, list[bytes]], bytes]


def healthy() -> list[bytes]:
    """Small photos of every kind the intake reads, and documents and pictures it does not."""
    later = Image.new("RGB", (96, 64), "black")
    moving = {"save_all": True, "append_images": [later]}
    return [
        *(telling(form) for form in ("JPEG", "PNG", "WEBP", "HEIC")),
        encoded(drawn(), progressive=True),
        encoded(drawn(mode="CMYK")),
        encoded(drawn(mode="L"), exif=exif(6)),
        encoded(drawn(), "MPO", **moving),
        *(encoded(drawn(mode=mode), "PNG") for mode in ("1", "LA", "P", "RGBA")),
        encoded(drawn(), "PNG", **moving),
        encoded(drawn(), "WEBP", **moving),
        encoded(drawn(mode="RGBA"), "WEBP", lossless=True),
        encoded(drawn(), "GIF"),
        b"%PDF-1.7\n" + b"words " * 50,
    ]


def cut(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    return bytes(body[: chance.randrange(len(body))])


def flip(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    for _ in range(chance.randint(1, 12)):
        body[chance.randrange(len(body))] = chance.choice((0, 0xFF, 0x7F, 0x80, chance.randrange(256)))
    return bytes(body)


def flip_head(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    for _ in range(chance.randint(1, 6)):
        body[chance.randrange(8, min(160, len(body)))] = chance.randrange(256)
    return bytes(body)


def number(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    """A length or a size becomes absurd."""
    at = chance.randrange(len(body) - 4)
    body[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"))
    return bytes(body)


def splice(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    other = chance.choice(all)
    return bytes(body[: chance.randrange(len(body))]) + other[chance.randrange(len(other)) :]


def repeat(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    start = chance.randrange(len(body))
    part = body[start : start + chance.randint(1, 200)]
    return bytes(body[:start] + part * chance.randint(2, 40) + body[start:])


def noise(chance: Random, body: bytearray, all: list[bytes]) -> bytes:
    return bytes(body[: chance.randint(3, 40)]) + chance.randbytes(chance.randint(0, 2000))


CHANGES: tuple[Change, ...] = (cut, flip, flip, flip_head, flip_head, number, splice, repeat, noise)


@pytest.mark.filterwarnings("ignore")
def test_malformed_uploads_are_refused_or_become_plain_jpegs(rita: User, media: Path) -> None:
    chance, all, outcome = Random(SEED), healthy(), Counter[str]()
    for n in range(COUNT):
        body = chance.choice(CHANGES)(chance, bytearray(chance.choice(all)), all)
        try:
            take_in(upload(body, f"{n}.jpg"), by=rita)
            outcome["taken"] += 1
        except BadInput as refused:
            assert refused.sentence.startswith(SENTENCES)
            outcome["refused"] += 1
        if n % 20 == 19:
            _all_plain(media)
    _all_plain(media)
    assert outcome.total() == COUNT
    assert 0.05 < outcome["taken"] / COUNT < 0.6  # neither too broken to reach a decoder nor hardly broken at all


def _all_plain(media: Path) -> None:
    """Whatever was kept opens as a JPEG; then makes room for more."""
    pieces = list(Piece.objects.all())
    assert files_in(media) == sorted(name for piece in pieces for name in (piece.stored, piece.thumbnail))
    for piece in pieces:
        for name in (piece.stored, piece.thumbnail):
            with Image.open(media / name, formats=["JPEG"]) as image:
                image.load()
                assert (image.mode, max(image.size) <= 2048) == ("RGB", True)
            (media / name).unlink()
    Piece.objects.all().delete()
