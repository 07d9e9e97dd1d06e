"""Questions about stickers: whose code this is, which places have one, which schools welcome strangers."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.orgs.models import PLACE_KINDS, Unit, UnitKind

from .codes import read
from .models import Sticker, Welcome

Naming = Callable[[list[int]], dict[int, str]]
_namings: dict[str, Naming] = {}


def on_naming(kind: str, function: Naming) -> None:
    """Registers who knows what things of a kind are called: `function([17])` gives `{17: "投影机"}`."""
    _namings[kind] = function


def sticker_at(typed: str) -> Sticker | None:
    """The sticker of this code, revoked ones included; its place comes along."""
    code = read(typed)
    return Sticker.objects.select_related("unit__school").filter(code=code).first() if code else None


def places(unit: Unit) -> QuerySet[Unit]:
    """The places of a school that get a sticker: the unit and everything below it that is in use."""
    below = Unit.objects.open().under(unit.path).filter(school__isnull=False)
    return below.filter(kind__in=[*PLACE_KINDS, UnitKind.SCHOOL]).order_by("path")


def unmarked(unit: Unit) -> QuerySet[Unit]:
    """Places there without a living sticker."""
    return places(unit).filter(~Exists(living().filter(unit=OuterRef("pk"), about="")))


def living() -> QuerySet[Sticker]:
    """Stickers that open something."""
    return Sticker.objects.filter(revoked_at=None)


def below(unit: Unit, *, after: str = "", kinds: Iterable[str] = ()) -> QuerySet[Sticker]:
    """Living stickers of the places there, in the order of the tree."""
    rows = living().filter(about="", unit__in=places(unit)).select_related("unit__school").order_by("unit__path")
    rows = rows.filter(unit__kind__in=list(kinds)) if kinds else rows
    return rows.filter(unit__path__gt=after) if after else rows


def things(unit: Unit, *, after: str = "") -> QuerySet[Sticker]:
    """Living stickers of things that stand there, in the order of the tree; `after` is where the page before ended."""
    rows = living().exclude(about="").filter(unit__path__startswith=unit.path).select_related("unit__school")
    path, _, pk = after.partition(":")
    if pk.isdecimal() and len(pk) < 19:
        rows = rows.filter(Q(unit__path__gt=path) | Q(unit__path=path, pk__gt=int(pk)))
    return rows.order_by("unit__path", "pk")


def of_things(addresses: Sequence[str], codes: Sequence[str]) -> QuerySet[Sticker]:
    """Living stickers by code, or by the address of the thing they are on, in the order of the tree."""
    known = [code for code in map(read, codes) if code]
    wanted = Q(code__in=known) | Q(about__in=[one for one in addresses if one and "\x00" not in one])
    return living().filter(wanted).select_related("unit__school").order_by("unit__path", "pk")


def named(stickers: Iterable[Sticker]) -> dict[str, str]:
    """What the things on these stickers are called, by address; one question a kind."""
    wanted: dict[str, list[int]] = {}
    for one in stickers:
        kind, _, pk = one.about.partition(":")
        if kind in _namings:
            wanted.setdefault(kind, []).append(int(pk))
    return {f"{kind}:{pk}": name for kind, ids in wanted.items() for pk, name in _namings[kind](ids).items()}


def welcomes(school: Unit | None) -> bool:
    """Whether this school takes reports from strangers."""
    return school is not None and Welcome.objects.filter(school=school, is_on=True).exists()
