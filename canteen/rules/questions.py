"""Refusals about questions."""

from decimal import Decimal
from typing import Any

from canteen.models import Question
from portal.cases.actors import Actor
from portal.errors import Refused
from portal.worktime.spans import Measure, Span

ONCE = 1  # how often one may ask again


def where_it_waits(case: Question) -> str:
    """Private ones wait in a state of their own, whose ladder never leaves the circle."""
    return "confided" if case.circle else "asked"


def answer_time(case: Question) -> Span:
    """Two school days from the asking (docs/rules.md 2); the setting of the unit goes first."""
    return Span(Decimal(2), Measure.DAYS)


def quiet_time(case: Question) -> Span:
    """How long an answer waits for a word of the asker."""
    return Span(Decimal(5), Measure.DAYS)


def asked_again_once(case: Question, *, by: Actor, **_: Any) -> None:
    """One may come back once; what is still open then is a matter for the school's head, not for a third letter."""
    if case.again >= ONCE:
        raise Refused("已经追问过一次了。", instead="还没有说清楚的，请直接找校长，或另提一个问题。")


def on_the_list(case: Question, *, by: Actor, **_: Any) -> None:
    """Only what stands on the public list can be taken off it."""
    if not case.listed:
        raise Refused("这个问题不在公开列表上。", instead="不用再办。")
