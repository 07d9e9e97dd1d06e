"""From any photo to a plain JPEG: what comes out, and what is refused before it is decoded."""

import zlib
from io import BytesIO
from time import perf_counter
from typing import Any

import pytest
from PIL import Image

from portal.errors import BadInput
from portal.evidence.photos import MOST_SCANS, develop

from .pictures import NOW, SECRETS, TAKEN, XMP, drawn, encoded, exif, pixel, png_of, segments, telling

NOT_A_PHOTO = "这个文件不是照片。请上传手机拍的照片（JPG、PNG、WebP 或 HEIC）。"
UNREADABLE = "这张照片没有传完整，或者已经损坏。请重新拍一张，或重新选择。"


def developed(body: bytes, **more: Any) -> Any:
    return develop(BytesIO(body), at=NOW, **more)


def refusal(body: bytes) -> str:
    with pytest.raises(BadInput) as refused:
        developed(body)
    return refused.value.sentence


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_nothing_a_camera_says_comes_out_but_the_moment(form: str) -> None:
    body = telling(form)
    assert [secret for secret in (b"4711", b"SECRETMODEL") if secret not in body and form != "PNG"] == []
    photo = developed(body)
    assert photo.taken_at == TAKEN
    for jpeg in (photo.body, photo.thumbnail):
        assert [secret for secret in SECRETS if secret in jpeg] == []
        assert [marker for marker in segments(jpeg) if 0xE1 <= marker <= 0xEF or marker == 0xFE] == []
        assert Image.open(BytesIO(jpeg)).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_heic_lying_on_its_side_stands_up() -> None:
    photo = developed(telling("HEIC"))
    assert (photo.width, photo.height) == (64, 96)
    assert [pixel(photo.body, 0.5, 0.1), pixel(photo.body, 0.9, 0.8), pixel(photo.body, 0.1, 0.8)] == [
        "red",
        "green",
        "white",
    ]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_up(form: str, orientation: int) -> None:
    lying = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = drawn() if lying is None else drawn().transpose(lying)
    photo = developed(encoded(image, form, exif=exif(orientation)))
    assert (photo.width, photo.height) == (96, 64)
    seen = [pixel(photo.body, *at) for at in ((0.1, 0.5), (0.8, 0.2), (0.8, 0.8))]
    assert seen == ["red", "green", "white"]


@pytest.mark.parametrize(
    ("size", "stored", "small"),
    [
        ((4032, 3024), (2016, 1512), (320, 240)),
        ((3000, 6000), (1024, 2048), (160, 320)),
        ((2048, 1000), (2048, 1000), (320, 156)),
        ((300, 200), (300, 200), (300, 200)),
        ((9000, 3), (2048, 1), (320, 1)),
    ],
)
def test_the_long_edge_is_at_most_2048_and_nothing_is_enlarged(
    size: tuple[int, int], stored: tuple[int, int], small: tuple[int, int]
) -> None:
    photo = developed(encoded(drawn(size)))
    assert Image.open(BytesIO(photo.body)).size == (photo.width, photo.height) == stored
    assert Image.open(BytesIO(photo.thumbnail)).size == small


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_picture(mode: str) -> None:
    deep = drawn(mode="L").convert("I").point(lambda value: value * 257).convert("I;16")
    photo = developed(encoded(deep if mode == "I;16" else drawn(mode=mode), "PNG"))
    assert Image.open(BytesIO(photo.body)).mode == "RGB"
    assert pixel(photo.body, 0.8, 0.8) == "white"
    if mode in ("P", "RGB", "RGBA"):
        assert pixel(photo.body, 0.1, 0.5) == "red"


def test_what_is_transparent_becomes_white() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 20, 64))
    photo = developed(encoded(image, "PNG"))
    assert (pixel(photo.body, 0.1, 0.5), pixel(photo.body, 0.9, 0.5)) == ("red", "white")


def test_a_printers_jpeg_keeps_its_colours() -> None:
    assert pixel(developed(encoded(drawn(mode="CMYK"))).body, 0.1, 0.5) == "red"


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_taken(form: str) -> None:
    later = Image.new("RGB", (96, 64), "black")
    photo = developed(encoded(drawn(), form, save_all=True, append_images=[later]))
    assert pixel(photo.body, 0.1, 0.5) == "red"


def test_of_a_telephones_double_photo_the_first_is_taken() -> None:
    body = encoded(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (96, 64), "black")])
    assert pixel(developed(body).body, 0.1, 0.5) == "red"


@pytest.mark.parametrize(
    ("taken", "zone", "said", "kept"),
    [
        ("2026:11:16 07:45:12", "", "", TAKEN),
        ("2026:11:15 23:45:12", "+00:00", "", TAKEN),
        ("2026:11:15 18:45:12", "-05:00", "", TAKEN),
        ("", "", "2026:11:16 07:45:12", TAKEN),
        ("2026:11:16 07:45:12", "+99:99", "", None),
        ("2026:13:45 99:99:99", "", "", None),
        ("1970:01:01 00:00:00", "", "", None),
        ("2026:11:18 07:45:12", "", "", None),
        ("2026-11-16 07:45", "", "yesterday", None),
        ("0000:00:00 00:00:00", "", "\0", None),
    ],
)
def test_the_moment_is_the_cameras_or_none(taken: str, zone: str, said: str, kept: Any) -> None:
    body = encoded(drawn(), exif=exif(taken=taken, zone=zone))
    assert developed(body, taken=said).taken_at == kept


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_photo_with_damaged_exif_is_taken_as_it_lies() -> None:
    body = encoded(drawn(), exif=b"Exif\0\0II*\0\xff\xff\xff\xffnothing that can be read")
    photo = developed(body)
    assert (photo.taken_at, photo.width, photo.height) == (None, 96, 64)


@pytest.mark.parametrize("healthy", [True, False])
def test_a_small_file_of_169_megapixels_is_refused_at_once_without_decoding(healthy: bool) -> None:
    picture = zlib.compress(bytes(13_000 * (1 + 13_000 // 8)), 9)
    body = png_of(13_000, 13_000, picture if healthy else b"\xff" * len(picture))
    assert len(body) < 22_000
    times = []
    for _ in range(3):
        began = perf_counter()
        sentence = refusal(body)
        times.append(perf_counter() - began)
    # Where the picture is broken: had it been decoded, that would be the sentence.
    assert sentence == (
        "这张照片有 16,900 万像素，超过了 2,600 万像素的上限。请用手机相机的普通模式重拍，或截图后再上传。"
    )
    assert min(times) < 0.1


def _jpeg_of(width: int, height: int) -> bytes:
    body = bytearray(encoded(drawn()))
    at = body.index(b"\xff\xc0")
    body[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(body)


def _webp_of(side: int) -> bytes:
    body = bytearray(encoded(drawn(mode="RGBA"), "WEBP", exif=exif()))
    assert body[12:16] == b"VP8X"
    body[24:30] = (side - 1).to_bytes(3, "little") * 2
    return bytes(body)


@pytest.mark.parametrize(
    ("body", "millions"),
    [(_jpeg_of(60_000, 60_000), "360,000"), (_jpeg_of(8000, 7000), "5,600"), (_webp_of(16_000), "25,600")],
    ids=["jpeg", "jpeg just over", "webp"],
)
def test_huge_photos_of_other_formats_are_refused_by_their_header(body: bytes, millions: str) -> None:
    assert refusal(body).startswith(f"这张照片有 {millions} 万像素")


def test_a_photo_of_fifty_megapixels_straight_from_a_telephone_is_taken() -> None:
    photo = developed(encoded(Image.new("L", (8192, 6144), 255), quality=20))
    assert (photo.width, photo.height) == (2048, 1536)


def test_a_progressive_photo_is_taken_and_one_with_endless_scans_is_not() -> None:
    body = encoded(drawn((640, 480)), progressive=True)
    assert developed(body).width == 640
    at = body.rindex(b"\xff\xda")
    assert refusal(body[:-2] + body[at:-2] * (MOST_SCANS + 1) + body[-2:]) == UNREADABLE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello, this is a text file named .jpg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a<script>alert(1)</script>",
        b"%PDF-1.7 a letter",
        b"PK\x03\x04 an archive",
        b"\x7fELF a program",
        b"\0\0\0\x20ftypavif" + b"\0" * 40,
        encoded(drawn(), "GIF"),
        encoded(drawn(), "BMP"),
        encoded(drawn(), "TIFF"),
        b"<html>" + encoded(drawn()),
    ],
)
def test_what_is_not_a_photo_is_refused_whatever_its_name(body: bytes) -> None:
    assert refusal(body) == NOT_A_PHOTO


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_photo_that_did_not_arrive_whole_is_refused(form: str, share: float) -> None:
    body = telling(form) if form == "HEIC" else encoded(drawn((200, 100)), form)
    assert refusal(body[: max(12, int(len(body) * share))]) == UNREADABLE


def test_a_heic_that_brings_its_reader_down_is_only_refused() -> None:
    body = telling("HEIC")
    # The C library's binding dies of a content type that is no text (pi-heif 1.4).
    assert refusal(body.replace(b"application/", b"applicati\xffn/")) == UNREADABLE


def test_a_heic_that_declares_too_many_pixels_is_refused_by_its_header() -> None:
    body = telling("HEIC")
    at = body.index(b"ispe") + 8
    assert body[at : at + 8] == (96).to_bytes(4, "big") + (64).to_bytes(4, "big")
    assert refusal(body[:at] + (9000).to_bytes(4, "big") * 2 + body[at + 8 :]).startswith("这张照片有 8,100 万像素")


@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04PK\x05\x06" + b"\0" * 18, b"<script>alert(1)</script>", b"%PDF-1.7\n%%EOF"]
)
def test_of_a_file_that_is_two_things_only_the_picture_remains(tail: bytes) -> None:
    photo = developed(encoded(drawn(), comment=b"<script>alert(1)</script>", xmp=XMP) + tail)
    assert [word for word in (b"PK\x03\x04", b"script", b"PDF") if word in photo.body + photo.thumbnail] == []


def test_a_mark_is_written_into_the_corner_and_nowhere_else() -> None:
    body = encoded(Image.new("RGB", (800, 600), "teal"))
    plain, marked = (Image.open(BytesIO(developed(body, mark=mark).body)) for mark in ("", "2026-11-16 09:00 教学楼"))
    corner, rest = (0, 500, 800, 600), (0, 0, 800, 500)
    assert plain.crop(corner).tobytes() != marked.crop(corner).tobytes()
    assert plain.crop(rest).tobytes() == marked.crop(rest).tobytes()
