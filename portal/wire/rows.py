"""A field that holds lines: 1 to n rows of the same small form, as repeated inputs on a page and as objects for programs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.errors import BadInput
from portal.widgets import ask_for_each

from .fields import object_of, read
from .kinds import SMALL, Kind, Mismatch, Schema, map_field

Row = dict[str, Any]
LINE = re.compile(r"(?P<rows>[a-z_]+)-(?P<at>[0-9]{1,4})-(?P<field>[a-z_]+)")  # an input of one line: items-0-photos


class Typed(dict[str, Any]):
    """A row as somebody sent it, to be shown with what is wrong in it; a plain one is shown as it is."""


class RowForm(forms.Form):
    """One line. It knows who acts and the case of the form around it (none when a case is opened).

    The fields it `folds` are seldom needed: a page shows them behind one tap, or at once where one is filled in or wrong.
    """

    folds: tuple[str, ...] = ()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, by: Any = None, case: Any = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.by, self.case = by, case
        ask_for_each(self.fields)
        for field in self.fields.values():
            if hasattr(field, "bind"):  # photos of one line
                field.bind(by)

    def heading(self) -> str:
        """What stands above the line's inputs; blank: its number is enough."""
        return ""

    def note(self) -> str:
        """What is said in small letters below that."""
        return ""

    @property
    def upfront(self) -> list[forms.BoundField]:
        """What is asked at once."""
        return [field for field in self.visible_fields() if field.name not in self.folds]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What is asked behind one tap."""
        return [field for field in self.visible_fields() if field.name in self.folds]

    @property
    def is_unfolded(self) -> bool:
        """Whether something of that is filled in or wrong."""
        return any(field.errors or _said(field.value()) for field in self.folded)

    def suggests(self) -> Mapping[str, Sequence[str]]:
        """Words offered while typing, by field."""
        return {}


class RowsInput(forms.Widget):
    """Every line typed so far and a few empty ones; a button sends the form to get one more, nothing lost, no script."""

    template_name = "components/lines.html"
    use_fieldset = True
    field: "RowsField"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """A program's list as it is; a page's inputs `name-0-quantity` as rows in their order, blank ones left out."""
        if name in data and not isinstance(data[name], str):
            return data[name]
        found: dict[int, Row] = {}
        row: type[Row] = dict if "more" in data else Typed
        for key in data:
            match = LINE.fullmatch(key)
            if match and match["rows"] == name and match["field"] in self.field.row.base_fields:
                widget = self.field.row.base_fields[match["field"]].widget
                found.setdefault(int(match["at"]), row())[match["field"]] = widget.value_from_datadict(data, files, key)
        return [found[at] for at in sorted(found) if any(_said(one) for one in found[at].values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Empty lines are an answer, too."""
        return False

    def use_required_attribute(self, initial: Any) -> bool:
        """Empty lines may stay empty."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Every line as a bound form, the empty ones behind them, and the words offered while typing."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        typed = [one for one in value or [] if isinstance(one, Mapping)]
        lines = [self.field.shown(one, prefix=f"{name}-{at}") for at, one in enumerate(typed)]
        spare = (
            0 if self.field.fixed else max(1, self.field.spare - len(typed)) if len(typed) < self.field.max_count else 0
        )
        lines += [self.field.shown({}, prefix=f"{name}-{len(typed) + at}") for at in range(spare)]
        offered = {one: f"{name}-{one}" for one in (lines[0].suggests() if lines else {})}
        for line in lines:
            for field, list_id in offered.items():
                line.fields[field].widget.attrs["list"] = list_id
        words = lines[0].suggests() if lines else {}
        lists = [(list_id, words[field]) for field, list_id in offered.items()]
        context["widget"] |= {"lines": lines, "lists": lists, "more": bool(spare), "noun": self.field.noun}
        context["widget"]["sheet"] = self.field.sheet
        return context


class RowsField(forms.Field):
    """A list of 1 to `max_count` rows, each judged by the form `row`; cleaned, a list of that form's clean values.

    `spare` empty lines are offered. With `fixed` no line may be added: they are given as initial value. `noun` is what
    one line is called. With `once` no two lines may name the same thing in that field. A `sheet` shows a line as one row,
    its first input beside its heading and the others once that one is filled in.
    """

    widget = RowsInput

    def __init__(
        self,
        row: type[RowForm],
        *,
        max_count: int = 40,
        spare: int = 2,
        fixed: bool = False,
        noun: str = "行",
        once: str = "",
        sheet: bool = False,
        **options: Any,
    ) -> None:
        self.row, self.max_count, self.spare, self.fixed = row, max_count, spare, fixed
        self.noun, self.once, self.sheet = noun, once, sheet
        self.by: Any = None
        self.case: Any = None
        super().__init__(**options)
        self._tell_widget()

    def __deepcopy__(self, memo: dict[int, Any]) -> "RowsField":
        copied: RowsField = super().__deepcopy__(memo)
        copied._tell_widget()
        return copied

    def _tell_widget(self) -> None:
        self.widget.field = self
        self.widget.needs_multipart_form = any(
            field.widget.needs_multipart_form for field in self.row.base_fields.values()
        )

    def bind(self, *, by: Any, case: Any) -> None:
        """Says who fills in the form, and about which case."""
        self.by, self.case = by, case

    def shown(self, row: Mapping[str, Any], *, prefix: str) -> RowForm:
        """One line's form as its page shows it: judged if somebody sent it, else as it is."""
        if isinstance(row, Typed):
            data = {f"{prefix}-{name}": value for name, value in row.items()}
            return self.row(data, by=self.by, case=self.case, prefix=prefix)
        return self.row(by=self.by, case=self.case, prefix=prefix, initial=dict(row))

    def clean(self, value: Any) -> list[Row]:
        """The rows; refused with a sentence for each line that does not hold, by its number."""
        rows = [one for one in value or [] if isinstance(one, Mapping)]
        if self.required and not rows:
            raise ValidationError(f"请至少填一{self.noun}。", code="required")
        if len(rows) > self.max_count:
            raise ValidationError(f"最多 {self.max_count} {self.noun}，请分几次填。", code="max_count")
        clean, wrong = [], []
        for number, row in enumerate(rows, 1):
            form = self.row(row, by=self.by, case=self.case)
            if form.is_valid():
                clean.append(form.cleaned_data)
            else:
                said = dict.fromkeys(str(line) for lines in form.errors.values() for line in lines)
                name = form.heading() if self.sheet else f"第 {number} {self.noun}"
                wrong.append(f"{name}：{' '.join(said)}")
        if wrong:
            raise ValidationError([ValidationError(line, code="row") for line in wrong])
        if self.once and len({row[self.once] for row in clean}) < len(clean):
            raise ValidationError(f"同一{self.noun}写了两次，请合成一{self.noun}。", code="once")
        return clean

    def facts(self, rows: Sequence[Row]) -> list[Row]:
        """What the ledger may keep of the rows: ids, amounts and codes; never what is typed freely."""
        free = {
            name
            for name, field in self.row.base_fields.items()
            if isinstance(field, forms.CharField) and not isinstance(field, forms.ChoiceField)
        }
        return [
            {
                name: value
                for name, value in row.items()
                if name not in free and not isinstance(value, list) and _said(value)
            }
            for row in rows
        ]


def _said(value: Any) -> bool:
    """Whether an input was filled in."""
    return value is not None and value != [] and bool(str(value).strip())


def _schema(field: Any) -> Schema:
    return {
        "type": "array",
        "items": object_of(field.row.base_fields),
        "minItems": int(field.required),
        "maxItems": field.max_count,
    }


def _read(field: Any, value: Any) -> list[Row]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Mismatch("这一项要用对象的列表。")
    if len(value) > max(SMALL, field.max_count):
        raise Mismatch(f"最多 {field.max_count} {field.noun}。")
    return [_read_row(field, number, row) for number, row in enumerate(value, 1)]


def _read_row(field: Any, number: int, row: Row) -> Row:
    try:
        return read(field.row.base_fields, row)
    except BadInput as no:
        said = "；".join(f"{name}：{lines[0]}" for name, lines in no.errors.items())
        raise Mismatch(f"第 {number} {field.noun}：{said or no.sentence}") from None


map_field(RowsField, Kind("rows", _schema, _read, inside=lambda field: field.row.base_fields))
