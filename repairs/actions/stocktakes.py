"""盘点: opening one with everything that should be there, seeing things one by one, settling what differs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portal import clock
from portal.cases.actions import locked, open_case
from portal.cases.actors import Actor
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import BadInput, NotAllowed, WrongStep
from portal.orgs.models import Unit, User
from portal.stickers.queries import sticker_at
from repairs.flow.stocktakes import STOCKTAKES
from repairs.models import Asset, AssetState, CountLine, StockTake
from repairs.queries.stocktakes import progress_of
from repairs.rules import stocktakes as rules
from repairs.rules.assets import keeps_register

from .assets import change_asset

MOVED, SCRAP = "moved", "scrap"


@transaction.atomic
def take_stock(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a stock-take of a place and everything below it. Refused where one is open, and for others than the keepers."""
    unit: Unit = form.cleaned_data["unit"]
    if not isinstance(by, User):
        raise NotAllowed("盘点由资产管理员或总务主任开始。", who="资产管理员、总务主任")
    keeps_register(by, unit)
    Unit.objects.select_for_update().get(pk=unit.school_id)  # two who begin at once begin one
    rules.none_is_open(unit)
    title = f"{unit.name} {clock.today().year} 年资产盘点"
    return open_case(STOCKTAKES, unit=unit, title=title, by=by, opener=by, form=form, **more)


def list_assets(case: StockTake, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """Every asset that should be there, one line each; what is disposed of is not looked for."""
    there = Asset.objects.filter(unit__path__startswith=case.unit_path).exclude(state=AssetState.DISPOSED)
    lines = [
        CountLine(take_id=case.pk, asset_id=pk, expected_id=unit) for pk, unit in there.values_list("pk", "unit_id")
    ]
    CountLine.objects.bulk_create(lines, batch_size=1000)
    return {"expected": len(lines)}


def compare(case: StockTake, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """What the count came to, for the chain."""
    now = progress_of(case)
    return {name: getattr(now, name) for name in ("expected", "seen", "missing", "misplaced", "surplus")}


@transaction.atomic
def see(take: StockTake, asset: Asset, *, at: Unit | None, by: User) -> CountLine:
    """盘到了: this asset was seen, at this place (none: where it should be). Seen twice, the last place counts; at the
    same place again, nothing changes.

    Refused when the stock-take is not being counted, for people who do not keep the register, and for another school's.
    """
    if StockTake.objects.select_for_update().filter(pk=take.pk, state="counting").first() is None:
        raise WrongStep("这次盘点不在进行中。", instead="请刷新页面看最新情况。")
    keeps_register(by, asset.unit)
    if asset.school_id != take.unit.school_id:
        raise BadInput("这件资产不是本校的。", errors={"code": ["这件资产不是本校的，请放回原处并告诉对方学校。"]})
    line = CountLine.objects.filter(take=take, asset=asset).first() or CountLine(take=take, asset=asset)
    where = at.pk if at else line.found_id or line.expected_id or asset.unit_id
    if line.found_id == where:  # scanned again, or sent twice
        return line
    line.found_id = where
    line.found_at, line.found_by = clock.now(), by
    line.save()
    return line


@dataclass(frozen=True)
class Scanned:
    """What a code was: a place where one stands from now on, or an asset that was seen."""

    place: Unit | None = None
    line: CountLine | None = None

    @property
    def words(self) -> str:
        """What it was, for the one who scans."""
        if self.line is None:
            return f"现在盘{self.place.place if self.place else ''}。"
        noted = "" if self.line.found_id == self.line.expected_id else "，位置和卡片不同，已记下"
        return f"盘到了：{self.line.asset.name}（{self.line.asset.code}）{noted}。"


def scan(take: StockTake, code: str, *, at: Unit | None, by: User) -> Scanned:
    """One code of a sticker: a place's says where one stands, an asset's that it was seen there (`at`; none: where it should be).

    Refused: no such code, a place outside of what is counted, what is no asset, and whatever `see` refuses.
    """
    sticker = sticker_at(code)
    if sticker is None or sticker.revoked_at is not None:
        raise _wrong("没有这个编码，请对照贴纸再输一遍。")
    if not sticker.about:
        if not sticker.unit.path.startswith(take.unit_path):
            raise _wrong(f"{sticker.unit.place}不在这次盘点的范围里。")
        return Scanned(place=sticker.unit)
    kind, _, pk = sticker.about.partition(":")
    asset = Asset.objects.select_related("unit").filter(pk=int(pk)).first() if kind == "asset" else None
    if asset is None:
        raise _wrong("这张贴纸不是资产的。")
    return Scanned(line=see(take, asset, at=at, by=by))


def _wrong(sentence: str) -> BadInput:
    return BadInput(sentence, errors={"code": [sentence]})


@transaction.atomic
def settle(line: CountLine, *, outcome: str, reason: str, by: User) -> CountLine:
    """Says what becomes of a difference, and why; the asset's card follows. Refused before the count has ended."""
    take = locked(line.take)
    keeps_register(by, take.unit)
    if take.state != "compared":
        raise WrongStep("盘点结束以后、签字以前才能处理差异。", instead="请先点“盘点结束”。")
    if outcome == MOVED and line.found is None:
        raise BadInput("没有找到的，不能按盘到的地点改。", errors={"outcome": ["没有找到，请选另一种处理。"]})
    if outcome == MOVED and line.found is not None and line.found_id != line.asset.unit_id:
        change_asset(line.asset, by=by, reason=f"盘点：{reason}", unit=line.found)
    if outcome == SCRAP and line.asset.state != AssetState.TO_SCRAP:
        change_asset(line.asset, by=by, reason=f"盘点：{reason}", state=AssetState.TO_SCRAP)
    line.outcome, line.reason, line.settled_by = outcome, reason, by
    line.save(update_fields=["outcome", "reason", "settled_by"])
    return line
