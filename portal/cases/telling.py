"""Who hears of a step: whose turn it is now, the opener, whom the step names, and those who follow; never the one who acts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal import clock
from portal.notices.actions import Message, tell_many
from portal.orgs.models import User
from portal.templatetags.sunlit import when

from .actors import Actor
from .flow import HOLDER, OPENER, address_of, flow_of
from .ladders import Whom
from .models import Case, CaseParty
from .recording import Taken

TOLD_ALWAYS = (CaseParty.FOLLOWER, CaseParty.HELPER)


def tell_of(taken: Sequence[Taken], *, by: Actor) -> None:
    """The notices of these steps, each of another case; as many questions for one as for many."""
    parties = _parties([one.case for one in taken])
    barred = {
        (row.case_id, row.person_id) for rows in parties.values() for row in rows if row.as_what == CaseParty.BARRED
    }
    whom = Whom(barred=barred)
    for one in taken:
        whom.need(one.case, _codes(one))
    whom.load()
    actor = by.pk if isinstance(by, User) else None
    asked = {one.case.pk: {who for code in _codes(one) for who in whom.of(one.case, code)} for one in taken}
    for pk, found in parties.items():
        always = {row.person_id for row in found if row.as_what in TOLD_ALWAYS}
        asked[pk] |= {who for who in always if (pk, who) not in barred}
    wanted = {who for people in asked.values() for who in people} - {actor}
    known = {one.pk: one for one in User.objects.filter(pk__in=wanted, is_active=True)} if wanted else {}
    tell_many([_message(one, [known[who] for who in sorted(asked[one.case.pk]) if who in known], by) for one in taken])


def _codes(one: Taken) -> list[str]:
    if not one.step.target:
        return list(one.step.tells)
    return [*one.step.tells, *([HOLDER] if one.case.turn else []), OPENER]


def _parties(cases: Sequence[Case]) -> dict[int, list[CaseParty]]:
    """Those who asked to be told of every step, those who were asked to help, and those who must stay away."""
    found: dict[int, list[CaseParty]] = defaultdict(list)
    asked = [CaseParty.BARRED, *TOLD_ALWAYS]
    for row in CaseParty.objects.filter(case__in=[one.pk for one in cases], as_what__in=asked):
        found[row.case_id].append(row)
    return found


def _message(one: Taken, people: list[User], by: Actor) -> Message:
    case, step = one.case, one.step
    who = by.name if isinstance(by, User) else "系统" if isinstance(by, str) else "未登录的人"
    state, said = flow_of(case).state(case.state).title, step.name in flow_of(case).talk
    title = f"{who}{step.says or step.title}：{case.title}".format_map(_Names(case, one.facts))
    return Message(
        people=people,
        about=case.address,
        verb=step.name,
        title=title[:120],
        body=f"{case.number} · {case.unit.place} · {state}{'，点开看问和答' if said else ''}",
        url=address_of(case),
        urgent=case.urgent,
        at=clock.now(),
    )


class _Names(dict[str, str]):
    """Fills {assignee} and the like in a step's sentence, from the case or from what the chain says of the step."""

    def __init__(self, case: Case, facts: Mapping[str, Any]) -> None:
        super().__init__()
        self.case, self.facts = case, facts

    def __missing__(self, name: str) -> str:
        chosen = getattr(self.case, f"get_{name}_display", None)
        value = chosen() if chosen else getattr(self.case, name, self.facts.get(name)) or ""
        return f" {when(value)} " if isinstance(value, datetime) else str(value)
