"""Ballots under the ledger's protection: what was counted at the end is what the chain says, one ballot to each name on the roll.

Nothing here looks at who answered what: there is nothing to look at.
"""

from itertools import groupby

from portal.ledger.models import Event
from portal.ledger.verification import Checked, Finding, lacking

from .models import Ask, Question, Survey
from .questions import digest_of_sums

_CLOSED = """
    select address, (facts ->> 'ballots')::int, (facts ->> 'voted')::int, (facts ->> 'invited')::int, at
    from ledger_event where address like 'survey:%' and verb = 'closed'
"""
_HELD = "select 'survey:' || id, ballots, voted, invited, closed_at from surveys_survey where closed_at is not null"
_VOTED = "select id, voted from surveys_survey where voted > 0"
_ROLL = "select survey_id, count(*) from surveys_voter group by 1"


def check() -> Checked:
    """Counts against chains, the roll against the counts, and every survey's sums against its ballots and its digest."""
    if lacking(_CLOSED, _HELD) or lacking(_HELD, _CLOSED):
        row = lacking(_CLOSED, _HELD) or lacking(_HELD, _CLOSED) or ("",)
        return Checked(0, Finding(row[0], "截止时数出的答卷和现在的不同，被改动过。"))
    off = lacking(_VOTED, _ROLL) or lacking(_ROLL, _VOTED)
    if off:
        return Checked(0, Finding(f"survey:{off[0]}", "答过的名单和答卷数对不上，少了或多了。"))
    said = dict(Event.objects.filter(address__startswith="survey:", verb="closed", facts__has_key="sums").values_list(
        "address", "facts__sums"))  # fmt: skip
    rows, count = Question.objects.select_related("survey").order_by("survey", "place").iterator(), 0
    for survey, questions in groupby(rows, key=lambda one: one.survey):
        count += 1
        if sentence := _flaw(survey, list(questions), said.get(survey.address)):
            return Checked(count, Finding(survey.address, sentence))
    return Checked(count)


def _flaw(survey: Survey, questions: list[Question], sums: str | None) -> str:
    for one in questions:
        given = sum(int(n) for n in one.counts.values())
        if given > survey.ballots or (one.required and one.kind != Ask.WORDS and given != survey.ballots):
            return f"第 {one.place} 题的票数和答卷数对不上，被改动过。"
    if sums is not None and sums != digest_of_sums(questions):
        return "题目或票数和截止时的不同，被改动过。"
    return ""
