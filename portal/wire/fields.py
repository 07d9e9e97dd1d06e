"""A form for programs: its schema, and its data read from JSON. Types are asked here; the form itself judges the rest."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from portal.errors import BadInput

from .kinds import CHOICE, CHOICES, DATE, SMALL, Kind, Mismatch, Schema, kind_of, listed

Fields = Mapping[str, forms.Field]


def unmapped(fields: Fields) -> list[str]:
    """Names of fields no program could fill in: their type has no mapping, or their choices mix words and numbers."""
    found = []
    for name, field in fields.items():
        kind = kind_of(field)
        mixed = kind in (CHOICE, CHOICES) and len({type(value) for value, _ in listed(field)}) > 1
        if kind is None or mixed:
            found.append(name)
        elif kind.inside:
            found += [f"{name}.{one}" for one in unmapped(kind.inside(field))]
    return found


def schema_of(field: forms.Field) -> Schema:
    """The field's JSON Schema, with its label and help."""
    schema = _kind(field).schema(field)
    said = [str(field.help_text), schema.pop("description", "")]
    if any(said):
        schema["description"] = " ".join(filter(None, said))
    if field.label:
        schema["title"] = str(field.label)
    if isinstance(field.initial, str | int):
        schema["examples"] = [field.initial]
    return schema


def object_of(fields: Fields, *, needs: Collection[str] = (), beside: Schema | None = None) -> Schema:
    """The JSON Schema of a form: nothing but its fields (`needs` required too) and what may stand `beside` them."""
    properties = {name: schema_of(field) for name, field in fields.items()}
    for name in needs:
        properties[name]["minItems"] = max(1, properties[name].get("minItems", 0))
    required = [name for name, field in fields.items() if field.required or name in needs]
    schema: Schema = {"type": "object", "properties": properties | (beside or {}), "additionalProperties": False}
    return schema | {"required": required} if required else schema


def told(name: str, field: forms.Field) -> dict[str, Any]:
    """A field of a form at hand, for a program that draws it: what it is called, and what may be chosen here."""
    kind = _kind(field)
    choices = kind.offers(field) if kind.offers else []
    offered = [{"value": value, "label": label} for value, label in choices] if len(choices) <= SMALL else []
    said = {
        "type": kind.name or kind.schema(field)["type"],
        "label": str(field.label or ""),
        "help": str(field.help_text),
    }
    found = {"name": name, "required": field.required, **said, "choices": offered}
    return found | ({"lines": [told(one, inner) for one, inner in kind.inside(field).items()]} if kind.inside else {})


def read(fields: Fields, body: object, *, beside: Collection[str] = ()) -> dict[str, Any]:
    """A program's object as the form's data. Refused: keys the form does not know, by name, and wrong JSON types."""
    if not isinstance(body, dict):
        raise BadInput("请求的内容要是一个 JSON 对象。")
    data: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in body.items():
        if name in beside:
            continue
        try:
            data[name] = _kind(_known(fields, name)).read(fields[name], value)
        except Mismatch as no:
            errors[_shown(name)] = [str(no)]
    refuse(errors)
    return data


def misspelled(field: forms.Field, values: list[str]) -> str:
    """What is wrong with how a parameter of an address is said, whatever its form would make of it; nothing when it is right."""
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return ""
    if len(values) > 1:
        return "这个参数只能写一次。"
    if values == [""] and isinstance(field, forms.DateField | forms.IntegerField):
        return "不填就不要带上这个参数。"
    wrong = isinstance(field, forms.DateField) and not DATE.fullmatch(values[0])
    return "这一项要用日期，如 2026-11-16。" if wrong else ""


def valid(form: forms.Form) -> dict[str, Any]:
    """The form's clean values, or a refusal with a sentence per field."""
    if not form.is_valid():
        refuse({name: [str(line) for line in lines] for name, lines in form.errors.items()})
    return form.cleaned_data


def refuse(errors: Mapping[str, list[str]]) -> None:
    """Refuses with a sentence per field, if there is any; the first fifty fields are named."""
    if errors:
        first = next(iter(errors.values()))[0]
        named = dict(list(errors.items())[:SMALL])
        raise BadInput(first if len(errors) == 1 else "有几处需要改一下，见各项说明。", errors=named)


def _known(fields: Fields, name: str) -> forms.Field:
    if name not in fields:
        raise Mismatch("没有这一项，请去掉。")
    return fields[name]


def _kind(field: forms.Field) -> Kind:
    kind = kind_of(field)
    if kind is None:
        raise TypeError(f"no mapping for {type(field).__name__}: a program cannot fill it in")
    return kind


def _shown(name: str) -> str:
    """A key as it can be shown, whatever it was."""
    return name[:60].encode(errors="replace").decode()
