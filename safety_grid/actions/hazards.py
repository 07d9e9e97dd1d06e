"""The verbs that open hazards and concerns, and what a hazard's steps cause beyond the case itself."""

from datetime import datetime
from typing import Any

from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor
from portal.cases.flow import address_of
from portal.cases.forms import StepForm
from portal.cases.ladders import told
from portal.cases.models import Case, CaseLink
from portal.notices.actions import tell
from portal.orgs.models import Unit, User
from portal.orgs.roles import VISITORS
from portal.stickers.models import Sticker
from safety_grid.flow.concerns import CIRCLE, CONCERNS
from safety_grid.flow.hazards import FLOW
from safety_grid.models import MAJOR, Hazard
from safety_grid.queries.hazards import RECURRENCE, Category, categories, earlier_at, holder_of, proposed_rule

UPWARDS = ("principal", "tied_leader", "safety_officer")


def report(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a hazard from a valid report; of a private category a concern, which is another kind in a closed circle.

    Whoever answers for the place by the grid gets it, and is told. Danger to people makes it urgent; words that fit a direct-judgement rule propose it. The newest hazard of the same place
    and category closed within 90 days is linked as what came back.
    """
    said = form.cleaned_data
    category = categories()[said["topic"]]
    if category.private:
        return raise_concern(form, by=by, **more)
    unit, words, holder = said["unit"], _first_line(said.get("words")), holder_of(said["unit"])
    return open_case(
        FLOW,
        unit=unit,
        title=f"{unit.name} {words or said.get('item') or category.name}"[:200],
        by=by,
        opener=by if isinstance(by, User) else None,
        form=form,
        topic=category.code,
        columns=_columns(unit, category, said) | ({"assignee_id": holder.pk} if holder else {}),
        **{"priority": 1 if said.get("danger") else 3} | more,
    )


def visit(form: StepForm, *, by: Actor, sticker: Sticker, receipt: str) -> Case:
    """Opens a stranger's report at a sticker's place, in the desk's closed circle until somebody vouches for it.

    Its title holds nothing the stranger typed. A private category goes to the counsellors at once, and nowhere else.
    """
    said = form.cleaned_data
    category = categories()[said["topic"]]
    if category.private:
        return _concern(form, sticker.unit, by=by, opener=None, receipt=receipt)
    return open_case(
        FLOW,
        step=FLOW.visiting,
        unit=sticker.unit,
        title=f"{sticker.unit.name} {category.name}",
        by=by,
        form=form,
        topic=category.code,
        circle=VISITORS,
        receipt=receipt,
        columns=_columns(sticker.unit, category, said),
    )


def raise_concern(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a concern about a student: in the closed circle of counsellors, numbered apart, its title fit for anybody's screen."""
    return _concern(form, form.cleaned_data["unit"], by=by, opener=by if isinstance(by, User) else None, **more)


def _concern(form: StepForm, unit: Unit, *, by: Actor, opener: User | None, **more: Any) -> Case:
    return open_case(
        CONCERNS, unit=unit, title=f"学生关爱（{unit.name}）", by=by, opener=opener, form=form, circle=CIRCLE, **more
    )


def _columns(unit: Unit, category: Category, said: dict[str, Any]) -> dict[str, Any]:
    """What is known beside what was typed: the day, the rule it may fit, how often it came back."""
    rule = proposed_rule(category.code, f"{said.get('item') or ''} {said.get('words') or ''}")
    return {
        "found_on": clock.today(),
        "rule": rule.code if rule else "",
        "again": earlier_at(unit, category.code).count(),
    }


def _first_line(words: str | None) -> str:
    return next(iter((words or "").strip().splitlines()), "")


def tell_of_danger(case: Hazard, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """Effect of a report: links what came back; danger, or words that fit a direct-judgement rule, reach the principal at once."""
    facts: dict[str, Any] = {}
    before = earlier_at(case.unit, case.topic).first()
    if before is not None:
        CaseLink.objects.create(source=case, target=before, kind=RECURRENCE)
        facts["recurrence_of"] = before
    if case.danger or case.rule:
        lead = "有人员危险" if case.danger else "可能是重大隐患"
        _tell_of(case, ("principal",), f"{lead}，请马上看：{case.title}", "danger", by=by, at=at)
    return facts


def tell_of_major(case: Hazard, *, by: Actor, at: datetime, **_: Any) -> None:
    """Effect of grading: 重大 is told up the line at once, day or night (docs/rules.md 3.3)."""
    if case.is_major:
        _tell_of(case, UPWARDS, f"定为重大隐患，请立即停用、设警戒：{case.title}", "major", by=by, at=at)


def tell_of_plan(case: Hazard, *, by: Actor, at: datetime, **_: Any) -> None:
    """Effect of a plan: of a major one it is the written report that is due within 24 hours, and it goes on the board."""
    if case.is_major:
        _tell_of(case, UPWARDS, f"重大隐患书面报告（五落实）：{case.title}", "written", by=by, at=at)
        put_on_board(case, by=by, at=at)


def put_on_board(case: Hazard, *, by: Actor, at: datetime, **_: Any) -> None:
    """Effect of 挂牌督办: since when it stands on the board, whatever becomes of it."""
    if case.supervised_at is None:
        case.supervised_at = at
        Hazard.objects.filter(pk=case.pk).update(supervised_at=at)


def _tell_of(case: Hazard, roles: tuple[str, ...], title: str, verb: str, *, by: Actor, at: datetime) -> None:
    tell(
        told(case, roles, but=by if isinstance(by, User) else None),
        about=case.address,
        verb=verb,
        title=title[:120],
        body=f"{case.number} · {case.unit.place}",
        url=address_of(case),
        urgent=case.grade == MAJOR or case.urgent,
        at=at,
    )


__all__ = ["put_on_board", "raise_concern", "report", "tell_of_danger", "tell_of_major", "tell_of_plan", "visit"]
