"""A register brought in from Excel: what each line would do, and doing it as it was seen, all of it or nothing."""

from typing import Any

from django.db import transaction

from portal.errors import BadInput, Stale
from portal.orgs.models import Unit, User
from portal.sheets.importing import Change, Line, Mistake, Plan, Table
from repairs.models import Asset, AssetKind, AssetSource, AssetState
from repairs.queries.assets import PARTS
from repairs.rules import assets as rules

from .assets import CARD, PLACING, change_asset, enter_many

CHOICES = {"kind": dict(AssetKind.choices), "source": dict(AssetSource.choices), "state": dict(AssetState.choices)}
WHY = "导入 Excel"
DEFAULTS = {"quantity": 1, "source": AssetSource.BOUGHT, "state": AssetState.IN_USE}


def plan(table: Table, *, school: Unit) -> Plan:
    """What each line would do to this school's register as it is now."""
    rows = Asset.objects.filter(school=school, code__in=[line.clean["code"] for line in table.lines])
    known = {one.code: one for one in rows.select_related("unit", "keeper")}
    changes, mistakes = [], list(table.mistakes)
    for line in table.lines:
        asset = known.get(line.clean["code"])
        if asset is None:
            changes.append(Change(line, "new", f"新增 {line.clean['name']}"))
            continue
        words = "；".join(
            f"{PARTS[name]} {_word(asset, name)} → {_word(asset, name, to)}" for name, to in _differences(asset, line)
        )
        if words and asset.state == AssetState.DISPOSED:
            mistakes.append(Mistake(line.number, "这件资产已处置，卡片不能再改。"))
        else:
            changes.append(Change(line, "changed" if words else "same", words, asset))
    return Plan(changes, sorted(mistakes, key=lambda one: one.number))


@transaction.atomic
def carry_out(table: Table, *, school: Unit, seen: str, by: User) -> Plan:
    """Writes what was `seen` in the preview. Refused: any bad line; a register that has changed since."""
    rules.keeps_register(by, school)
    Unit.objects.select_for_update().get(pk=school.pk)  # one code once, whoever comes at the same moment
    now = plan(table, school=school)
    if now.mistakes:
        raise BadInput(f"有 {len(now.mistakes)} 行不对，整张表都没有写入。")
    if now.digest != seen:
        raise Stale("资产在您预览之后有变化，这次没有写入。", instead="请看过新的预览再确认。")
    enter_many(school, [_card(change.line) for change in now.changes if change.what == "new"], by=by)
    for change in now.changes:
        if change.what == "changed":
            change_asset(change.row, by=by, reason=WHY, **dict(_differences(change.row, change.line)))
    return now


def _card(line: Line) -> dict[str, Any]:
    """The card of a new asset; what is left out has its usual value."""
    said = {name: value for name, value in line.clean.items() if value not in (None, "")}
    return DEFAULTS | said


def _differences(asset: Asset, line: Line) -> list[tuple[str, Any]]:
    """What the line says otherwise; what it leaves out stays."""
    said = [(name, line.clean.get(name)) for name in CARD + PLACING]
    return [(name, value) for name, value in said if value not in (None, "") and value != getattr(asset, name)]


def _word(asset: Asset, name: str, value: Any = None) -> str:
    value = getattr(asset, name) if value is None else value
    choices = CHOICES.get(name, {})
    if isinstance(value, Unit):
        return value.place
    return str(choices.get(value) or getattr(value, "name", value) or "空")
