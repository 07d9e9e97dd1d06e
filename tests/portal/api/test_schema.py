"""The API's description: valid OpenAPI 3.1, complete, from the same forms, and a page to read it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from drf_spectacular.validation import validate_schema

from portal.cases.api.mapping import every_field_has_a_mapping, takeable
from portal.cases.flow import FLOWS
from portal.hall.api.docs import described
from portal.orgs.policies import POLICIES, policies_of, routes
from repairs.forms import Accept

from .program import TICKETS

STEP = f"{TICKETS}/{{number}}/steps"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in described()["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


def body_of(path: str) -> dict[str, Any]:
    content: dict[str, Any] = described()["paths"][path]["post"]["requestBody"]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema


def test_the_description_is_valid_and_open_to_everybody(db: None) -> None:
    answer = Client().get("/api/schema/")
    told = answer.json()
    assert (answer.status_code, told["openapi"], told) == (200, "3.1.0", json.loads(json.dumps(described())))
    validate_schema(told)


def test_every_step_a_person_can_take_has_its_own_address_and_body() -> None:
    paths = described()["paths"]
    for flow in FLOWS.values():
        at = f"/api/v1/{flow.affair}/{flow.plural}"
        fields = {flow.opening.name: (at, flow.form(flow.opening).base_fields)}
        fields |= {
            step.name: (f"{at}/{{number}}/steps/{step.name}", flow.form(step).base_fields) for step in takeable(flow)
        }
        assert {path for path in paths if path.startswith(f"{at}/{{number}}/steps/")} == {
            path for name, (path, _) in fields.items() if name != flow.opening.name
        }
        for name, (path, asked) in fields.items():
            beside = set() if name == flow.opening.name else {"version"}
            assert set(body_of(path)["properties"]) == set(asked) | beside, path
            assert body_of(path)["additionalProperties"] is False


def test_a_steps_body_says_what_its_form_asks() -> None:
    assert body_of(f"{STEP}/confirm")["required"] == ["speed", "quality"]
    assert body_of(f"{STEP}/confirm")["properties"]["speed"]["enum"] == [1, 2, 3, 4, 5]
    after = body_of(f"{STEP}/finish")["properties"]["after"]
    assert (body_of(f"{STEP}/finish")["required"], after["minItems"], after["maxItems"]) == (["after"], 1, 9)
    assert "required" not in body_of(f"{STEP}/arrive")
    assert body_of(f"{STEP}/ask_time")["properties"]["asked_hours"]["type"] == "string"


# Operation -> every answer it can give; written by hand, so that a refusal nobody described fails the build.
WRITES = ["400", "401", "403", "413", "415", "422"]
ANSWERS = {
    "token_issue": ["201", *WRITES[:5], "422", "429"],
    "token_revoke": ["204", "400", "401", "403", "404", "422"],
    "me": ["200", "400", "401", "403", "422"],
    "units": ["200", "400", "401", "403", "422"],
    "desk": ["200", "400", "401", "403", "422"],
    "figures": ["200", "400", "401", "403", "422"],
    "figure": ["200", "400", "401", "403", "404", "422"],
    "inbox_list": ["200", "400", "401", "403", "422"],
    "inbox_read": ["200", *WRITES],
    "publications": ["200", "400", "401", "422"],
    "publication": ["200", "400", "401", "404", "422"],
    "verify": ["200", "400", "401", "404", "422"],
    "publication_correct": sorted(["201", "404", "409", "412", *WRITES]),
    "publication_read": sorted(["200", "404", "409", *WRITES]),
    "publication_drafts": ["200", "400", "401", "403", "422"],
    "publication_draft": ["200", "400", "401", "403", "404", "409", "422"],
    "publication_sign": sorted(["200", "404", "409", "412", *WRITES]),
    "publication_runs": ["200", "400", "401", "403", "422"],
    "publication_run_open": sorted(["201", "409", *WRITES]),
    "publication_run": ["200", "400", "401", "403", "404", "422"],
    "publication_run_schools": ["200", "400", "401", "403", "404", "422"],
    "publication_run_again": sorted(["200", "404", *WRITES]),
    "receipts": ["200", "400", "401", "403", "422"],
    "announcements": ["200", "400", "401", "403", "422"],
    "announcement_write": ["201", *WRITES],
    "announcement": ["200", "400", "401", "403", "404", "422"],
    "announcement_change": sorted(["200", "404", "409", "412", *WRITES]),
    "announcement_amend": sorted(["200", "404", "409", "412", *WRITES]),
    "announcement_hand_in": sorted(["200", "404", "409", "412", *WRITES]),
    "announcement_issue": sorted(["200", "404", "409", "412", *WRITES]),
    "announcement_send_back": sorted(["200", "404", "409", "412", *WRITES]),
    "announcement_discard": sorted(["200", "404", "409", "412", *WRITES]),
    "announcement_remind": sorted(["200", "404", "409", *WRITES]),
    "announcement_readers": ["200", "400", "401", "403", "404", "422"],
    "announcement_schools": ["200", "400", "401", "403", "404", "422"],
    "surveys": ["200", "400", "401", "403", "422"],
    "survey_issue": ["201", *WRITES],
    "survey": ["200", "400", "401", "403", "404", "422"],
    "survey_answer": sorted(["201", "404", "409", *WRITES]),
    "survey_result": ["200", "400", "401", "403", "404", "422"],
    "survey_classes": ["200", "400", "401", "403", "404", "422"],
    "survey_remind": sorted(["200", "404", "409", *WRITES]),
    "survey_withdraw": sorted(["200", "404", "409", *WRITES]),
    "survey_remarks": ["200", "400", "401", "403", "404", "422"],
    "survey_let_through": sorted(["200", "404", "409", *WRITES]),
    "outbound_systems": ["200", "400", "401", "403", "422"],
    "outbound_system_add": ["201", *WRITES],
    "outbound_system": ["200", "400", "401", "403", "404", "422"],
    "outbound_system_change": sorted(["200", "404", *WRITES]),
    "outbound_system_switch": sorted(["200", "404", *WRITES]),
    "outbound_lines": ["200", "400", "401", "403", "404", "422"],
    "outbound_day": ["200", "400", "401", "403", "404", "422"],
    "outbound_receipt": sorted(["200", "404", "412", *WRITES]),
    "outbound_again": sorted(["200", "404", "409", *WRITES]),
    "stock_list": ["200", "400", "401", "403", "422"],
    "stock_add": ["201", *WRITES],
    "stock_item": ["200", "400", "401", "403", "404", "422"],
    "stock_change": sorted(["200", "404", *WRITES]),
    "stock_moves": ["200", "400", "401", "403", "404", "422"],
    "stock_move": sorted(["200", "404", *WRITES]),
    "stock_import": sorted(["200", "404", "412", *WRITES]),
    "food_stock": ["200", "400", "401", "403", "422"],
    "food_shelf": ["200", "400", "401", "403", "404", "422"],
    "food_minimum": sorted(["200", "404", *WRITES]),
    "food_moves": ["200", "400", "401", "403", "404", "422"],
    "food_issue": sorted(["200", "404", *WRITES]),
    "food_count": sorted(["200", "404", *WRITES]),
    "food_book_in": sorted(["201", "404", *WRITES]),
    "food_write_off": sorted(["200", "404", *WRITES]),
    "stickers": ["200", "400", "401", "403", "404", "422"],
    "stickers_make": sorted(["200", "404", *WRITES]),
    "sticker_revoke": sorted(["200", "404", *WRITES]),
    "safety_cells": ["200", "400", "401", "403", "404", "422"],
    "safety_cell_add": ["201", *WRITES],
    "safety_cell": ["200", "400", "401", "403", "404", "422"],
    "safety_cell_change": sorted(["200", "404", "412", *WRITES]),
    "safety_cell_close": sorted(["200", "404", *WRITES]),
    "safety_cell_holders": ["200", "400", "401", "403", "404", "422"],
    "safety_cell_hold": sorted(["201", "404", *WRITES]),
    "safety_cells_import": sorted(["200", "404", "412", *WRITES]),
    "safety_gaps": ["200", "400", "401", "403", "404", "422"],
    "safety_holders_at": ["200", "400", "401", "403", "404", "422"],
    "safety_holding_release": sorted(["200", "404", *WRITES]),
    "safety_holding_substitute": sorted(["200", "404", *WRITES]),
    "safety_plans": ["200", "400", "401", "403", "404", "422"],
    "safety_plan_add": sorted(["201", "404", *WRITES]),
    "safety_plan": ["200", "400", "401", "403", "404", "422"],
    "safety_plan_change": sorted(["200", "404", "412", *WRITES]),
    "safety_plans_adopt": sorted(["200", "404", *WRITES]),
    "safety_duty": ["200", "400", "401", "403", "404", "422"],
    "safety_duty_mine": ["200", "400", "401", "403", "422"],
    "safety_duty_month": ["200", "400", "401", "403", "404", "422"],
    "safety_duty_sign_in": ["201", *WRITES],
    "safety_duty_correct": sorted(["200", "404", "412", *WRITES]),
    "safety_drill_compare": ["200", "400", "401", "403", "404", "422"],
    "evidence_upload": ["201", *WRITES],
    "evidence_photo": ["200", "304", "400", "401", "403", "404", "422"],
    "evidence_thumbnail": ["200", "304", "400", "401", "403", "404", "422"],
    "evidence_file": ["200", "304", "400", "401", "403", "404", "422"],
    "evidence_grid": ["200", "400", "401", "403", "404", "422"],
    "evidence_cover": sorted(["200", "404", "412", *WRITES]),
    "evidence_original": ["200", "304", "400", "401", "403", "404", "422"],
}


def test_every_operation_names_every_refusal_there_can_be() -> None:
    said = {operation["operationId"]: sorted(operation["responses"]) for _, _, operation in operations()}
    engines = tuple(f"{affair}_" for affair in settings.SCHOOL_APPS)  # made from flows, the same for each kind
    assert {name: codes for name, codes in said.items() if not name.startswith(engines)} == ANSWERS
    assert said["repairs_tickets_list"] == ["200", "400", "401", "403", "422"]
    assert said["repairs_tickets_report"] == said["safety_grid_hazards_report"] == ["201", *WRITES]
    assert said["repairs_tickets_accept"] == sorted(["200", *WRITES, "404", "409", "412"])
    assert said["repairs_tickets_case"] == said["repairs_tickets_events"] == ["200", "400", "401", "403", "404", "422"]


def test_every_operation_is_named_once_and_asks_for_a_token_but_those_for_everybody() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    open_to_all = {one["operationId"] for _, _, one in operations() if one.get("security") != [{"bearer": []}]}
    assert open_to_all == {"token_issue", "publications", "publication", "verify"}


def test_every_address_for_programs_has_a_policy_for_each_verb_it_answers() -> None:
    api = [(where, view) for where, view in routes() if where.startswith("api/v1/")]
    assert len(api) == len(described()["paths"])
    for where, view in api:
        answered = {verb.upper() for verb in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, verb)}
        policies = policies_of(view)
        assert set(policies) == answered and set(policies.values()) <= set(POLICIES), where


class Odd(forms.Field):
    """A type of field nobody has mapped."""


@pytest.mark.parametrize(("name", "field"), [("odd", Odd()), ("version", forms.IntegerField())])
def test_a_field_no_program_could_fill_in_fails_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, field: forms.Field
) -> None:
    assert every_field_has_a_mapping(None) == []
    monkeypatch.setitem(Accept.base_fields, name, field)
    assert [error.id for error in every_field_has_a_mapping(None)] == ["sunlit.E010"]


def test_the_page_of_the_description_loads_nothing_from_elsewhere(db: None) -> None:
    answer = Client().get("/api/docs/")
    policy = {line.split()[0]: line.split()[1:] for line in answer["Content-Security-Policy"].split("; ")}
    assert (answer.status_code, policy["default-src"], policy["script-src"]) == (200, ["'none'"], ["'self'"])
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert Client().get("/healthz")["Content-Security-Policy"].count("unsafe-inline") == 0
    assert b"http://" not in answer.content and b"https://" not in answer.content
