"""Ingredients brought in from Excel: what each line would do, and doing it as it was seen, all of it or nothing."""

from typing import Any

from django.db import transaction

from canteen.models import ALLERGENS, FOOD, Ingredient
from canteen.rules.ingredients import keeps_the_list
from portal.errors import BadInput, Stale
from portal.ledger.actions import begin
from portal.orgs.models import Unit, User
from portal.sheets.importing import Change, Line, Plan, Table

from .ingredients import change_ingredient

KEY = ("name", "spec", "measure")
WRITTEN = {"category": "类别", "grams": "每单位克数", "kcal": "能量", "protein": "蛋白质", "allergens": "过敏原"}
WORDS = dict(FOOD) | dict(ALLERGENS)


def plan(table: Table, *, school: Unit) -> Plan:
    """What each line would do to this school's list as it is now."""
    known = {tuple(getattr(one, name) for name in KEY): one for one in Ingredient.objects.filter(school=school)}
    changes = []
    for line in table.lines:
        one = known.get(tuple(line.clean[name] for name in KEY))
        if one is None:
            changes.append(Change(line, "new", f"新增，{WORDS[line.clean['category']]}，按{line.clean['measure']}计"))
            continue
        said = [
            f"{WRITTEN[name]} {_word(getattr(one, name))} → {_word(to)}" for name, to in _changed(one, line).items()
        ]
        said += ["重新启用"] if one.retired_on else []
        changes.append(Change(line, "changed" if said else "same", "；".join(said), one))
    return Plan(changes, sorted(table.mistakes, key=lambda mistake: mistake.number))


@transaction.atomic
def carry_out(table: Table, *, school: Unit, seen: str, by: User) -> Plan:
    """Writes what was `seen` in the preview. Refused: any bad line; a list that has changed since."""
    keeps_the_list(by, school)
    Unit.objects.select_for_update().get(pk=school.pk)  # two imports at once: one after the other
    now = plan(table, school=school)
    if now.mistakes:
        raise BadInput(f"有 {len(now.mistakes)} 行不对，整张表都没有写入。")
    if now.digest != seen:
        raise Stale("食材在您预览之后有变化，这次没有写入。", instead="请看过新的预览再确认。")
    new = [_made(change.line, school) for change in now.changes if change.what == "new"]
    begin(new, "added", by=by, facts=[{"school": school, "category": one.category} for one in new])
    Ingredient.objects.bulk_create(new, batch_size=1000)
    for change in now.changes:
        if change.what == "changed":
            change_ingredient(change.row, by=by, retired_on=None, **_changed(change.row, change.line))
    return now


def _changed(one: Ingredient, line: Line) -> dict[str, Any]:
    """What a line says otherwise than the list; what it leaves blank stays."""
    return {
        name: line.clean[name]
        for name in WRITTEN
        if line.clean[name] not in (None, "", []) and line.clean[name] != getattr(one, name)
    }


def _made(line: Line, school: Unit) -> Ingredient:
    return Ingredient(school=school, **{name: line.clean[name] for name in (*KEY, *WRITTEN)})


def _word(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(WORDS[one] for one in value) or "空"
    return WORDS.get(value) or (f"{value.normalize():f}" if hasattr(value, "normalize") else str(value or "空"))
