"""Spots for programs: who answers for them, who answered at a moment, and changing both by the pages' forms."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.errors import BadInput, NotThere
from portal.orgs.models import User
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb
from portal.wire.fields import object_of, read, valid
from portal.wire.kinds import Schema
from portal.wire.paging import Keyset, PageForm, page_of
from safety_grid.actions import cells as verbs
from safety_grid.apps import READERS, WRITERS
from safety_grid.forms import cells as typed
from safety_grid.forms.lists import DayField
from safety_grid.models import Cell, Holding
from safety_grid.queries import grid, holders_at
from safety_grid.rules.cells import keeps_grid

from .shapes import CellShape, GridEndpoint, HolderAtShape, HoldingShape

READING, KEEPING = holding(*READERS), holding(*WRITERS)
ORDER: Keyset[Cell] = Keyset(("pk",), (int,), lambda one: (one.pk,))
WHERE: Schema = {"unit": {"type": "integer", "minimum": 1, "description": "地点或单位的编号。"}}
SEEN: Schema = {"version": {"type": "integer", "minimum": 0, "description": "看到的版本；不是它就不写。"}}
LARGEST = 2**31 - 1


class CellListForm(PageForm):
    """Whose spots."""

    unit = forms.IntegerField(label="单位", required=False, min_value=1, max_value=LARGEST, help_text="和它下面的。")


class MomentOf(forms.Form):
    """Which place, and when."""

    unit = forms.IntegerField(label="地点", min_value=1, max_value=LARGEST)
    day = DayField(label="那一天")
    time = forms.TimeField(label="几点")


class Cells(GridEndpoint):
    """Spots in use, and another one."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("safety_cells", "网格：点位列表", "在用的，您看得到的。", asks=CellListForm, gives=CellShape, many=True, refuses=(404,)),
        "POST": Verb(
            "safety_cell_add", "网格：设点位", takes=object_of(typed.NewCellForm.base_fields, beside=WHERE), gives=CellShape,
            status=201, keyed=True,
        ),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of spots, the oldest first."""
        asked = self.asked()
        paths = [grid.unit_for(self.by, asked["unit"]).path] if asked["unit"] else grid.readable(self.by)
        here = Q(pk__in=[])
        for path in paths:
            here |= Q(unit__path__startswith=path)

        def ask(bounds: Q, back: bool, n: int) -> list[Cell]:
            rows = Cell.objects.filter(here, bounds, closed_on=None).select_related("unit__school")
            return list(rows.order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), CellShape)

    def post(self, request: Request) -> Response:
        """A new spot, once per `Idempotency-Key`."""
        data = read(typed.NewCellForm.base_fields, request.data, beside=("unit",))
        where = whole(request.data, "unit")

        def effect() -> dict[str, Any]:
            unit = grid.unit_for(self.by, where)
            said = typed.apart(valid(typed.NewCellForm(data, unit=unit)))
            return dict(CellShape(verbs.set_up(unit=unit, by=self.by, **said)).data)

        return self.keyed([data, where], effect, status=201)


class OneCell(GridEndpoint):
    """A spot, and changing it."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("safety_cell", "网格：一个点位", gives=CellShape),
        "POST": Verb(
            "safety_cell_change", "网格：改点位", "改了时段的，回答是接着的那个新点位。",
            takes=object_of(typed.CellForm.base_fields, beside=SEEN), gives=CellShape, refuses=(412,), keyed=True,
        ),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(CellShape(grid.cell_for(self.by, pk)).data)

    def post(self, request: Request, pk: int) -> Response:
        """Changes it, once per `Idempotency-Key`."""
        data = read(typed.CellForm.base_fields, request.data, beside=("version",))
        seen = whole(request.data, "version")

        def effect() -> dict[str, Any]:
            one = kept(self.by, pk)
            said = valid(typed.CellForm(data, unit=one.unit))
            return dict(CellShape(verbs.change_cell(one, by=self.by, seen=seen, **said)).data)

        return self.keyed([data, seen], effect)


class CellClosing(GridEndpoint):
    """停用."""

    policies = {"POST": KEEPING}
    verbs = {"POST": Verb("safety_cell_close", "网格：停用点位", takes=object_of({}), gives=CellShape, keyed=True)}

    def post(self, request: Request, pk: int) -> Response:
        """Closes it, once per `Idempotency-Key`."""
        data = read({}, request.data)
        return self.keyed(data, lambda: dict(CellShape(verbs.close_cell(kept(self.by, pk), by=self.by)).data))


class CellHolders(GridEndpoint):
    """Who answered for a spot, and putting somebody in charge."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("safety_cell_holders", "网格：历任责任人", "新的在前，最多 30 位。", gives=HoldingShape(many=True)),
        "POST": Verb(
            "safety_cell_hold", "网格：定责任人", takes=object_of(typed.HoldForm.base_fields), gives=HoldingShape, status=201,
            keyed=True,
        ),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """The latest first."""
        return Response(HoldingShape(grid.history(grid.cell_for(self.by, pk)), many=True).data)

    def post(self, request: Request, pk: int) -> Response:
        """Puts somebody in charge, once per `Idempotency-Key`."""
        data = read(typed.HoldForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            one = kept(self.by, pk)
            said = valid(typed.HoldForm(data, unit=one.unit))
            return dict(HoldingShape(verbs.put_in_charge(cell=one, by=self.by, **said)).data)

        return self.keyed(data, effect, status=201)


class HoldingRelease(GridEndpoint):
    """卸任."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb(
            "safety_holding_release", "网格：卸任", takes=object_of(typed.ReleaseForm.base_fields), gives=HoldingShape, keyed=True
        )
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """At once, or with a last day; once per `Idempotency-Key`."""
        data = read(typed.ReleaseForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            said = valid(typed.ReleaseForm(data))
            return dict(HoldingShape(verbs.release(kept_holding(self.by, pk), by=self.by, until=said["until"])).data)

        return self.keyed(data, effect)


class HoldingSubstitute(GridEndpoint):
    """换代班."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb(
            "safety_holding_substitute", "网格：换代班", "回答是从现在起的那一段。",
            takes=object_of(typed.SubstituteForm.base_fields), gives=HoldingShape, keyed=True,
        )
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """From now on; once per `Idempotency-Key`."""
        data = read(typed.SubstituteForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            one = kept_holding(self.by, pk)
            said = valid(typed.SubstituteForm(data, unit=one.cell.unit))
            return dict(HoldingShape(verbs.replace_substitute(one, by=self.by, substitute=said["substitute"])).data)

        return self.keyed(data, effect)


class HoldersAt(GridEndpoint):
    """那一刻谁负责."""

    policies = {"GET": READING}
    verbs = {
        "GET": Verb(
            "safety_holders_at", "网格：那一刻谁负责", "这个地点的点位；没有人负责的，往上找最近一级。", asks=MomentOf, refuses=(404,),
            gives=HolderAtShape(many=True),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """Everybody who answered for the place at that moment."""
        asked = self.asked()
        at = datetime.combine(asked["day"], asked["time"], clock.SCHOOL_TIME)
        return Response(HolderAtShape(holders_at(grid.unit_for(self.by, asked["unit"]), at), many=True).data)


def kept(by: User, pk: int) -> Cell:
    """A cell of a grid this person keeps."""
    cell = grid.cell_for(by, pk)
    keeps_grid(by, cell.unit)
    return cell


def kept_holding(by: User, pk: int) -> Holding:
    """A holding of a grid this person keeps."""
    one = Holding.objects.select_related("person", "substitute", "cell__unit__school").filter(pk=pk).first()
    if one is None:
        raise NotThere
    kept(by, one.cell_id)
    return one


def whole(body: Any, name: str) -> int | None:
    """A number that stands beside the form's fields."""
    value = body.get(name) if isinstance(body, dict) else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise BadInput(f"{name} 要用整数。", errors={name: ["要用整数。"]})
    return value
