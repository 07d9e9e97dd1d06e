"""Covering: parts of a photo painted over for good before others see it, and who looks at what lies beneath (ADR 0015).

Before it is sent the covered picture takes the photo's place, and nothing is left of what was there. After that the
chain names the original: it stays, everybody is shown the covered one, and each look at the original is in the chain.
Nothing covered is ever uncovered again.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from portal import clock
from portal.errors import NotAllowed, NotThere, Stale
from portal.ledger.actions import ANONYMOUS, append
from portal.ledger.models import Chained
from portal.orgs.models import User

from .gates import keeper_of, open_piece
from .grids import Grid
from .models import Piece
from .photos import Photo, paint_over
from .store import Kept, address_of, drop, keep, opened
from .who import Bearer

NOT_YOURS = "这张照片不由您遮挡。"
WHO = "上传的人、这件事的办理人和受理岗位、学校负责人"
ORIGINAL_WHO = "这件事的受理岗位和学校负责人"


def coverable(id: UUID, *, by: Bearer | None) -> Piece:
    """The photo, for whoever may cover it. Refused: NotThere for strangers and documents, NotAllowed for other readers."""
    piece = open_piece(id, by=by)
    if not piece.is_photo:
        raise NotThere
    if piece.address:
        keeper = keeper_of(piece.address)
        if keeper is None or not keeper.covers(by, piece):
            raise NotAllowed(NOT_YOURS, who=WHO, instead="请告诉他们哪一张、哪里要遮。")
    return piece


def may_uncover(piece: Piece, *, by: Bearer | None) -> bool:
    """Whether there is an original beneath, and this person may look at it."""
    keeper = keeper_of(piece.address) if piece.shown else None
    return keeper is not None and keeper.uncovers(by, piece)


@transaction.atomic
def cover(id: UUID, cells: Collection[int], *, by: Bearer | None) -> Piece:
    """Paints these cells over, beside those painted over before; nothing new to cover changes nothing.

    Two people who cover at once both have their way. Refused as `coverable` says, and when the photo was sent meanwhile.
    """
    piece = coverable(id, by=by)
    keeper = keeper_of(piece.address) if piece.address else None
    holder = keeper.locked(piece.address) if keeper else None
    piece = _locked(piece)
    added = set(cells) - set(piece.covered)
    if not added:
        return piece
    at, before = clock.now(), piece.front
    piece.covered = sorted(added | set(piece.covered))
    with opened(piece.stored) as file:
        photo = paint_over(file, Grid(piece.width, piece.height).boxes(piece.covered))
    body, thumbnail = _kept(piece, photo)
    if holder is None:
        piece.stored, piece.thumbnail, piece.sha256, piece.bytes = (
            body.stored,
            thumbnail.stored,
            body.sha256,
            body.bytes,
        )
    else:
        piece.shown, piece.shown_thumbnail, piece.shown_sha256 = body.stored, thumbnail.stored, body.sha256
        facts = {"shown": body.sha256, "instead_of": before.sha256, "blocks": len(added)}
        _write(holder, "covered", piece, by=by, at=at, facts=facts)
    piece.save()
    if before.stored != piece.stored:  # the original stays, every other picture before this one goes
        transaction.on_commit(lambda: drop([before.stored, before.thumbnail]))
    return piece


@transaction.atomic
def uncover(id: UUID, *, by: Bearer | None) -> Piece:
    """The photo with leave to look at its original; the look is written into the chain.

    Refused: NotThere for strangers and where nothing lies beneath, NotAllowed for everybody not entitled.
    """
    piece = open_piece(id, by=by)
    keeper = keeper_of(piece.address)
    if keeper is None or not piece.shown:
        raise NotThere
    if not keeper.uncovers(by, piece):
        raise NotAllowed("遮挡前的原图不给您看。", who=ORIGINAL_WHO, instead="请联系他们。")
    _write(keeper.locked(piece.address), "saw_original", piece, by=by, at=clock.now(), facts={})
    return piece


def _locked(piece: Piece) -> Piece:
    """The piece as it is now, locked after what it is attached to."""
    now = Piece.objects.select_for_update(of=("self",)).filter(pk=piece.pk).first()
    if now is None:
        raise NotThere
    if now.address != piece.address:
        raise Stale("这张照片刚刚交上去了，遮挡没有写入。", instead="请到那件事的页面上再遮挡。")
    return now


def _kept(piece: Piece, photo: Photo) -> tuple[Kept, Kept]:
    """Both pictures on disk, under names never used before."""
    mark = secrets.token_hex(4)
    thumbnail = keep(address_of(piece.pk, f"{mark}.thumb.jpg"), [photo.thumbnail])
    return keep(address_of(piece.pk, f"{mark}.jpg"), [photo.body]), thumbnail


def _write(holder: Chained, verb: str, piece: Piece, *, by: Bearer | None, at: datetime, facts: dict[str, Any]) -> None:
    told = {"piece": piece.pk, "photo": piece.sha256, **facts}
    append(holder, verb, by=by if isinstance(by, User) else ANONYMOUS, at=at, facts=told)
