"""Who may see a piece: whoever may see what it is attached to or shown at, as a higher room says; before that, its uploader."""

from collections.abc import Callable, Iterable
from uuid import UUID

from portal.errors import NotThere
from portal.orgs.models import User

from .models import Piece, Reference
from .who import Bearer

Gate = Callable[[Bearer | None, str], bool]
_gates: dict[str, Gate] = {}


def on_view(prefix: str, function: Gate) -> None:
    """Registers who is asked about addresses like `prefix:17`: `function(person_or_receipt, address)` is yes or no."""
    if _gates.setdefault(prefix, function) is not function:
        raise RuntimeError(f"two gates for {prefix}")


def open_piece(id: UUID, *, by: Bearer | None) -> Piece:
    """The piece, for whoever may see its address or uploaded it a moment ago; to everybody else it is not there."""
    piece = Piece.objects.filter(pk=id).first()
    if piece is None or not _admits(piece, by):
        raise NotThere
    return piece


def attached_to(addresses: Iterable[str], *, role: str = "") -> list[Piece]:
    """What is attached to these addresses, oldest first, in one query. The caller has asked who may see them."""
    found = Piece.objects.filter(address__in=[address for address in addresses if address])
    if role:
        found = found.filter(role=role)
    return list(found.order_by("attached_at", "uploaded_at", "pk"))


def _opens(address: str, by: Bearer | None) -> bool:
    gate = _gates.get(address.partition(":")[0])
    return gate is not None and gate(by, address)


def _admits(piece: Piece, by: Bearer | None) -> bool:
    if piece.address:
        shown = Reference.objects.filter(piece=piece).values_list("address", flat=True)
        return _opens(piece.address, by) or any(_opens(address, by) for address in shown)
    if isinstance(by, User):
        return piece.uploader_id == by.pk
    digest = getattr(by, "digest", "")
    return bool(digest) and piece.receipt == digest
