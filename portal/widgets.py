"""Ways of asking that the browser's own controls lack; each names its `look`, drawn by components/field.html."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms


def asked_for(field: forms.Field) -> str:
    """What is said of a field left out: 请填写“说明”。, 请选择“派给”。"""
    verb = "选择" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else "填写"
    return f"请{verb}“{field.label}”。"


def ask_for_each(fields: Mapping[str, forms.Field], *, invalid: str = "") -> None:
    """Every field left out is asked for by its name; `invalid` follows the name of one that does not hold ("要填数字")."""
    for field in fields.values():
        field.error_messages["required"] = asked_for(field)
        if invalid:
            field.error_messages["invalid"] = f"“{field.label}”{invalid}。"


class Tiles(forms.RadioSelect):
    """One of a few things as big tiles with icons; `icons` gives the icon's name for each choice's value."""

    look = "tiles"

    def __init__(self, icons: Mapping[str, str] | Callable[[], Mapping[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.icons = icons

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Gives each tile its icon."""
        option: dict[str, Any] = super().create_option(*args, **options)
        icons = self.icons() if callable(self.icons) else self.icons
        return option | {"icon": icons.get(str(option["value"]), "ellipsis")}


class Choices(forms.RadioSelect):
    """Two or three answers that weigh the same, side by side, none chosen beforehand.

    Of a line of a form: with `unfolds` the rest of the line shows once that answer is chosen (always, in old browsers).
    """

    look = "choices"

    def __init__(self, *, unfolds: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.unfolds = unfolds

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Marks the answer that unfolds the rest."""
        option: dict[str, Any] = super().create_option(*args, **options)
        if self.unfolds and str(option["value"]) == self.unfolds:
            option["attrs"]["data-unfolds"] = True
        return option


class Stars(forms.RadioSelect):
    """A rating from 1 to 5 in one row, the best on the right, none chosen beforehand."""

    look = "stars"


class Switch(forms.CheckboxInput):
    """Something to tick that has consequences; the field's help text says which, right beside it."""

    look = "switch"


class Amount(forms.NumberInput):
    """A number with its unit after it (元, 小时, 件)."""

    look = "amount"

    def __init__(self, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit
