"""What a case opened out of another begins with: what was said at the first one's opening, and its photos, shown there too."""

from typing import Any

from portal.evidence.models import Piece, Reference

from .flow import Step
from .models import Case, Words

PHOTOS, PLACE = "photos", "unit"
FIRST = 1  # the opening's place in the chain


def carried_photos(case: Case | None, step: Step) -> list[Piece]:
    """The photos the case was opened with, where the step carries them; none of a discreet case, or from a closed circle."""
    if case is None or PHOTOS not in step.carries or case.discreet or case.circle:
        return []
    again = Reference.objects.filter(address=case.address).values("piece")
    rows = Piece.objects.filter(address=case.address, attached_at=case.opened_at) | Piece.objects.filter(pk__in=again)
    return list(rows.order_by("uploaded_at", "pk"))


def begun_with(case: Case, step: Step) -> dict[str, Any]:
    """What the form of the case to be opened begins with."""
    if not step.carries or case.discreet or case.circle:
        return {}
    said = Words.objects.filter(case_id=case.pk, seq=FIRST, name__in=step.carries).values_list("name", "text")
    return dict(said) | ({PLACE: case.unit_id} if PLACE in step.carries else {})
