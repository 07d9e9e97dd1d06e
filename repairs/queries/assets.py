"""Questions about assets: which a person may see, one card with its history, what repairs have cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from portal.cases.faces import CaseRow, rows_of
from portal.cases.photos import Shot, shot
from portal.cases.queries import cases
from portal.errors import NotThere
from portal.evidence.gates import attached_to
from portal.evidence.models import Piece
from portal.ledger.models import Event
from portal.ledger.queries import chain_of
from portal.orgs.access import holds, may, scope
from portal.orgs.models import Unit, User
from portal.orgs.roles import HEADS
from portal.stickers.doors import Door
from portal.stickers.models import Sticker
from portal.templatetags.sunlit import when
from repairs.models import Asset, AssetChange, AssetKind, AssetSource, AssetState, Ticket

WRITERS = ("asset_manager", "logistics_head")
READERS = (*WRITERS, *HEADS, "repairs_officer", "director", "discipline_inspector")
PAGE = 30
SHOWN = 20  # repairs of one asset on its page
PARTS = {
    "code": "资产编号", "name": "名称", "kind": "分类", "spec": "规格型号", "price": "单价", "quantity": "数量",
    "got_on": "取得日期", "source": "来源", "supplier": "供应商", "warranty_until": "保修到", "unit": "地点",
    "keeper": "保管人", "state": "状态",
}  # fmt: skip


PLAIN = {"entered": "登记入册", "covered": "遮挡了照片的一部分", "saw_original": "看了照片遮挡前的原图"}


@dataclass(frozen=True)
class AssetFilters:
    """What a list of assets is narrowed to; kept in its address."""

    q: str = ""
    state: str = ""
    kind: str = ""
    place: str = ""


def assets_of(by: User) -> QuerySet[Asset]:
    """The assets a person may read: those of the schools where a post of theirs keeps or oversees them."""
    tree = Q(pk__in=[])
    for path in scope(by, *READERS):
        tree |= Q(unit__path__startswith=path)
    return Asset.objects.filter(tree).select_related("unit", "school", "keeper")


def asset_at(pk: int, *, by: User, writing: bool = False) -> Asset:
    """One asset; not there for those who may not read it. A write asks the database again."""
    one = assets_of(by).filter(pk=pk).first()
    if one is None or (writing and not may(by, READERS, one.unit.path)):
        raise NotThere
    return one


def writes(by: User, asset: Asset) -> bool:
    """Whether the person keeps this asset's register, for buttons."""
    return holds(by, WRITERS, asset.unit.path)


def narrowed(rows: QuerySet[Asset], asked: AssetFilters) -> QuerySet[Asset]:
    """Applies the filters of a list; words are looked for in code, name, spec and keeper."""
    if asked.state in AssetState.values:
        rows = rows.filter(state=asked.state)
    if asked.kind in AssetKind.values:
        rows = rows.filter(kind=asked.kind)
    if asked.place:
        rows = rows.filter(unit__path__startswith=asked.place)
    if asked.q:
        words = asked.q
        rows = rows.filter(
            Q(code__istartswith=words) | Q(name__icontains=words) | Q(spec__icontains=words) | Q(keeper__name=words)
        )
    return rows


def newest(rows: QuerySet[Asset], *, before: str = "", n: int = PAGE + 1) -> list[Asset]:
    """A keyset page, newest first."""
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    return list(rows.order_by("-pk")[:n])


def repairs_of(asset: Asset, *, by: User) -> list[CaseRow]:
    """The repairs of an asset the person may see, newest first."""
    found = Ticket.objects.filter(asset=asset).values("pk")
    return rows_of(cases().filter(pk__in=found).visible_to(by).newest(SHOWN))


def cost_of(asset: Asset) -> Decimal:
    """What materials for all its repairs have cost, in 元."""
    total: Decimal | None = Ticket.objects.filter(asset=asset).aggregate(cost=Sum("cost"))["cost"]
    return total or Decimal(0)


def facts_of_asset(asset: Asset) -> list[tuple[str, str]]:
    """The card in labels and words."""
    price = f"{asset.price:,.2f} 元" if asset.price is not None else ""
    rows = [
        ("资产编号", asset.code), ("分类", asset.get_kind_display()), ("规格型号", asset.spec), ("单价", price),
        ("数量", str(asset.quantity)), ("原值", f"{asset.worth:,.2f} 元" if asset.worth is not None else ""),
        ("取得", f"{asset.got_on or ''} {AssetSource(asset.source).label}".strip()), ("供应商", asset.supplier),
        ("保修到", str(asset.warranty_until or "")), ("存放地点", asset.unit.place),
        ("保管人", asset.keeper.name if asset.keeper else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value]


@dataclass(frozen=True)
class Told:
    """One line of a card's history."""

    at: object
    who: str
    words: str
    reason: str


def history(asset: Asset) -> list[Told]:
    """What happened to the card, newest first: who changed which parts, and why."""
    events = list(chain_of(asset.address))
    names = dict(
        User.objects.filter(pk__in=[int(e.who[7:]) for e in events if e.who.startswith("person:")]).values_list(
            "pk", "name"
        )
    )
    places = dict(Unit.objects.filter(pk__in=_ids(events, "unit")).values_list("pk", "name"))
    keepers = dict(User.objects.filter(pk__in=_ids(events, "keeper")).values_list("pk", "name"))
    reasons = dict(AssetChange.objects.filter(asset=asset).values_list("seq", "words"))

    def words(event: Event) -> str:
        if event.verb in PLAIN:
            return PLAIN[event.verb]
        said = []
        for name in event.facts.get("changed", []):
            to = event.facts.get(name)
            shown = {"unit": places.get(to), "keeper": keepers.get(to), "state": dict(AssetState.choices).get(to)}.get(
                name
            )
            said.append(f"{PARTS[name]}改为{shown}" if shown else f"改了{PARTS[name]}")
        return "，".join(said) or "改了卡片"

    return [
        Told(
            e.at,
            names.get(int(e.who[7:]), "已离开的人") if e.who.startswith("person:") else "系统",
            words(e),
            reasons.get(e.seq, ""),
        )
        for e in reversed(events)
    ]


def _ids(events: Iterable[Event], name: str) -> set[int]:
    return {value for e in events if isinstance(value := e.facts.get(name), int)}


def asset_in(value: object, place: Unit) -> Asset | None:
    """The asset named in a form or an address, if it is one of this place's school."""
    pk = str(value or "")
    return Asset.objects.filter(pk=int(pk), school=place.school_id).first() if pk.isdecimal() and len(pk) < 18 else None


def names_of(ids: list[int]) -> dict[int, str]:
    """What assets are called on their stickers."""
    return dict(Asset.objects.filter(pk__in=ids).values_list("pk", "name"))


def sees_asset(by: object, address: str) -> bool:
    """Photos of an asset are served to those who may read its card."""
    pk = address.partition(":")[2]
    return isinstance(by, User) and pk.isdigit() and assets_of(by).filter(pk=int(pk)).exists()


def covers_photo(by: object, piece: Piece) -> bool:
    """Whoever keeps the register covers its photos, and whoever took one their own."""
    if not isinstance(by, User) or not sees_asset(by, piece.address):
        return False
    return piece.uploader_id == by.pk or _keeps_photos(by, piece)


def uncovers_photo(by: object, piece: Piece) -> bool:
    """Only those who keep the register look at what lies beneath (ADR 0015)."""
    return sees_asset(by, piece.address) and _keeps_photos(by, piece)


def _keeps_photos(by: object, piece: Piece) -> bool:
    unit = Unit.objects.filter(assets__pk=piece.address.partition(":")[2]).first()
    return isinstance(by, User) and unit is not None and may(by, WRITERS, unit.path)


def locked_at(address: str) -> Asset:
    """The asset, locked, as the holder of its photos' chain."""
    found = Asset.objects.select_for_update(of=("self",)).filter(pk=address.partition(":")[2]).first()
    if found is None:
        raise NotThere
    return found


def card_at(address: str) -> str:
    """Where its card is."""
    return reverse("repairs:asset", args=[address.partition(":")[2]])


def shots_of(asset: Asset, *, by: User) -> list[Shot]:
    """Its last three photos, where this person may cover them."""
    keeps = writes(by, asset)
    return [
        shot(
            str(one.pk), shown=one.shown_sha256, covered=len(one.covered), label=asset.name, when=when(one.attached_at),
            cover_url=reverse("evidence:cover", args=[one.pk]) if keeps or one.uploader_id == by.pk else "",
        )
        for one in attached_to([asset.address])[-3:]
    ]  # fmt: skip


def doors_of(sticker: Sticker, by: User) -> list[Door]:
    """What a scan of an asset's sticker offers those who read the register: its card."""
    kind, _, pk = sticker.about.partition(":")
    if kind != "asset" or not holds(by, READERS, sticker.unit.path):
        return []
    return [Door("资产卡", "package", f"/repairs/assets/{pk}/", "看卡片、维修记录，变更地点和保管人")]
