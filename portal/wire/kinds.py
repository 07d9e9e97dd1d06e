"""Types of form fields as programs know them: name, JSON Schema, how a JSON value is read, what may be chosen."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

LARGEST = 2**63 - 1
SMALL = 50  # choices told with a field; where there are more, a program asks elsewhere
Schema = dict[str, Any]
Choice = tuple[Any, str]
Read = Callable[[Any, Any], Any]
DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


class Mismatch(Exception):
    """A value of another JSON type than the field's; the sentence says which is wanted."""


@dataclass(frozen=True)
class Kind:
    """What one type of field is to a program; without a name it is called as its JSON type is.

    `offers` gives its choices, at most one more than `SMALL`; `inside` the fields of each of its lines.
    """

    name: str
    schema: Callable[[Any], Schema]
    read: Read
    offers: Callable[[Any], list[Choice]] | None = None
    inside: Callable[[Any], Mapping[str, forms.Field]] | None = None


KINDS: dict[type[forms.Field], Kind] = {}
REFUSED = (
    forms.FloatField,
    forms.JSONField,
)  # inherit from mapped types, but rounded numbers and free JSON are no input


def map_field(type_: type[forms.Field], kind: Kind) -> None:
    """A room's own type of field joins the mapping."""
    KINDS[type_] = kind


def kind_of(field: forms.Field) -> Kind | None:
    """The nearest mapping of the field's type; none for a type nobody has mapped."""
    if isinstance(field, REFUSED):
        return None
    return next((KINDS[one] for one in type(field).__mro__ if one in KINDS), None)


def listed(field: Any) -> list[Choice]:
    """The choices of a field without groups and without the blank one."""
    flat: list[Choice] = []
    for value, label in field.choices:
        flat += list(label) if isinstance(label, list | tuple) else [(value, label)]
    return [(value, str(label)) for value, label in flat if value not in ("", None)]


def rows(field: Any) -> list[Choice]:
    """What a field over rows of the database offers, at most one more than is told."""
    return [(row.pk, str(field.label_from_instance(row))) for row in field.queryset[: SMALL + 1]]


def text(_: Any, value: Any) -> str:
    """Words that a database can keep."""
    if not isinstance(value, str):
        raise Mismatch("这一项要用文字。")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Mismatch("这一项里有存不下的字符，请删掉后再提交。")
    return value


def whole(_: Any, value: Any) -> int:
    """A whole number; JSON does not tell 1.0 from 1."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mismatch("这一项要用整数。")
    if abs(value) > LARGEST:
        raise Mismatch("这个数太大了。")
    return value


def spelled(pattern: re.Pattern[str], wanted: str) -> Read:
    """Words of one shape."""

    def read(_: Any, value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Mismatch(wanted)
        return value

    return read


def several(one: Read, wanted: str = "这一项要用列表。") -> Read:
    """A list of them."""

    def read(field: Any, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Mismatch(wanted)
        return [one(field, item) for item in value]

    return read


def formatted(name: str) -> Callable[[Any], Schema]:
    """Words in a format JSON Schema knows by name."""
    return lambda _: {"type": "string", "format": name}


def id_schema(_: Any) -> Schema:
    """The id of a row."""
    return {"type": "integer", "minimum": 1, "maximum": LARGEST}


def _yes_or_no(_: Any, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Mismatch("这一项要用 true 或 false。")
    return value


def _one_of(field: Any, value: Any) -> Any:
    value = whole(field, value) if _counts(field) else text(field, value)
    if value == "":
        raise Mismatch("请填一个选项，不填就不要带上这一项。")
    return value


def _counts(field: Any) -> bool:
    return any(isinstance(value, int) for value, _ in listed(field))


def _text_schema(field: Any) -> Schema:
    limits = {"minLength": max(field.min_length or 0, int(field.required)), "maxLength": field.max_length}
    return {"type": "string"} | {name: value for name, value in limits.items() if value}


def _choice_schema(field: Any) -> Schema:
    choices = listed(field)
    words = "；".join(f"{value}：{label}" for value, label in choices)
    return {
        "type": "integer" if _counts(field) else "string",
        "enum": [value for value, _ in choices],
        "description": words,
    }


def _number_schema(field: Any) -> Schema:
    least = -LARGEST if field.min_value is None else field.min_value
    most = LARGEST if field.max_value is None else field.max_value
    return {"type": "integer", "minimum": least, "maximum": most}


def _decimal_schema(field: Any) -> Schema:
    words = ["写成文字的小数"]
    words += [f"最多 {field.decimal_places} 位小数"] if field.decimal_places is not None else []
    words += [f"不小于 {field.min_value}"] if field.min_value is not None else []
    words += [f"不大于 {field.max_value}"] if field.max_value is not None else []
    return {"type": "string", "pattern": f"^{DECIMAL.pattern}$", "description": "，".join(words)}


def _list_schema(item: Callable[[Any], Schema]) -> Callable[[Any], Schema]:
    return lambda field: {"type": "array", "items": item(field), "minItems": int(field.required)}


CHOICE = Kind("", _choice_schema, _one_of, listed)
CHOICES = Kind("list", _list_schema(_choice_schema), several(_one_of), listed)
KINDS |= {
    forms.CharField: Kind("string", _text_schema, text),
    forms.ChoiceField: CHOICE,
    forms.MultipleChoiceField: CHOICES,
    forms.BooleanField: Kind("boolean", lambda _: {"type": "boolean"}, _yes_or_no),
    forms.IntegerField: Kind("integer", _number_schema, whole),
    forms.DecimalField: Kind("decimal", _decimal_schema, spelled(DECIMAL, '这一项要用写成文字的小数，如 "2.5"。')),
    forms.DateField: Kind("date", formatted("date"), spelled(DATE, "这一项要用日期，如 2026-11-16。")),
    forms.TimeField: Kind("time", lambda _: {"type": "string", "pattern": f"^{TIME.pattern}$"},
                          spelled(TIME, "这一项要用时刻，如 08:30。")),
    forms.DateTimeField: Kind("date-time", formatted("date-time"), text),
    forms.ModelChoiceField: Kind("id", id_schema, whole, rows),
    forms.ModelMultipleChoiceField: Kind("ids", _list_schema(id_schema), several(whole), rows),
}  # fmt: skip
