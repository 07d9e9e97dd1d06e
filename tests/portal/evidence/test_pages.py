"""PDFs as photos of their pages: what comes out is a plain JPEG; locked, long, broken and bloated ones are refused in a sentence."""

import hashlib
import os
import time
import zlib
from pathlib import Path
from random import Random

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from PIL import Image

from portal.errors import BadInput
from portal.evidence.actions import PAPER, take_in, take_in_all
from portal.evidence.fields import EvidenceField, collect
from portal.evidence.models import Piece
from portal.orgs.models import User
from tests.portal.api.program import Program
from tests.signing import browser_of

from .conftest import files_in
from .pictures import drawn, encoded, telling, upload
from .test_fuzz import CHANGES

COUNT = int(os.environ.get("FUZZED_PDFS", "12"))  # 500 for the drill
BROKEN = "这个 PDF 没有传完整，或者已经损坏。请重新导出，或把内容拍成照片。"


def paper(pages: int = 1) -> bytes:
    """A PDF of so many pages, as an office program writes it."""
    sheet = drawn((420, 594))
    return encoded(sheet, "PDF", save_all=True, append_images=[sheet] * (pages - 1), title="SERIAL-4711")


def written(page: str, stream: bytes = b"", extra: str = "", trailer: str = "") -> bytes:
    """A PDF by hand: a page with these entries, one stream, and whatever else."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R{page}>>".encode(),
        f"<</Length {len(stream)}{extra}>>stream\n".encode() + stream + b"\nendstream",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj".encode() + part + b"endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 5\n0000000000 65535 f \n{table}trailer<</Size 5/Root 1 0 R{trailer}>>\nstartxref\n{len(body)}\n%%EOF"
    )
    return body + end.encode()


LOCK = f"/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<{'41' * 32}>/U<{'42' * 32}>>>/ID[<{'43' * 16}><{'43' * 16}>]"
BOX = "/MediaBox[0 0 200 300]"
SOLID = (
    "/Filter/FlateDecode/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"
)


def test_each_page_of_an_invoice_becomes_a_plain_photo_and_nothing_of_the_file_is_kept(rita: User, media: Path) -> None:
    pieces = take_in_all(upload(paper(2), "电子发票 0471.pdf"), by=rita, kinds=PAPER)
    assert [(one.kind, one.name, one.width, one.height) for one in pieces] == [
        ("photo", "电子发票 0471 第 1 页.jpg", 1449, 2048), ("photo", "电子发票 0471 第 2 页.jpg", 1449, 2048),
    ]  # fmt: skip
    for one in pieces:
        body = (media / one.stored).read_bytes()
        assert (one.sha256, b"4711" in body) == (hashlib.sha256(body).hexdigest(), False)
        with Image.open(media / one.stored, formats=["JPEG"]) as image:
            assert (image.mode, image.size, dict(image.getexif())) == ("RGB", (1449, 2048), {})
    assert len(files_in(media)) == 4
    (photo,) = take_in_all(upload(telling("JPEG")), by=rita, kinds=PAPER)
    assert photo.name == ""
    for kinds in (("photo",), ("document",)):
        request = RequestFactory().post("/", {"papers": SimpleUploadedFile("发票.pdf", paper(), "application/pdf")})
        field: dict[str, forms.Field] = {"papers": EvidenceField(kinds=kinds)}
        data, errors = collect(request, by=rita, fields=field)
        assert (len(data.getlist("papers")), list(errors)) == ((0, ["papers"]) if kinds == ("photo",) else (1, []))


def test_a_page_and_a_program_are_told_of_every_page(rita: User) -> None:
    field: dict[str, forms.Field] = {"papers": EvidenceField(kinds=PAPER)}
    request = RequestFactory().post("/", {"papers": SimpleUploadedFile("发票.pdf", paper(2), "application/pdf")})
    assert len(collect(request, by=rita, fields=field)[0].getlist("papers")) == 2
    said = browser_of(rita, Client()).post("/evidence/", {"file": upload(paper(3)), "kinds": "photo,pages"})
    assert (said.status_code, len(said.json()["more"])) == (201, 2)
    answer = Program.of(rita).upload({"file": upload(paper(2), "a.pdf"), "kind": "pages"})
    assert (answer.status_code, answer.json()["kind"], len(answer.json()["more"])) == (201, "photo", 1)
    assert Piece.objects.filter(pk__in=[one["id"] for one in [answer.json(), *answer.json()["more"]]]).count() == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (written(BOX, trailer=LOCK), "这个 PDF 有密码，打不开。请去掉密码再上传，或把内容拍成照片。"),
        (paper(7), "这个 PDF 有 7 页，一次最多收 6 页。请只导出要交的那几页。"),
        (paper()[:300], BROKEN),
        (b"%PDF-1.7\n" + b"words " * 50, BROKEN),
    ],
    ids=["locked", "long", "cut", "words"],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_kept(
    body: bytes, sentence: str, rita: User, media: Path
) -> None:
    with pytest.raises(BadInput) as refused:
        take_in_all(upload(body, "a.pdf"), by=rita, kinds=PAPER)
    assert (refused.value.sentence, Piece.objects.count(), files_in(media)) == (sentence, 0, [])


def test_a_pdf_that_swells_is_drawn_small_or_refused_in_time(rita: User, media: Path) -> None:
    wide = written("/MediaBox[0 0 14400 20]")
    image = written(f"{BOX}/Resources<</XObject<</A 4 0 R>>>>/Contents 4 0 R", zlib.compress(bytes(1 << 26), 9), SOLID)
    words = written(f"{BOX}/Contents 4 0 R", zlib.compress(b"0 0 200 300 re f " * 9_000_000, 9), "/Filter/FlateDecode")
    (thin,) = take_in_all(upload(wide, "a.pdf"), by=rita, kinds=PAPER)
    assert (thin.width, thin.height) == (2048, 3)
    for body in (image, words):
        assert len(body) < 1_000_000
        began = time.monotonic()
        try:
            (one,) = take_in_all(upload(body, "a.pdf"), by=rita, kinds=PAPER)
            assert max(one.width, one.height) == 2048
        except BadInput as refused:
            assert refused.sentence == BROKEN
        assert time.monotonic() - began < 30


def test_malformed_pdfs_are_refused_or_become_plain_jpegs(rita: User, media: Path) -> None:
    chance, all = Random(4), [paper(), paper(2), written(BOX)]
    for n in range(COUNT):
        body = b"%PDF-" + chance.choice(CHANGES)(chance, bytearray(chance.choice(all)), all)[5:]
        try:
            pieces = take_in_all(upload(body, f"{n}.pdf"), by=rita, kinds=PAPER)
        except BadInput as refused:
            assert refused.sentence.startswith("这个 PDF")
            continue
        for one in pieces:
            with Image.open(media / one.stored, formats=["JPEG"]) as image:
                image.load()
                assert (image.mode, max(image.size)) == ("RGB", 2048)


def test_a_field_of_photos_takes_no_pdf(rita: User) -> None:
    with pytest.raises(BadInput, match="不是照片"):
        take_in(upload(paper(), "a.pdf"), by=rita)
