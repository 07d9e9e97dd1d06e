"""The whole repair loop by programs: report with photos, accept, dispatch, repair, sign off."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.orgs.models import User
from tests.district import Cast, District

from .program import TICKETS, Program, step_of

pytestmark = pytest.mark.usefixtures("monday")
Programs = Callable[[User], Program]


def brief(answer: Any) -> tuple[Any, ...]:
    """What came of it: status, state, version and the steps that may be taken next."""
    told = answer.json()
    told["steps"] = [one for one in told["steps"] if one["name"] not in ("follow", "comment")]  # for every reader
    return answer.status_code, told["state"], told["version"], [one["name"] for one in told["steps"]]


def test_a_ticket_goes_from_report_to_sign_off(place: District, cast: Cast, program: Programs) -> None:
    rita, dora, will = program(cast.rita), program(cast.dora), program(cast.will)
    photos = [rita.photo("red"), rita.photo("blue")]
    said = {"unit": place.room.pk, "topic": "RP-05", "words": "桌腿松了", "photos": photos}
    answers = [rita.post(TICKETS, said)]
    number = answers[0].json()["number"]
    answers.append(dora.post(step_of(number, "accept"), {"reply": "马上来"}, If_Match=answers[0]["ETag"]))
    answers.append(dora.post(step_of(number, "assign"), {"assignee": cast.will.pk, "version": 1}))
    answers.append(will.post(step_of(number, "arrive")))
    answers.append(will.post(step_of(number, "finish"), {"after": [will.photo()], "done": "换了灯管"}))
    answers.append(rita.post(step_of(number, "confirm"), {"speed": 5, "quality": 4}))
    assert [brief(one) for one in answers] == [
        (201, "reported", 0, ["withdraw", "raise_priority"]),
        (200, "accepted", 1, ["assign", "reject", "merge", "reclassify", "replace"]),
        (200, "assigned", 2, ["merge", "reassign", "enter_sheet", "reclassify", "replace"]),
        (200, "working", 3, [
            "finish", "plan_visit", "request_materials", "hand_over", "call_help", "return_job", "ask_time",
        ]),
        (200, "finished", 4, []),
        (200, "closed", 5, ["reopen"]),
    ]  # fmt: skip
    assert [(one["name"], one["type"], one["required"]) for one in answers[1].json()["steps"][0]["fields"]] == [
        ("assignee", "person", True),
        ("note", "string", False),
    ]


def test_a_case_tells_what_its_page_tells(reported: str, cast: Cast, place: District, program: Programs) -> None:
    told = program(cast.rita).get(f"{TICKETS}/{reported}").json()
    steps, chain = told.pop("steps"), told.pop("chain")
    assert told == {
        "number": "BX-LX01-2026-00001",
        "kind": "repairs.ticket",
        "title": "203 教室 顶灯不亮",
        "state": "reported",
        "state_title": "待受理",
        "is_open": True,
        "unit": {"id": place.room.pk, "place": "教学楼 203 教室", "school": place.school.pk},
        "priority": 2,
        "opener": {"id": cast.rita.pk, "name": "林晓芸"},
        "assignee": None,
        "opened_at": "2026-11-16T09:00:00+08:00",
        "moved_at": "2026-11-16T09:00:00+08:00",
        "closed_at": None,
        "due_at": "2026-11-16T11:00:00+08:00",
        "clocks": [
            clock("respond", "响应", "2026-11-16T11:00:00+08:00", "距超时 2 小时"),
            clock("resolve", "修复", "2026-11-17T09:00:00+08:00", "距超时 1 天"),
        ],
        "facts": [{"label": "类别", "value": "供电照明"}, {"label": "等级", "value": "P2 紧急：影响上课或生活"}],
        "version": 0,
        "url": "/repairs/tickets/BX-LX01-2026-00001/",
        "api_url": "/api/v1/repairs/tickets/BX-LX01-2026-00001",
    }
    assert (chain["length"], len(chain["head"])) == (1, 64)
    assert steps[1] == {
        "name": "raise_priority",
        "title": "改为紧急",
        "main": False,
        "help": "",
        "url": step_of(reported, "raise_priority"),
        "fields": [
            {
                "name": "priority",
                "required": True,
                "type": "integer",
                "label": "等级",
                "help": "",
                "choices": [{"value": 2, "label": "P2 紧急：影响上课或生活"}],
            },
            {"name": "reason", "required": True, "type": "string", "label": "为什么紧急", "help": "", "choices": []},
        ],
    }


def clock(name: str, title: str, due: str, words: str) -> dict[str, str]:
    return {"name": name, "title": title, "due_at": due, "state": "running", "words": words}
