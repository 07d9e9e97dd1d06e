"""Taking a file in: what is kept on disk and in the row, and what is refused."""

import hashlib
import stat
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from portal import clock
from portal.errors import BadInput, NotSignedIn
from portal.evidence.actions import WAITING_FILES, take_in
from portal.evidence.documents import clean_name
from portal.evidence.models import Piece
from portal.orgs.models import User

from .conftest import Slip, files_in
from .pictures import NOW, TAKEN, telling, upload

DOCUMENT = ("document",)
NOT_A_DOCUMENT = "这里只收 PDF、Word（docx）和 Excel（xlsx）文件。老格式请先另存为新格式。"


def office(*names: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")


def refused(body: bytes, by: Any, **more: Any) -> str:
    with pytest.raises(BadInput) as no:
        take_in(upload(body), by=by, **more)
    assert not Piece.objects.exists()
    return no.value.sentence


def test_a_photo_is_kept_as_a_plain_jpeg_with_its_digest_and_moment(rita: User, media: Path) -> None:
    with clock.at(NOW):
        piece = take_in(upload(telling("JPEG"), "IMG_4711 林晓芸家.jpg"), by=rita)
    piece.refresh_from_db()
    body = (media / piece.stored).read_bytes()
    assert (piece.uploader, piece.receipt, piece.kind, piece.name) == (rita, "", "photo", "")
    assert (piece.sha256, piece.bytes) == (hashlib.sha256(body).hexdigest(), len(body))
    assert (piece.width, piece.height, piece.taken_at, piece.uploaded_at) == (96, 64, TAKEN, NOW)
    assert (piece.address, piece.role, piece.attached_at, piece.attached_by) == ("", "", None, None)
    folder = f"evidence/{piece.pk.hex[:2]}/{piece.pk.hex[2:4]}/{piece.pk.hex}"
    assert files_in(media) == [f"{folder}.jpg", f"{folder}.thumb.jpg"] == [piece.stored, piece.thumbnail]
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o007 for path in media.rglob("*")}
    assert modes == {0}


def test_a_large_upload_is_read_from_where_django_put_it(rita: User) -> None:
    with TemporaryUploadedFile("photo.jpg", "image/jpeg", 0, "") as held:
        held.write(telling("JPEG"))
        held.size = held.tell()
        assert take_in(held, by=rita).width == 96


def test_a_reporter_without_account_keeps_a_photo_by_the_digest_of_the_receipt(db: None) -> None:
    piece = take_in(upload(telling("HEIC")), by=Slip("a" * 64))
    assert (piece.uploader, piece.receipt) == (None, "a" * 64)


@pytest.mark.parametrize("by", [None, "clock", Slip("")])
def test_nobody_in_particular_uploads_nothing(by: Any, db: None, media: Path) -> None:
    with pytest.raises(NotSignedIn):
        take_in(upload(telling("JPEG")), by=by)
    assert files_in(media) == []


def test_a_photo_of_30_mb_is_refused_with_a_sentence(rita: User, media: Path) -> None:
    body = telling("JPEG") + bytes(30 * 1024 * 1024)
    assert refused(body, rita) == "这个文件有 30 MB，上限是 20 MB。请用手机相机的普通模式重拍，或压缩后再上传。"
    assert refused(b"", rita) == "这个文件是空的，请重新选择。"
    assert files_in(media) == []


def test_a_document_is_kept_as_it_came_only_where_it_was_asked_for(rita: User, media: Path) -> None:
    for body, suffix in ((b"%PDF-1.7\n%%EOF", "pdf"), (DOCX, "docx"), (XLSX, "xlsx")):
        piece = take_in(upload(body, f"..\\通知\u202e./情况:说明.{suffix}"), by=rita, kinds=DOCUMENT)
        assert (piece.kind, piece.name, piece.thumbnail, piece.width) == ("document", f"情况说明.{suffix}", "", 0)
        assert (media / piece.stored).read_bytes() == body
        assert piece.sha256 == hashlib.sha256(body).hexdigest()
    Piece.objects.all().delete()
    assert refused(DOCX, rita).startswith("这个文件不是照片。")


@pytest.mark.parametrize(
    "body",
    [
        telling("JPEG"),
        b"hello",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old .doc",
        office("letter.txt"),
        office("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
        office("word/document.xml"),
        DOCX[:-10],
        DOCX[:40] + DOCX[60:],
        b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_what_is_no_document_is_refused(body: bytes, rita: User) -> None:
    assert refused(body, rita, kinds=DOCUMENT) == NOT_A_DOCUMENT


def test_a_document_with_macros_is_refused(rita: User) -> None:
    body = office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")
    assert "宏" in refused(body, rita, kinds=DOCUMENT)


def test_where_both_are_welcome_each_is_told_by_its_bytes(rita: User) -> None:
    both = ("photo", "document")
    assert [take_in(upload(body), by=rita, kinds=both).kind for body in (telling("PNG"), XLSX)] == ["photo", "document"]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("报告.PDF", "报告.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\x\\通知.pdf", "通知.pdf"),
        ("a\0b\r\nc\u202efdp.exe", "abcfdp.exe.pdf"),
        ('<"|?*>', "文件.pdf"),
        ("", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
        ("😀.pdf", "😀.pdf"),
    ],
)
def test_a_documents_name_is_harmless(name: str, cleaned: str) -> None:
    assert clean_name(name, "pdf") == cleaned


def test_forty_files_may_wait_to_be_used_and_older_ones_do_not_count(
    rita: User, will: User, photo_by: Callable[[Any], Piece]
) -> None:
    yesterday = clock.now() - timedelta(hours=25)
    for n in range(WAITING_FILES + 1):
        photo = photo_by(rita)
        if n == 0:
            Piece.objects.filter(pk=photo.pk).update(uploaded_at=yesterday)
    with pytest.raises(BadInput) as no:
        photo_by(rita)
    assert no.value.sentence.startswith("您已经上传了 40 个还没有用上的文件")
    assert photo_by(will).uploader == will
    assert photo_by(Slip("b" * 64)).receipt == "b" * 64


def test_a_hundred_megabytes_may_wait_to_be_used(rita: User, photo_by: Callable[[Any], Piece]) -> None:
    photo_by(rita)
    Piece.objects.update(bytes=100 * 1024 * 1024 - 1)
    photo_by(rita)
    with pytest.raises(BadInput):
        photo_by(rita)
