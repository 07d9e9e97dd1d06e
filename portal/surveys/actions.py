"""Issuing, answering, closing and withdrawing: the only writers. Each is one transaction, whole or absent."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, WrongStep
from portal.ledger.actions import CLOCK, append
from portal.orgs.models import Unit, UnitKind, User
from portal.publications.actions import publish
from portal.publications.kinds import KINDS
from portal.publications.periods import Every, period_of

from .access import Whom, answers_for, invited, keys_of, refuse_foreign_issuer
from .models import LEAST, Ask, Per, Question, Remark, Survey, Voter
from .questions import Asked, counted, digest_of_sums

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
LONGEST, MOST = timedelta(days=92), 40  # how long a survey may be open, how many questions it may ask
CROWD = 200  # remarks among which one lies for good
ALREADY = "您或您家里已经答过了，一份就够。"
log = logging.getLogger(__name__)
Closed = Callable[[Survey], None]
_listeners: dict[str, Closed] = {}


def on_closed(purpose: str, tell: Closed) -> None:
    """Registers what an affair does when a survey of its purpose (the word before the first colon) has closed."""
    _listeners[purpose] = tell


@transaction.atomic
def issue(
    *,
    unit: Unit,
    title: str,
    questions: Sequence[Asked],
    asks: Whom,
    closes_at: datetime,
    by: User | str,
    per: str = Per.PERSON,
    least: int = 5,
    about: str = "",
    kind: str = "",
    purpose: str = "",
) -> Survey:
    """Opens a survey now. `kind` is the kind of publication of its result.

    Refused: people whose post issues none there, no question or nobody asked, a household without parents, an end that has
    passed or is more than three months away, fewer than three answers, a publication of what is no school.
    """
    refuse_foreign_issuer(by, unit)
    at = clock.now()
    _refuse_wrong(unit, questions, asks, per, least, kind, (at, closes_at))
    survey = Survey.objects.create(
        unit=unit, code=_code(at), title=title, about=about, per=per, least=least, purpose=purpose, kind=kind,
        asks_staff=asks.staff, asks_parents=asks.parents, asks_students=asks.students,
        issuer=by if isinstance(by, User) else None, opened_at=at, closes_at=closes_at,
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(survey=survey, place=place, kind=one.kind, title=one.title, choices=list(one.choices),
                 required=one.required, about=one.about)
        for place, one in enumerate(questions, 1)
    )  # fmt: skip
    facts = {"unit": unit, "closes_at": closes_at, "per": per, "least": least, "questions": len(questions)}
    append(survey, "issued", by=by, at=at, facts=facts)
    return survey


@transaction.atomic
def answer(survey: Survey, *, by: User, answers: Mapping[int, Any]) -> None:
    """Takes one ballot: the roll gets the person or household, the sums one more each, remarks lie among the others.

    `answers` are clean values by question. Refused: after the end, people it does not ask, a second ballot. What is
    written holds nothing by which anybody could say whose answer is whose.
    """
    survey = Survey.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=survey.pk)
    _refuse_closed(survey)
    keys = keys_of(survey, by)
    if not keys:
        raise NotAllowed("这份问卷没有问您。", instead="回到首页，看看有没有等您答的。")
    known = set(Voter.objects.filter(survey=survey, key__in=keys).values_list("key", flat=True))
    fresh = [key for key in keys if key not in known]
    if not fresh:
        raise WrongStep(ALREADY, instead="结束以后可以看结果。")
    Voter.objects.bulk_create(Voter(survey=survey, key=key) for key in fresh)
    questions = list(Question.objects.filter(survey=survey).order_by("pk"))
    said = {one.pk: _plain(answers.get(one.pk)) for one in questions}
    measured = [one for one in questions if one.kind != Ask.WORDS]
    for one in measured:
        one.counts = counted(one.counts, said[one.pk])
    Question.objects.bulk_update(measured, ["counts"])  # every one of them, answered or not: none tells who came last
    for one in questions:
        if one.kind == Ask.WORDS:
            _mix(one, said[one.pk])
    Survey.objects.filter(pk=survey.pk).update(ballots=survey.ballots + 1, voted=survey.voted + len(fresh))


def _plain(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _mix(question: Question, text: str) -> None:
    """One more remark, if there is one, and every remark that is not among a crowd laid anew in an order by chance.

    So no place, number or writer of a row tells when it was written: those of one crowd were all written by the last ballot.
    """
    table = Remark._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"with loose as (delete from {table} where question_id = %s and not mixed returning text, state), "  # noqa: S608
            "heap as (select text, state from loose union all select %s, 'new' where %s <> ''), "
            "laid as (select text, state, row_number() over (order by random()) as n, count(*) over () as total from heap) "
            f"insert into {table} (id, question_id, text, state, mixed) "
            "select gen_random_uuid(), %s, text, state, total >= %s and n <= %s from laid order by random()",
            [question.pk, text, text, question.pk, 2 * CROWD, CROWD],
        )


@transaction.atomic
def withdraw(survey: Survey, *, by: User) -> Survey:
    """作废: it asks nobody any more and shows nothing, ever. Refused: people who do not answer for it, one that is over."""
    survey = _locked(survey)
    refuse_foreign_issuer(by, survey.unit)
    _refuse_closed(survey)
    survey.withdrawn_at = clock.now()
    Survey.objects.filter(pk=survey.pk).update(withdrawn_at=survey.withdrawn_at)
    append(survey, "withdrawn", by=by, at=survey.withdrawn_at, facts={"ballots": survey.ballots})
    return survey


@transaction.atomic
def let_through(survey: Survey, *, shown: Sequence[UUID], by: User) -> int:
    """The issuer has read the remarks: `shown` are public to those asked, the others never. Refused before the end."""
    survey = _locked(survey)
    refuse_foreign_issuer(by, survey.unit)
    if survey.closed_at is None or survey.ballots < survey.least:
        raise WrongStep("结束以后、答的人够了才能看留言。")
    mine = Remark.objects.filter(question__survey=survey)
    n = mine.filter(pk__in=shown).update(state=Remark.SHOWN)
    mine.exclude(pk__in=shown).update(state=Remark.HIDDEN)
    append(survey, "let_through", by=by, at=clock.now(), facts={"shown": n})
    return n


def close_due(limit: int = 100) -> int:
    """Closes what has reached its end, counts who was asked, publishes where enough have answered; each on its own."""
    done = 0
    for _ in range(limit):
        if not _close_next():
            break
        done += 1
    return done


@transaction.atomic
def _close_next() -> bool:
    at = clock.now()
    due = Survey.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit__school")
    survey = due.filter(closed_at=None, withdrawn_at=None, closes_at__lte=at).order_by("closes_at", "pk").first()
    if survey is None:
        return False
    survey.closed_at, survey.invited = at, max(invited(survey), survey.voted)
    Survey.objects.filter(pk=survey.pk).update(closed_at=at, invited=survey.invited)
    facts: dict[str, Any] = {"ballots": survey.ballots, "voted": survey.voted, "invited": survey.invited}
    if survey.ballots >= survey.least:  # the digest of few answers would tell them
        facts["sums"] = digest_of_sums(Question.objects.filter(survey=survey))
    append(survey, "closed", by=CLOCK, at=at, facts=facts)
    tell = _listeners.get(survey.purpose.partition(":")[0])
    try:
        with transaction.atomic():
            if tell is not None:
                tell(survey)
            if survey.kind and survey.ballots >= survey.least:
                period = period_of(Every.EVENT, survey.code)
                publish(KINDS[survey.kind], unit=survey.unit, period=period, by=CLOCK, title=survey.title)
    except Refused as no:  # one survey's result that cannot be shown stops only its own publication, and is recorded
        log.warning("the result of survey %s is not published: %s", survey.pk, no.sentence)
        append(survey, "unpublished", by=CLOCK, at=at, facts={"why": type(no).__name__})
    return True


def _locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).select_related("unit__school").get(pk=survey.pk)


def _refuse_closed(survey: Survey) -> None:
    if survey.withdrawn_at is not None:
        raise WrongStep("这份问卷已经作废，不用答了。")
    if survey.closed_at is not None or survey.closes_at <= clock.now():
        raise WrongStep("这份问卷已经截止。", instead="结果出来以后，还在这个地址看。")


def _refuse_wrong(
    unit: Unit, questions: Sequence[Asked], asks: Whom, per: str, least: int, kind: str, span: tuple[datetime, datetime]
) -> None:
    wrong: dict[str, str] = {}
    if not 0 < len(questions) <= MOST:
        wrong["questions"] = f"请写 1 到 {MOST} 个问题。"
    if any(one.kind == Ask.CHOICE and not 2 <= len(one.choices) <= 12 for one in questions):
        wrong["questions"] = "“选一项”的问题要有 2 到 12 个选项。"
    if not asks.words:
        wrong["who"] = "请选择请谁来答。"
    if per == Per.HOUSEHOLD and not asks.parents:
        wrong["per"] = "一户一份是问家长的，请在“请谁来答”里选家长。"
    if asks.staff and unit.kind == UnitKind.CLASS:
        wrong["who"] = "班级的问卷问家长和学生。"
    if not span[0] < span[1] <= span[0] + LONGEST:
        wrong["closes_on"] = "请选今天以后、三个月以内的一天。"
    if least < LEAST:
        wrong["least"] = f"至少满 {LEAST} 份才能显示结果，免得认出谁答了什么。"
    if kind and unit.school_id != unit.pk:
        wrong["kind"] = "公示以学校为单位，这里的结果只给答卷的人看。"
    if wrong:
        first = next(iter(wrong.values()))
        raise BadInput(first, errors={name: [words] for name, words in wrong.items()})


def _code(at: datetime) -> str:
    day = at.astimezone(clock.SCHOOL_TIME)
    return f"{day:%Y%m%d}-{''.join(secrets.choice(SIGNS) for _ in range(7))}"


__all__ = ["answer", "answers_for", "close_due", "issue", "let_through", "on_closed", "withdraw"]
