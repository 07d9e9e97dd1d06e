"""Refusals and times of repairs, one function each, named for what they demand."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal import clock
from portal.cases.actors import Actor
from portal.cases.models import Case, CaseLink
from portal.cases.rules import not_own_work
from portal.errors import BadInput, Refused
from portal.orgs.models import User
from portal.worktime.spans import Measure, Span
from repairs.models import Ticket
from repairs.queries import topics
from repairs.queries.tickets import LOW

__all__ = [
    "HAZARD",
    "another_person",
    "ask_is_open",
    "closed_lately",
    "is_closed_lately",
    "is_safety_kind",
    "low_rating_has_words",
    "no_ask_open",
    "not_a_hazard_yet",
    "not_own_ask",
    "not_own_work",
    "only_usual_priority",
    "resolve_time",
    "respond_time",
    "same_school",
    "sign_off_time",
    "where_the_next_begins",
    "who_goes_again",
]

HAZARD = "hazard"  # a hazard belongs to the ticket it was seen at
AGAIN = timedelta(days=7)  # after its end a repair may be reported again as the same ticket
# P1 抢险 (on site within 30 minutes) and P2 紧急: hours by the wall clock, whatever the kind of fault (docs/rules.md 5.3).
URGENT = {1: (Decimal("0.5"), Decimal(24)), 2: (Decimal(2), Decimal(24))}


def respond_time(case: Case) -> Span:
    """How soon somebody must answer: the kind's hours, or shorter when it was raised to P1 or P2."""
    topic = topics()[case.topic]
    if case.priority < topic.priority:
        return Span(URGENT[case.priority][0], Measure.WALL)
    return Span(topic.respond, Measure(topic.measure))


def resolve_time(case: Case) -> Span:
    """How soon it must be repaired, counted from the report."""
    topic = topics()[case.topic]
    if case.priority < topic.priority:
        return Span(URGENT[case.priority][1], Measure.WALL)
    return Span(topic.resolve, Measure(topic.measure))


def sign_off_time(case: Case) -> Span:
    """The reporter has three school days to sign off or send back (docs/rules.md 5.3)."""
    return Span(Decimal(3), Measure.DAYS)


def only_usual_priority(case: Ticket, *, by: Actor, **_: Any) -> None:
    """The reporter may raise P3 to P2; only the desk sets P1."""
    if case.priority != 3:
        raise Refused("这件报修已经是紧急。", who="只有报修调度可以定为抢险", instead="有人员危险请立即打电话。")


def low_rating_has_words(case: Ticket, *, by: Actor, speed: int, quality: int, words: str = "", **_: Any) -> None:
    """Two stars or fewer need a word on why, so that the school can mend it."""
    if min(speed, quality) <= LOW and not words:
        raise BadInput("请写一句哪里不满意。", errors={"words": ["评分在 2 分及以下时，请写一句哪里不满意。"]})


def is_safety_kind(case: Ticket) -> bool:
    """Whether a fault of this kind endangers people, so that it may be a hazard too; private reports stay private."""
    return topics()[case.topic].safety and not case.discreet


def not_a_hazard_yet(case: Ticket, *, by: Actor, **_: Any) -> None:
    """A kind marked as safety, told once: the hazard is dealt with there, the repair here."""
    if not is_safety_kind(case):
        raise Refused("这类报修不涉及安全，或是私密报修。", instead="确有隐患，请从首页“报隐患”。")
    known = CaseLink.objects.filter(target=case.pk, kind=HAZARD).select_related("source").first()
    if known is not None:
        raise Refused(f"已经报为隐患 {known.source.number}。", instead="进展看那一件，见“相关事项”。")


def is_closed_lately(case: Ticket) -> bool:
    """Whether the ticket was closed within the last seven days."""
    return case.closed_at is not None and clock.now() - case.closed_at <= AGAIN


def closed_lately(case: Ticket, *, by: Actor, **_: Any) -> None:
    """重新报修 is for what breaks again within seven days of its end; later it is a new fault."""
    if not is_closed_lately(case):
        raise Refused("办结已超过 7 天，不能再重新报修。", rule="办结后 7 天内可以重新报修", instead="请新报一件。")


def who_goes_again(case: Ticket) -> str:
    """Whoever repaired it goes again; where they have left, the desk finds somebody."""
    return "assigned" if case.assignee is not None and case.assignee.is_active else "accepted"


def where_the_next_begins(case: Ticket) -> str:
    """Somebody else goes there first; a job that waits for materials goes on waiting for them."""
    return "waiting" if case.state == "waiting" else "assigned"


def no_ask_open(case: Ticket, *, by: Actor, **_: Any) -> None:
    """One request for more time at a time."""
    if case.asked_hours is not None:
        raise Refused("已有一份延期申请在等答复。", instead="等总务主任答复后再申请。")


def ask_is_open(case: Ticket, *, by: Actor, **_: Any) -> None:
    """There must be a request to answer."""
    if case.asked_hours is None:
        raise Refused("没有等待答复的延期申请。")


def not_own_ask(case: Ticket, *, by: Actor, **_: Any) -> None:
    """More time is granted by somebody else than the one who does the work."""
    if isinstance(by, User) and by.pk == case.assignee_id:
        raise Refused("自己申请的延期，不能自己批准。", rule="申请人与批准人不能是同一人", who="总务主任或学校负责人")


def same_school(case: Ticket, *, by: Actor, unit: Any, **_: Any) -> None:
    """A ticket stays with its school; its number names it."""
    if unit.school_id != case.unit.school_id:
        raise BadInput("只能改到本校的地点。", errors={"unit": ["只能改到本校的地点。"]})


def another_person(case: Ticket, *, by: Actor, assignee: User, **_: Any) -> None:
    """A job is handed over to somebody else than the one who has it."""
    if assignee.pk == case.assignee_id:
        raise BadInput("请选另一位。", errors={"assignee": ["这一件现在就由这一位办理，请选另一位。"]})
