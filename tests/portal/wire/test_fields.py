"""Forms for programs: each type of field has its schema, and takes values of that type alone."""

from typing import Any

import pytest
from django import forms
from jsonschema import Draft202012Validator

from portal.errors import BadInput
from portal.orgs.models import Unit
from portal.wire.fields import object_of, read, schema_of, told, unmapped, valid
from portal.wire.kinds import LARGEST

GROUPED = [("", "请选择"), ("a", "甲"), ("组", [("b", "乙")])]
ID = {"type": "integer", "minimum": 1, "maximum": LARGEST}

# field, its schema, values it reads, values it refuses
FIELDS: list[tuple[forms.Field, dict[str, Any], list[Any], list[Any]]] = [
    (forms.CharField(), {"type": "string", "minLength": 1}, ["灯", "🔦", "a\nb"], [1, None, ["灯"], {}, "\x00", "\ud83d"]),
    (forms.CharField(required=False, max_length=3), {"type": "string", "maxLength": 3}, ["", "灯"], [1, True]),
    (forms.CharField(min_length=2, required=False), {"type": "string", "minLength": 2}, ["ab"], [2]),
    (forms.ChoiceField(choices=GROUPED), {"type": "string", "enum": ["a", "b"], "description": "a：甲；b：乙"}, ["a"], ["", 1, None]),
    (forms.TypedChoiceField(choices=[(1, "一"), (2, "二")], coerce=int), {"type": "integer", "enum": [1, 2], "description": "1：一；2：二"},
     [1, 2.0], ["1", True, 1.5, None, 2**64]),
    (forms.MultipleChoiceField(choices=GROUPED),
     {"type": "array", "items": {"type": "string", "enum": ["a", "b"], "description": "a：甲；b：乙"}, "minItems": 1}, [["a"], []], ["a", [1], None]),
    (forms.BooleanField(), {"type": "boolean"}, [True, False], ["true", 1, 0, None]),
    (forms.IntegerField(min_value=0, max_value=9), {"type": "integer", "minimum": 0, "maximum": 9}, [0, 9, 3.0], ["3", True, 3.5, None, 2**63]),
    (forms.DecimalField(min_value=0, decimal_places=2),
     {"type": "string", "pattern": r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$", "description": "写成文字的小数，最多 2 位小数，不小于 0"},
     ["2.5", "-1", "0"], [2.5, 2, "", "NaN", "1e5", "٢", " 1", "1" * 31, None]),
    (forms.DateField(), {"type": "string", "format": "date"}, ["2026-11-16", "2026-02-30"], ["2026/11/16", "", 20261116, "2026-11-16\n"]),
    (forms.TimeField(), {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}, ["08:30", "08:30:00"], ["8:30", 830, ""]),
    (forms.DateTimeField(), {"type": "string", "format": "date-time"}, ["2026-11-16T09:00:00+08:00"], [1, None]),
    (forms.ModelChoiceField(Unit.objects.none()), ID, [1, 7.0], ["1", None, [1], 2**63]),
    (forms.ModelMultipleChoiceField(Unit.objects.none()), {"type": "array", "items": ID, "minItems": 1}, [[1], []], [1, ["1"], None]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "schema", "good", "bad"), FIELDS, ids=lambda one: type(one).__name__)
def test_a_field_has_its_schema_and_takes_values_of_its_type_alone(
    field: forms.Field, schema: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    assert schema_of(field) == schema
    Draft202012Validator.check_schema(schema)
    assert [read({"x": field}, {"x": one}) for one in good] == [{"x": one} for one in good]
    for value in bad:
        with pytest.raises(BadInput) as refused:
            read({"x": field}, {"x": value})
        assert list(refused.value.errors) == ["x"]


class Nothing(forms.Field):
    """A type of field nobody has mapped."""


def test_fields_a_program_could_not_fill_in_are_found() -> None:
    fields = {
        "plain": forms.CharField(),
        "odd": Nothing(),
        "rounded": forms.FloatField(),
        "free": forms.JSONField(),
        "file": forms.FileField(),
        "mixed": forms.ChoiceField(choices=[(1, "一"), ("two", "二")]),
    }
    assert unmapped(fields) == ["odd", "rounded", "free", "file", "mixed"]


def test_a_form_is_an_object_of_its_fields_and_nothing_else() -> None:
    fields = {
        "reply": forms.CharField(label="答复", help_text="报修人会看到。", initial="好"),
        "note": forms.CharField(required=False),
        "photos": forms.MultipleChoiceField(required=False, choices=[]),
    }
    assert object_of(fields, needs=("photos",), beside={"version": {"type": "integer"}}) == {
        "type": "object",
        "properties": {
            "reply": {"type": "string", "minLength": 1, "title": "答复", "description": "报修人会看到。", "examples": ["好"]},
            "note": {"type": "string"},
            "photos": {"type": "array", "items": {"type": "string", "enum": [], "description": ""}, "minItems": 1},
            "version": {"type": "integer"},
        },
        "additionalProperties": False,
        "required": ["reply", "photos"],
    }  # fmt: skip


def test_every_key_that_is_not_asked_for_is_named() -> None:
    with pytest.raises(BadInput) as refused:
        read({"a": forms.CharField()}, {"a": 1, "b": 2, "\ud800" * 70: 3, "version": 0}, beside=("version",))
    assert refused.value.errors == {
        "a": ["这一项要用文字。"],
        "b": ["没有这一项，请去掉。"],
        "?" * 60: ["没有这一项，请去掉。"],
    }


@pytest.mark.parametrize("body", [None, [], "x", 1, True])
def test_a_body_is_an_object(body: object) -> None:
    with pytest.raises(BadInput, match="JSON 对象"):
        read({}, body)


def test_a_form_at_hand_tells_its_few_choices(db: None) -> None:
    few = forms.ChoiceField(label="甲乙", choices=GROUPED)
    many = forms.TypedChoiceField(coerce=int, choices=[(n, str(n)) for n in range(51)], required=False)
    rows = forms.ModelChoiceField(Unit.objects.none())
    assert [told("x", one) for one in (few, many, rows)] == [
        {"name": "x", "required": True, "type": "string", "label": "甲乙", "help": "",
         "choices": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]},
        {"name": "x", "required": False, "type": "integer", "label": "", "help": "", "choices": []},
        {"name": "x", "required": True, "type": "id", "label": "", "help": "", "choices": []},
    ]  # fmt: skip


def test_the_form_itself_judges_what_was_read() -> None:
    class Form(forms.Form):
        on = forms.DateField()

    with pytest.raises(BadInput) as refused:
        valid(Form(read(Form.base_fields, {"on": "2026-02-30"})))
    assert list(refused.value.errors) == ["on"]
    assert str(valid(Form({"on": "2026-02-28"}))["on"]) == "2026-02-28"
