"""Refusals about assets, one function each."""

from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from repairs.models import Asset, AssetState
from repairs.queries.assets import WRITERS


def keeps_register(by: User, unit: Unit) -> None:
    """The register is kept by the school's asset manager and logistics head."""
    if not may(by, WRITERS, unit.path):
        raise NotAllowed("资产由本校的资产管理员或总务主任登记和变更。", who="资产管理员、总务主任")


def not_disposed(asset: Asset) -> None:
    """What is disposed of changes no more."""
    if asset.state == AssetState.DISPOSED:
        raise Refused("这件资产已处置，卡片不能再改。", instead="如果处置登记错了，请另登一件，并写明原因。")


def free_asset_code(school: Unit, code: str, *, but: Asset | None = None) -> None:
    """One school gives each code once."""
    others = Asset.objects.filter(school=school, code=code)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise BadInput("这个资产编号已在用。", errors={"code": ["这个资产编号已在用，请换一个。"]})


def nobody_changed_it(asset: Asset, seen: int | None) -> None:
    """The card is the one the person saw."""
    if seen is not None and seen != asset.version:
        raise Stale("这张卡片刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")


def own_school(asset: Asset, unit: Unit) -> None:
    """An asset stays with its school; to another one it is allotted anew."""
    if unit.school_id != asset.school_id:
        raise BadInput("只能移到本校的地点。", errors={"unit": ["只能移到本校的地点。"]})
