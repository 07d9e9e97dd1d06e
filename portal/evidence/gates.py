"""Who may see a piece: whoever may see what it is attached to or shown at, as a higher room says; before that, its uploader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from portal.errors import NotThere
from portal.ledger.models import Chained

from .models import Piece, Reference
from .who import Bearer, is_own

Gate = Callable[[Bearer | None, str], bool]
_gates: dict[str, Gate] = {}


def on_view(prefix: str, function: Gate) -> None:
    """Registers who is asked about addresses like `prefix:17`: `function(person_or_receipt, address)` is yes or no."""
    if _gates.setdefault(prefix, function) is not function:
        raise RuntimeError(f"two gates for {prefix}")


@dataclass(frozen=True)
class Keeper:
    """What a higher room says about covering the photos of its addresses (`covering.py`).

    `covers` and `uncovers` say who may cover one and who may look at the original, `locked` gives what the address is,
    locked, with the chain that keeps it, and `page` where its page is.
    """

    covers: Callable[[Bearer | None, Piece], bool]
    uncovers: Callable[[Bearer | None, Piece], bool]
    locked: Callable[[str], Chained]
    page: Callable[[str], str]


_keepers: dict[str, Keeper] = {}


def on_cover(prefix: str, keeper: Keeper) -> None:
    """Registers whose word counts for photos at addresses like `prefix:17`; where nobody does, none can be covered."""
    if _keepers.setdefault(prefix, keeper) is not keeper:
        raise RuntimeError(f"two keepers for {prefix}")


def keeper_of(address: str) -> Keeper | None:
    """Whose word counts for the photos at this address."""
    return _keepers.get(address.partition(":")[0])


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
    return is_own(by, uploader=piece.uploader_id, receipt=piece.receipt)
