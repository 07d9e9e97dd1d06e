"""Erasing what is attached to an address: gone with its files, unless another address shows it too, whose own it becomes."""

from django.db import transaction

from portal import clock
from portal.ledger.actions import ANONYMOUS, append
from portal.orgs.models import User

from .gates import keeper_of
from .models import Piece, Reference
from .store import drop
from .who import Bearer


@transaction.atomic
def erase(address: str, *, by: Bearer | None) -> list[str]:
    """Removes everything attached to an address, files too, and all that is shown there; says the digests of what there was.

    What a case opened out of this one shows as well is proof there: it stays, as that case's own. The caller writes the
    digests into the address's chain as the fact `erased`: only so does `manage.py verify` accept the gap.
    """
    pieces = list(Piece.objects.select_for_update(of=("self",)).filter(address=address).order_by("pk"))
    shown_here = Reference.objects.filter(address=address).select_related("piece").order_by("pk")
    gone = [*(piece.sha256 for piece in pieces), *(one.piece.sha256 for one in shown_here)]
    shown_here.delete()
    heirs: dict[object, Reference] = {}
    for one in Reference.objects.filter(piece__in=pieces).order_by("pk"):
        heirs.setdefault(one.piece_id, one)
    for piece in pieces:
        if piece.pk in heirs:
            _hand_over(piece, heirs[piece.pk], by=by)
    left = [piece for piece in pieces if piece.pk not in heirs]
    Piece.objects.filter(pk__in=[piece.pk for piece in left]).delete()
    files = [name for piece in left for name in piece.files]
    transaction.on_commit(lambda: drop(files))
    return gone


def _hand_over(piece: Piece, to: Reference, *, by: Bearer | None) -> None:
    """The piece belongs to where it was shown; if it is covered, the chain there says with what."""
    keeper = keeper_of(to.address) if piece.shown else None
    if keeper is not None:
        facts = {"piece": piece.pk, "photo": piece.sha256, "shown": piece.shown_sha256, "instead_of": piece.sha256}
        who = by if isinstance(by, User) else ANONYMOUS
        append(
            keeper.locked(to.address), "covered", by=who, at=clock.now(), facts=facts | {"blocks": len(piece.covered)}
        )
    piece.address, piece.attached_at = to.address, to.at
    piece.save(update_fields=["address", "attached_at"])
    to.delete()
