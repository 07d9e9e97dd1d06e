"""Photos of a case: who may see them, cover parts of them and look beneath, and how they stand on its page."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.errors import NotThere
from portal.evidence.gates import Keeper
from portal.evidence.models import Piece, PieceKind
from portal.evidence.who import is_own
from portal.ledger.models import Event
from portal.orgs.models import User
from portal.templatetags.sunlit import when

from .access import covers, reads_details, sees, uncovers
from .actors import Actor, Receipt
from .flow import Step, address_of
from .models import Case


@dataclass(frozen=True)
class Shot:
    """A photo on the page: what it was taken at, when, how many cells of it are covered, where one may cover more."""

    url: str
    thumb_url: str
    label: str = "照片"
    when: str = ""
    covered: int = 0
    cover_url: str = ""


def shot(piece: str, *, shown: str = "", **more: Any) -> Shot:
    """Where a piece is served; `shown`, the digest of what covers it, keeps a phone from showing what it has seen before."""
    at = f"?v={shown[:12]}" if shown else ""
    url, thumb_url = (f"{reverse(name, args=[piece])}{at}" for name in ("evidence:photo", "evidence:thumbnail"))
    return Shot(url, thumb_url, **more)


def shots_of(event: Event, *, case: Case | None = None, by: Actor | None = None, label: str = "照片") -> list[Shot]:
    """The photos the chain says came with this event; with a `case`, where `by` may cover them."""
    digests = {digest for many in event.facts.get("photos", {}).values() for digest in many}
    pieces: list[dict[str, Any]] = event.shown  # type: ignore[attr-defined]
    return [
        shot(one["id"], shown=one["shown_sha256"], label=label, when=when(event.at), covered=len(one["covered"]),
             cover_url=_cover_url(one, case, by))
        for one in pieces if one["sha256"] in digests
    ]  # fmt: skip


def taken_at(step: Step | None) -> str:
    """What a photo was taken at: the step's sentence, or its name where the sentence names people."""
    said = step.says if step and "{" not in step.says else ""
    return f"{said or (step.title if step else '')}时"


def covered_words(event: Event) -> str:
    """How many of the photos that came with this event were covered before they were sent."""
    n = len(event.facts.get("covered", {}))
    return f"（{n} 张发送前遮挡过）" if n else ""


def may_view(by: object, address: str) -> bool:
    """Photos of a case are served to those who may see the case, and of a discreet one its details."""
    case = _case_at(address)
    if case is None or not isinstance(by, User | Receipt):
        return False
    return sees(by, case) and reads_details(by, case, ask=True)


def _may_cover(by: object, piece: Piece) -> bool:
    case = _case_at(piece.address)
    if case is None or not isinstance(by, User | Receipt):
        return False
    own = is_own(by, uploader=piece.uploader_id, receipt=piece.receipt)
    return sees(by, case) and covers(by, case, own=own, ask=True)


def _may_uncover(by: object, piece: Piece) -> bool:
    case = _case_at(piece.address)
    return case is not None and isinstance(by, User) and sees(by, case) and uncovers(by, case, ask=True)


def _cover_url(piece: dict[str, Any], case: Case | None, by: Actor | None) -> str:
    at_home = (
        case is not None and piece["address"] == case.address
    )  # what is shown here too is covered where it came from
    if case is None or by is None or not at_home or piece["kind"] != PieceKind.PHOTO:
        return ""
    own = is_own(by, uploader=piece["uploader_id"], receipt=piece["receipt"])
    return reverse("evidence:cover", args=[piece["id"]]) if covers(by, case, own=own) else ""


def _case_at(address: str) -> Case | None:
    pk = address.partition(":")[2]
    return Case.objects.select_related("opener").filter(pk=int(pk)).first() if pk.isdigit() else None


def _locked(address: str) -> Case:
    case = Case.objects.select_for_update().filter(pk=address.partition(":")[2]).first()
    if case is None:
        raise NotThere
    return case


def _page(address: str) -> str:
    case = _case_at(address)
    return address_of(case) if case else "/"


KEEPER = Keeper(covers=_may_cover, uncovers=_may_uncover, locked=_locked, page=_page)
