"""Fields only cases have, for programs; and the check that every field of every step can be filled in by one."""

import re
from typing import Any

from django.core.checks import Error, register

from portal.cases.flow import BY_CLOCK, FLOWS, Flow, Step
from portal.cases.forms import PersonField, PlaceField
from portal.evidence.fields import EvidenceField
from portal.wire.fields import unmapped
from portal.wire.kinds import Kind, Schema, id_schema, map_field, rows, several, spelled, whole

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WANTED = "这一项要用照片编号的列表，编号由上传时的回答给出。"
BESIDE = "version"  # stands beside a step's fields in the body


def evidence_schema(field: Any) -> Schema:
    """Ids of uploads, each once."""
    return {
        "type": "array",
        "items": {"type": "string", "format": "uuid"},
        "minItems": max(field.min_count, int(field.required)),
        "maxItems": field.max_count,
        "uniqueItems": True,
    }


map_field(EvidenceField, Kind("evidence", evidence_schema, several(spelled(UUID, WANTED), WANTED)))
map_field(PersonField, Kind("person", id_schema, whole, rows))
map_field(PlaceField, Kind("place", id_schema, whole))  # too many to tell with a field: the list of units gives them


def takeable(flow: Flow) -> list[Step]:
    """The steps somebody other than the clock can take."""
    return [step for step in flow.steps if step.is_there and set(step.roles) != {BY_CLOCK}]


@register()
def every_field_has_a_mapping(app_configs: Any, **_: Any) -> list[Error]:
    """Start-up fails while a step asks something that a program could not answer."""
    found = []
    for flow in FLOWS.values():
        for step in (flow.opening, *takeable(flow)):
            fields = flow.form(step).base_fields
            wrong = [*unmapped(fields), *(name for name in fields if name == BESIDE)]
            found += [f"{flow.kind}.{step.name}: {name}" for name in wrong]
    return [
        Error(f"no program can fill in {one}: give its type a mapping (portal.wire.kinds)", id="sunlit.E010")
        for one in found
    ]
