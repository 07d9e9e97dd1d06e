"""One of fifty equal submissions wins, at every step of every flow; the rest get its answer or a refusal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import FLOWS, address_of
from portal.cases.models import Case, Deadline
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from portal.orgs.models import User
from portal.publications.models import Publication
from repairs.actions import open_monthly
from repairs.flow import FLOW, MONTHLY
from repairs.models import Ticket
from tests.chaos.account import demand_sound_ledger
from tests.chaos.conftest import Measured
from tests.chaos.sizes import SIZES
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.strangers import sticker_of, visited
from tests.repairs.test_loop import reported

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
FIFTY, AT_ONCE = 50, 10
# Who takes which step, from which state, with what: written by hand, every step but the clock's own.
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "vouch": ("unconfirmed", "dora", {"reply": "核实了"}),
    "dismiss": ("unconfirmed", "lin", {"reason": "没有的事"}),
    "accept": ("reported", "dora", {"reply": "好"}),
    "assign": ("accepted", "dora", {"assignee": "will"}),
    "arrive": ("assigned", "will", {}),
    "finish": ("working", "will", {"after": "photo"}),
    "confirm": ("finished", "rita", {"speed": 5, "quality": 5}),
    "send_back": ("finished", "rita", {"reason": "还在漏"}),
    "withdraw": ("accepted", "rita", {}),
    "reject": ("reported", "dora", {"reason": "不归我们管"}),
    "return_job": ("working", "will", {"reason": "要电工证"}),
    "reassign": ("working", "dora", {"assignee": "wang", "reason": "他在忙"}),
    "enter_sheet": ("working", "dora", {"sheet": "photo", "done": "换灯管"}),
    "reclassify": ("working", "dora", {"topic": "RP-01", "priority": 1, "reason": "漏电"}),
    "replace": ("accepted", "dora", {"unit": "other_room", "reason": "写错了"}),
    "raise_priority": ("working", "rita", {"priority": 2, "reason": "考试要用"}),
    "ask_time": ("working", "will", {"asked_hours": "6", "reason": "等件"}),
    "plan_visit": ("working", "will", {"visit_at": "tomorrow"}),
    "merge": ("accepted", "dora", {"into": "another"}),
    "hand_over": ("working", "will", {"assignee": "wang", "reason": "要电工证"}),
    "call_help": ("working", "will", {"helper": "wang"}),
    "request_materials": (
        "working",
        "will",
        {
            "category": "water",
            "reason": "漏水",
            "lines-0-item": "角阀",
            "lines-0-quantity": "2",
            "lines-0-measure": "个",
            "lines-0-price": "12",
        },
    ),
    "resume": ("waiting", "will", {}),
    "reopen": ("closed", "rita", {"reason": "又坏了"}),
    "grant_time": ("asked", "lin", {}),
    "refuse_time": ("asked", "lin", {"reason": "库里有"}),
    "nudge": ("late", "hu", {"words": "请尽快"}),
    "acknowledge": ("late", "lin", {}),
    "follow": ("reported", "ouyang", {}),
    "unfollow": ("followed", "ouyang", {}),
    "comment": ("reported", "rita", {"words": "在二楼"}),
    "also_hazard": (
        "unsafe",
        "dora",
        {"unit": "room", "topic": "HZ-04", "words": "插座冒烟", "photos": "photo"},
    ),
}
# Of the month that is published; the spine's own steps are those above.
MONTHLY_STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "check": ("due", "lin", {}),
    "send_back": ("checked", "hu", {"reason": "少了一件"}),
    "publish": ("checked", "hu", {}),
}
# Steps that may be taken while a job waits for materials too.
WHILE_WAITING = ("merge", "hand_over", "call_help", "reassign")
WAY = ("accept", "assign", "arrive", "finish", "confirm")


def test_the_table_has_every_step() -> None:
    assert FLOW.kind in FLOWS
    assert set(STEPS) == {step.name for step in FLOW.steps if step.role != "clock"}
    assert set(STEPS) | set(MONTHLY_STEPS) >= {step.name for step in MONTHLY.steps}


def said(data: dict[str, Any], who: User, place: District, cast: Cast) -> dict[str, Any]:
    """The data with people, places and photos filled in."""
    named: dict[str, Any] = {"will": cast.will.pk, "wang": cast.wang.pk, "other_room": place.other_room.pk}
    named["room"] = place.room.pk
    if "another" in data.values():
        named["another"] = reported(place, cast.vera).number
    named["tomorrow"] = (clock.now() + timedelta(days=1)).isoformat()
    return {
        name: str(photo_of(who).pk) if value == "photo" else named.get(value, value) for name, value in data.items()
    }


def stand(state: str, place: District, cast: Cast) -> Ticket:
    """A ticket in this state."""
    if state == "unconfirmed":
        return visited(sticker_of(place.room, cast.lin))
    topic = "RP-03" if state in ("late", "unsafe") else "RP-05"
    ticket = reported(place, cast.rita, topic=topic)
    states = ["reported", "accepted", "assigned", "working", "finished", "closed"]
    wanted = {
        "asked": "working",
        "waiting": "working",
        "late": "reported",
        "followed": "reported",
        "unsafe": "reported",
    }.get(state, state)
    for name in WAY[: states.index(wanted)]:
        _, who, data = STEPS[name]
        person = getattr(cast, who)
        move(ticket, name, by=person, data=said(data, person, place, cast))
    if state == "asked":
        move(ticket, "ask_time", by=cast.will, data={"asked_hours": "6", "reason": "等件"})
    if state == "waiting":
        move(ticket, "request_materials", by=cast.will, data=STEPS["request_materials"][2])
    if state == "followed":
        move(ticket, "follow", by=cast.ouyang)
    if state == "late":
        Case.objects.filter(pk=ticket.pk).update(due_at=clock.now())
        Deadline.objects.filter(case=ticket, clock="respond").update(next_rung_at=clock.now(), rung=1)
        sweep()
    return Ticket.objects.get(pk=ticket.pk)


def fifty(who: User, url: str, bodies: list[dict[str, Any]]) -> list[int]:
    """The statuses of these submissions, ten under way at any time."""
    known, together = as_(who).cookies, Barrier(AT_ONCE)

    def some(part: list[dict[str, Any]]) -> list[int]:
        browser = Client()
        browser.cookies = known
        together.wait()
        try:
            return [browser.post(url, body).status_code for body in part]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(chain(*pool.map(some, [bodies[n::AT_ONCE] for n in range(AT_ONCE)])))


@pytest.mark.parametrize("name", sorted(STEPS))
def test_fifty_equal_posts_of_a_step_happen_once(name: str, place: District, cast: Cast, measured: Measured) -> None:
    state, actor, data = STEPS[name]
    who = getattr(cast, actor)
    done = []
    for n in range(SIZES.equal_rounds):
        ticket = stand(state, place, cast)
        body = said(data, who, place, cast) | {"version": ticket.version, "key": f"{name}-{n}"}
        answers = fifty(who, f"{address_of(ticket)}{name}/", [body] * FIFTY)
        assert answers.count(302) >= 1
        assert set(answers) <= {302, 403, 404, 409, 412, 422}
        done.append(Event.objects.filter(address=ticket.address, verb=name).count())
    measured(asked=FIFTY * len(done), due=len(done), done=sum(done))
    measured(lost=done.count(0), doubled=sum(max(0, times - 1) for times in done))
    assert done == [1] * SIZES.equal_rounds
    demand_sound_ledger()


@pytest.mark.parametrize("name", WHILE_WAITING)
def test_fifty_equal_posts_about_a_job_that_waits_happen_once(name: str, place: District, cast: Cast) -> None:
    _, actor, data = STEPS[name]
    who, ticket = getattr(cast, actor), stand("waiting", place, cast)
    request = ticket.linked_from.get(kind="materials").source
    body = said(data, who, place, cast) | {"version": ticket.version, "key": f"{name}-waiting"}
    answers = fifty(who, f"{address_of(ticket)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=ticket.address, verb=name).count() == 1
    passed = Event.objects.filter(address=request.address, verb="passed_on").count()
    assert passed == (name != "call_help")
    demand_sound_ledger()


@pytest.mark.parametrize("name", sorted(set(STEPS) - {"comment"}))
def test_of_twelve_posts_with_keys_of_their_own_one_wins(name: str, place: District, cast: Cast) -> None:
    state, actor, data = STEPS[name]
    who = getattr(cast, actor)
    ticket = stand(state, place, cast)
    body = said(data, who, place, cast) | {"version": ticket.version}
    answers = fifty(who, f"{address_of(ticket)}{name}/", [body | {"key": f"{name}-own-{n}"} for n in range(12)])
    assert answers.count(302) == 1
    assert Event.objects.filter(address=ticket.address, verb=name).count() == 1


@pytest.mark.parametrize("name", sorted(MONTHLY_STEPS))
def test_fifty_equal_posts_about_a_month_happen_once(
    name: str, place: District, cast: Cast, measured: Measured
) -> None:
    state, actor, data = MONTHLY_STEPS[name]
    who, done = getattr(cast, actor), []
    for n in range(SIZES.equal_rounds):
        period = f"{2001 + n + 30 * sorted(MONTHLY_STEPS).index(name)}-10"
        form = filled(MONTHLY, MONTHLY.opening, case=None, by="clock", data={"unit": place.school.pk, "period": period})
        case = open_monthly(form, by="clock")
        if state == "checked":
            move(case, "check", by=cast.lin)
        case.refresh_from_db()
        body = data | {"version": case.version, "key": f"{name}-{n}"}
        answers = fifty(who, f"{address_of(case)}{name}/", [body] * FIFTY)
        assert set(answers) <= {302, 403, 404, 409, 412, 422}
        done.append(Event.objects.filter(address=case.address, verb=name).count())
        wanted = [1] if name == "publish" else []
        assert list(Publication.objects.filter(issue__case=case).values_list("version", flat=True)) == wanted
    measured(asked=FIFTY * len(done), due=len(done), done=sum(done), lost=done.count(0), doubled=sum(done) - len(done))
    assert done == [1] * SIZES.equal_rounds
    demand_sound_ledger()
