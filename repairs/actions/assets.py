"""The only writers of assets: entering a card, correcting it, and moving it, with a reason; each in the ledger."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal import clock
from portal.errors import BadInput
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.ledger.actions import append, entry, write
from portal.orgs.models import Unit, User
from portal.stickers.actions import follow, stick
from repairs.models import Asset, AssetChange
from repairs.rules import assets as rules

CARD = ("code", "name", "kind", "spec", "price", "quantity", "got_on", "source", "supplier", "warranty_until")
PLACING = ("unit", "keeper", "state")
CHAINED = ("kind", "price", "quantity", "got_on", "source", "warranty_until", "unit", "keeper", "state")  # no free text


@transaction.atomic
def enter_asset(*, unit: Unit, by: User, photos: list[Piece] | None = None, **card: Any) -> Asset:
    """登记: a new card at a place of a school, with its sticker.

    Refused for people who do not keep the register there, outside schools, and for a code in use.
    """
    rules.keeps_register(by, unit)
    if unit.school is None:
        raise BadInput("请选择学校里的具体地点。", errors={"unit": ["请选择学校里的具体地点。"]})
    Unit.objects.select_for_update().get(pk=unit.school_id)  # one code once, whoever comes at the same moment
    rules.free_asset_code(unit.school, card["code"])
    at = clock.now()
    asset = Asset.objects.create(school=unit.school, unit=unit, made_at=at, **card)
    facts = {name: getattr(asset, name) for name in CHAINED}
    if photos:
        facts["photos"] = {"photo": [one.sha256 for one in photos]}
    append(asset, "entered", by=by, at=at, facts=facts)
    if photos:
        attach(photos, to=asset.address, role="photo", by=by, at=at)
    stick([(unit, asset.address)], by=by)
    return asset


@transaction.atomic
def enter_many(school: Unit, cards: list[dict[str, Any]], *, by: User) -> list[Asset]:
    """登记 of many at one school, in a few statements however many, with their stickers; the caller has judged the cards.

    Refused for people who do not keep the register there.
    """
    rules.keeps_register(by, school)
    at = clock.now()
    made = Asset.objects.bulk_create([Asset(school=school, made_at=at, **one) for one in cards], batch_size=1000)
    write([entry(one, "entered", by=by, at=at, facts={name: getattr(one, name) for name in CHAINED}) for one in made])
    Asset.objects.bulk_update(made, ["chain_seq", "chain_head"], batch_size=500)
    stick([(one.unit, one.address) for one in made], by=by)
    return made


@transaction.atomic
def change_asset(
    asset: Asset, *, by: User, reason: str, seen: int | None = None, photos: list[Piece] | None = None, **to: Any
) -> Asset:
    """变更: the card, the place, the keeper or the state, with a reason; only what differs is written.

    Refused: people who do not keep the register, what is disposed of, a card changed meanwhile, a place of another school.
    """
    asset = Asset.objects.select_for_update(of=("self",)).select_related("unit", "school").get(pk=asset.pk)
    rules.keeps_register(by, asset.unit)
    rules.not_disposed(asset)
    rules.nobody_changed_it(asset, seen)
    changed = {name: value for name, value in to.items() if name in CARD + PLACING and getattr(asset, name) != value}
    if "unit" in changed:
        rules.own_school(asset, changed["unit"])
    if "code" in changed:
        rules.free_asset_code(asset.school, changed["code"], but=asset)
    if not changed and not photos:
        raise BadInput("没有改动，不用保存。", instead="改了什么再提交。")
    _write(asset, changed, reason, photos or [], by=by)
    if "unit" in changed:
        follow(asset.address, to=changed["unit"], by=by)
    return asset


def _write(asset: Asset, changed: Mapping[str, Any], reason: str, photos: list[Piece], *, by: User) -> None:
    at, salt = clock.now(), secrets.token_hex(16)
    for name, value in changed.items():
        setattr(asset, name, value)
    asset.version += 1
    asset.save(update_fields=[*changed, "version"])
    facts: dict[str, Any] = {name: value for name, value in changed.items() if name in CHAINED}
    facts |= {"changed": sorted(changed), "words": {"reason": hashlib.sha256(f"{salt}{reason}".encode()).hexdigest()}}
    if photos:
        facts["photos"] = {"photo": [one.sha256 for one in photos]}
    event = append(asset, "changed", by=by, at=at, facts=facts)
    AssetChange.objects.create(asset=asset, seq=event.seq, words=reason, salt=salt)
    if photos:
        attach(photos, to=asset.address, role="photo", by=by, at=at)
