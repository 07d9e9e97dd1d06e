"""Where a case is opened, for somebody who cannot choose from the tree now: the places they reported from last, or one
said by its name or by the code on its sticker."""

from django.http import QueryDict

from portal.errors import BadInput
from portal.orgs.access import places_for
from portal.orgs.models import Unit, User
from portal.stickers.queries import sticker_at

from .flow import Flow

RECENT = 6  # places offered again
READ_BACK = 30  # of one's own cases, for these
MANY = 8  # places of one name that are still worth offering
LONGEST = 40  # characters of a place's name


def recent_places(flow: Flow, *, by: User) -> list[Unit]:
    """Where this person opened such cases last, the latest first; only places they may still report from."""
    cases = flow.model._base_manager.filter(opener=by).order_by("-pk").values_list("unit_id", flat=True)[:READ_BACK]
    order = list(dict.fromkeys(cases))[:RECENT]
    found = (
        places_for(by).filter(pk__in=order, school__isnull=False).select_related("school").in_bulk() if order else {}
    )
    return [found[pk] for pk in order if pk in found]


def places_named(words: str, *, by: User) -> list[Unit]:
    """The person's places whose name holds every word; one that is called exactly that stands alone."""
    places = places_for(by).filter(school__isnull=False).select_related("school").order_by("path")
    exact = list(places.filter(name=words)[:2])
    if len(exact) == 1:
        return exact
    for word in words.split():
        places = places.filter(label__icontains=word)
    return list(places[: MANY + 1])


def settle_place(data: QueryDict, *, by: User) -> list[Unit]:
    """Puts the place that was typed (`where`) into the form's `unit`; gives the places it may mean when they are several.

    Refused: no place is called that. Nothing typed leaves the form as it is.
    """
    words = " ".join(data.get("where", "").replace("\x00", "").split())[:LONGEST]
    if not words:
        return []
    found = _stuck_on(words, data, by=by) or places_named(words, by=by)
    if len(found) == 1:
        data["unit"] = str(found[0].pk)
        return []
    if not found or len(found) > MANY:
        why = "有很多，请写得更准一些，如“教学楼 203”" if found else "没有找到，请换个写法，如“203”"
        raise BadInput(f"叫“{words}”的地点{why}。", errors={"unit": [f"叫“{words}”的地点{why}。"]})
    return found


def _stuck_on(code: str, data: QueryDict, *, by: User) -> list[Unit]:
    """The place of a living sticker, if the person may report there; a thing's sticker also names the thing."""
    sticker = sticker_at(code)
    if sticker is None or sticker.revoked_at is not None:
        return []
    for name, value in sticker.asked.items():
        data.setdefault(name, value)
    return list(places_for(by).filter(pk=sticker.unit_id, school__isnull=False).select_related("school"))
