"""What people may say about a photo: which cells of the grid over it to cover."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from portal.wire.kinds import Kind, Schema, map_field, several, spelled

from .grids import COLUMNS, MOST_ROWS, NAME, Grid

WANTED = "这一项要用格子的列表，写成“行-列”，如 3-5。"


class Cell(NamedTuple):
    """One cell on the page: its name in the form, in words, whether it is covered already and whether it is ticked."""

    name: str
    words: str
    covered: bool
    ticked: bool


class CellsField(forms.MultipleChoiceField):
    """Cells of a grid by their names; cleaned, their numbers. The form says which grid it is."""

    grid: Grid | None = None

    def validate(self, value: Any) -> None:
        """Refused: none, and a cell the grid does not have."""
        if not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if self.grid is None or any(self.grid.number(name) is None for name in value):
            raise ValidationError("照片上没有这一格，请重新打开页面再点选。", code="invalid_choice")

    def clean(self, value: Any) -> list[int]:
        """The numbers, each once, in order."""
        names = super().clean(value)
        return sorted({number for name in names if self.grid and (number := self.grid.number(name)) is not None})


def _schema(_: Any) -> Schema:
    item = {"type": "string", "pattern": f"^{NAME.pattern}$"}
    return {"type": "array", "items": item, "minItems": 1, "maxItems": COLUMNS * MOST_ROWS}


map_field(CellsField, Kind("cells", _schema, several(spelled(NAME, WANTED), WANTED)))


class CoverForm(forms.Form):
    """Which cells to cover."""

    cells = CellsField(
        label="要遮住的格子",
        help_text="行和列都从 1 数起，如 3-5 是第 3 行第 5 列。",
        error_messages={"required": "请先点选要遮住的格子。"},
    )

    def __init__(self, data: Any = None, *, grid: Grid) -> None:
        super().__init__(data)
        self.grid = grid
        field = self.fields["cells"]
        assert isinstance(field, CellsField)
        field.grid = grid

    def drawn(self, covered: Collection[int]) -> list[Cell]:
        """Every cell of the grid in its order, as the page shows it."""
        ticked = set(self["cells"].value() or ())
        names = [self.grid.name(number) for number in range(self.grid.size)]
        return [
            Cell(name, "第 {} 行第 {} 列".format(*name.split("-")), number in covered, name in ticked)
            for number, name in enumerate(names)
        ]
