"""Kinds of questions: the field that asks, what an answer counts as, and what the counts say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from portal.cases.forms import WordsField
from portal.publications.content import canonical, digest_of
from portal.widgets import Amount, Choices, Stars
from portal.wire.amounts import rounded

from .models import Ask, Question

YES, NO = "yes", "no"
STARS = [(str(n), str(n)) for n in range(1, 6)]
FULL = {Ask.SCORE: Decimal(5), Ask.PERCENT: Decimal(100)}
MEASURED = tuple(FULL)
LONGEST = 300  # letters of a remark
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")


@dataclass(frozen=True)
class Asked:
    """A question as it is to be asked; `choices` of a choice, `about` the affair's code for what is judged."""

    kind: str
    title: str
    choices: tuple[str, ...] = ()
    required: bool = True
    about: str = ""


@dataclass(frozen=True)
class Line:
    """One answer to a question and how often it was given; `share` in percent."""

    words: str
    n: int
    share: int


@dataclass(frozen=True)
class Outcome:
    """What the answers to one question say together. `satisfaction` is the mean in points of 100; none where it is no
    score. Kept back (`hidden`) while fewer than the least number answered it."""

    question: Question
    n: int
    hidden: bool
    mean: Decimal | None = None
    satisfaction: Decimal | None = None
    lines: tuple[Line, ...] = ()


def field_of(question: Question) -> forms.Field:
    """The field that asks it."""
    named: dict[str, Any] = {"label": question.title, "required": question.required}
    if question.kind == Ask.SCORE:
        return forms.ChoiceField(choices=STARS, widget=Stars, **named)
    if question.kind == Ask.PERCENT:
        return forms.IntegerField(min_value=0, max_value=100, widget=Amount("分"), **named)
    if question.kind == Ask.YES_NO:
        return forms.ChoiceField(choices=[(YES, "是"), (NO, "否")], widget=Choices, **named)
    if question.kind == Ask.CHOICE:
        pairs = [(str(at), words) for at, words in enumerate(question.choices)]
        return forms.ChoiceField(choices=pairs, widget=forms.RadioSelect, **named)
    return WordsField(rows=2, max_length=LONGEST, help_text="不记姓名；发问卷的人看过后才会公开。", **named)


def counted(counts: Mapping[str, int], answer: str) -> dict[str, int]:
    """The sums with one more answer; keys in their own order, so that they do not tell which came last."""
    more = {**counts, answer: counts.get(answer, 0) + 1} if answer else dict(counts)
    return {key: more[key] for key in sorted(more)}


def digest_of_sums(questions: Iterable[Question]) -> str:
    """What was asked and how often each answer was given, as one digest: whoever changes a sum later is found out."""
    rows = [[one.place, one.kind, one.title, one.choices, one.counts] for one in questions]
    return digest_of(canonical(sorted(rows, key=lambda row: row[0])))


def outcome_of(question: Question, least: int, remarks: int = 0) -> Outcome:
    """What the sums say; of fewer than `least` answers nothing but their number."""
    counts = {key: int(n) for key, n in question.counts.items()}
    n = remarks if question.kind == Ask.WORDS else sum(counts.values())
    if n < least or question.kind == Ask.WORDS:
        return Outcome(question, n, hidden=n < least)
    if question.kind in FULL:
        mean = Decimal(sum(int(key) * times for key, times in counts.items())) / n
        points = mean / FULL[Ask(question.kind)] * 100
        shown = rounded(mean, HUNDREDTH), rounded(points, TENTH)
        return Outcome(question, n, False, *shown, _lines(question, counts, n))
    return Outcome(question, n, False, lines=_lines(question, counts, n))


def _lines(question: Question, counts: Mapping[str, int], n: int) -> tuple[Line, ...]:
    if question.kind == Ask.PERCENT:
        return ()
    words = {YES: "是", NO: "否"} if question.kind == Ask.YES_NO else {}
    if question.kind == Ask.CHOICE:
        words = {str(at): one for at, one in enumerate(question.choices)}
    if question.kind == Ask.SCORE:
        words = {str(stars): f"{stars} 星" for stars in range(5, 0, -1)}
    return tuple(Line(said, counts.get(key, 0), round(100 * counts.get(key, 0) / n)) for key, said in words.items())
