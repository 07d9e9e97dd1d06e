"""The only writers of evidence: taking a file in, attaching it once, and clearing away what was never used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, Q, Sum

from portal import clock
from portal.errors import BadInput, NotSignedIn
from portal.orgs.models import User

from .documents import clean_name, document_type
from .models import Piece, PieceKind, Reference
from .pages import PAGES, develop_pages, is_pdf
from .photos import Photo, develop
from .store import address_of, drop, folders, keep, piece_of
from .who import Bearer, own, owner

MOST_BYTES = 20 * 1024 * 1024
WAITING_FILES = 40  # of one person, attached to nothing
WAITING_BYTES = 100 * 1024 * 1024
LIFE = timedelta(hours=24)  # of a file attached to nothing
GONE = "有一张照片已失效，请重新上传"
COVERED_MEANWHILE = "有一张照片刚刚遮挡过，请再提交一次，交的就是遮挡后的"
PHOTO = (PieceKind.PHOTO.value,)
PAPER = (*PHOTO, PAGES)  # what is printed on paper: photos of it, or the PDF it came as


@dataclass(frozen=True)
class Cleared:
    """How many pieces and how many files without a row were removed."""

    pieces: int
    orphans: int


def take_in(upload: File, *, by: Bearer | None, kinds: Sequence[str] = PHOTO, mark: str = "", taken: str = "") -> Piece:
    """Stores an upload safely: a photo re-encoded without metadata, or (where `kinds` asks) a document as it came.

    Refused: more than 20 MB, more than 40 files or 100 MB waiting to be used, and whatever is not what it should be.
    """
    at = clock.now()
    _refuse_size(upload)
    _refuse_hoard(by, at=at)
    if PieceKind.PHOTO in kinds and not (PieceKind.DOCUMENT in kinds and _is_document(upload)):
        piece = _photo(develop(upload.file or upload, at=at, taken=taken, mark=mark))
    else:
        piece = _document(upload)
    return _owned(piece, by=by, at=at)


def take_in_all(upload: File, *, by: Bearer | None, kinds: Sequence[str] = PHOTO, **more: str) -> list[Piece]:
    """As `take_in`; where `kinds` asks for pages, a PDF is taken in as a photo of each of them, all or none."""
    if PAGES not in kinds or not is_pdf(upload.file or upload):
        return [take_in(upload, by=by, kinds=[one for one in kinds if one != PAGES], **more)]
    at = clock.now()
    _refuse_size(upload)
    _refuse_hoard(by, at=at)
    name = clean_name(upload.name or "", "pdf").removesuffix(".pdf")
    pieces = [_photo(one) for one in develop_pages(upload.file or upload)]
    for number, piece in enumerate(pieces, 1):
        piece.name = f"{name} 第 {number} 页.jpg" if len(pieces) > 1 else f"{name}.jpg"
    # Shown in the order they came: a microsecond lies between two pages.
    return [_owned(piece, by=by, at=at + timedelta(microseconds=n)) for n, piece in enumerate(pieces)]


def waiting(by: Bearer | None, *, at: datetime) -> Q:
    """This person's own uploads that may still be attached: attached to nothing and under 24 hours old."""
    return own(by) & Q(address="", uploaded_at__gt=at - LIFE)


@transaction.atomic
def attach(these: Iterable[Piece | UUID | str], *, to: str, role: str, by: Bearer, at: datetime) -> list[Piece]:
    """Attaches a person's own waiting uploads to an address, once and for good, in the order given.

    Anything else (another's, attached already, too old, unknown) is refused with one sentence that does not say which;
    so is a piece that was covered since the caller read it, whose digest the caller has written down already.
    """
    given = list(these)
    wanted = parse_ids(one.pk if isinstance(one, Piece) else one for one in given)
    found = Piece.objects.filter(waiting(by, at=at), pk__in=wanted)
    locked = {piece.pk: piece for piece in found.select_for_update(of=("self",)).order_by("pk")}
    person = by if isinstance(by, User) else None
    if len(locked) != len(wanted):
        raise BadInput(GONE)
    if any(isinstance(one, Piece) and one.sha256 != locked[one.pk].sha256 for one in given):
        raise BadInput(COVERED_MEANWHILE)
    moved = Piece.objects.filter(pk__in=wanted, address="")
    if moved.update(address=to, role=role, attached_at=at, attached_by=person) != len(wanted):
        raise BadInput(GONE)
    for piece in locked.values():
        piece.address, piece.role, piece.attached_at, piece.attached_by = to, role, at, person
    return [locked[one] for one in wanted]


def refer(pieces: Iterable[Piece], *, to: str, at: datetime) -> None:
    """Shows pieces that are attached elsewhere at this address too; the caller has asked who may, and names them in its chain."""
    Reference.objects.bulk_create([Reference(piece=piece, address=to, at=at) for piece in pieces])


def parse_ids(ids: Iterable[UUID | str]) -> list[UUID]:
    """Ids as they came from a form or a program, each once; one that is no id is refused like one that is not there."""
    try:
        return list(dict.fromkeys(one if isinstance(one, UUID) else UUID(str(one)) for one in ids))
    except ValueError as error:
        raise BadInput(GONE) from error


def purge() -> Cleared:
    """Removes what was attached to nothing for 24 hours, rows before files, and files no row knows."""
    limit = clock.now() - LIFE
    pieces = 0
    while batch := _purge_batch(limit):
        pieces += batch
    return Cleared(pieces, sum(_purge_orphans(files) for files in folders(limit)))


@transaction.atomic
def _purge_batch(limit: datetime) -> int:
    stale = Piece.objects.filter(address="", uploaded_at__lte=limit).order_by("pk")
    batch = list(stale.select_for_update(of=("self",), skip_locked=True)[:500])
    Piece.objects.filter(pk__in=[piece.pk for piece in batch]).delete()
    files = [name for piece in batch for name in piece.files]
    transaction.on_commit(lambda: drop(files))
    return len(batch)


def _purge_orphans(files: list[str]) -> int:
    """What a crash between file and row, or between row and file, left behind in one folder."""
    ids = [one for one in map(piece_of, files) if one]
    kept = {name for piece in Piece.objects.filter(pk__in=ids) for name in piece.files}
    orphans = [name for name in files if name not in kept]
    drop(orphans)
    return len(orphans)


def _refuse_hoard(by: Bearer | None, *, at: datetime) -> None:
    if not owner(by):
        raise NotSignedIn("请先登录，再上传照片。")
    held = Piece.objects.filter(waiting(by, at=at)).aggregate(files=Count("pk"), size=Sum("bytes"))
    if held["files"] >= WAITING_FILES or (held["size"] or 0) >= WAITING_BYTES:
        raise BadInput(
            f"您已经上传了 {held['files']} 个还没有用上的文件，暂时不能再传。"
            "请先提交正在填的内容；没用上的会在 24 小时后自动清除。"
        )


def _is_document(upload: File) -> bool:
    """Whether to read it as a document where both kinds are welcome."""
    upload.seek(0)
    return upload.read(4) in (b"%PDF", b"PK\x03\x04")


def _refuse_size(upload: File) -> None:
    if not upload.size:
        raise BadInput("这个文件是空的，请重新选择。")
    if upload.size > MOST_BYTES:
        megabytes = f"{upload.size / 1024 / 1024:.0f} MB"
        raise BadInput(f"这个文件有 {megabytes}，上限是 20 MB。请用手机相机的普通模式重拍，或压缩后再上传。")


def _owned(piece: Piece, *, by: Bearer | None, at: datetime) -> Piece:
    for column, value in owner(by).items():
        setattr(piece, column, value)
    piece.uploaded_at = at
    piece.save(force_insert=True)
    return piece


def _photo(photo: Photo) -> Piece:
    piece = Piece(id=uuid4(), kind=PieceKind.PHOTO, width=photo.width, height=photo.height, taken_at=photo.taken_at)
    thumbnail = keep(address_of(piece.pk, "thumb.jpg"), [photo.thumbnail])
    kept = keep(address_of(piece.pk, "jpg"), [photo.body])
    piece.stored, piece.thumbnail, piece.sha256, piece.bytes = kept.stored, thumbnail.stored, kept.sha256, kept.bytes
    return piece


def _document(upload: File) -> Piece:
    suffix = document_type(upload.file or upload, upload.size)
    piece = Piece(id=uuid4(), kind=PieceKind.DOCUMENT, name=clean_name(upload.name or "", suffix))
    upload.seek(0)
    kept = keep(address_of(piece.pk, suffix), upload.chunks())
    piece.stored, piece.sha256, piece.bytes = kept.stored, kept.sha256, kept.bytes
    return piece
