"""私密: of a discreet case everybody who may see it sees that it exists; words, photos and the room only who deals with it.

Its title and `unit` are written for everybody (the building, not the room), so no list, notice, search, sheet or export
can tell more. The room is its `spot`; words, photos, facts and spot are shown through `reads_details` alone.
"""

from typing import Any

from portal.orgs.models import Unit, UnitKind, prefixes

INSIDE = (UnitKind.FLOOR, UnitKind.ROOM)
SENTENCE = "私密报修，详情只有报修人和办理人能看。"


def public_place(unit: Unit) -> Unit:
    """The place as everybody may know it: the building (campus, ground, school) a floor or room belongs to."""
    if unit.kind not in INSIDE:
        return unit
    above = Unit.objects.filter(path__in=prefixes(unit.path)).exclude(kind__in=INSIDE)
    return above.select_related("school").order_by("-depth")[0]


def placed(unit: Unit, *, discreet: bool) -> dict[str, Any]:
    """The columns that say where a case is."""
    return {"unit": public_place(unit), "spot": unit} if discreet else {"unit": unit}
