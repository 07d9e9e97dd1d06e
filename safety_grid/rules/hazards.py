"""What is refused of hazards: one function each, named for what it demands (docs/rules.md 3.3 and 3.4)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal import clock
from portal.cases.actors import Actor
from portal.cases.models import Case, CaseLink, Deadline
from portal.errors import BadInput, Refused
from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.models import User
from portal.worktime.spans import Measure, Span
from safety_grid.models import MAJOR, Concern, Hazard

DECIDES_MAJOR = ("principal", "safety_officer")  # 重大隐患由校长定级；校长空缺时由局安全科
REPAIR = "repair"  # a repair belongs to the hazard it puts right
FIXING = ("finish", "fix_now")
EVENING = time(18, 0)  # a plan's day ends at six
FAR = timedelta(days=366)


def register_time(case: Case) -> Span:
    """The school's office has 24 hours to look at a report and grade it."""
    return Span(Decimal(24), Measure.WALL)


def at_once_time(case: Case) -> Span:
    """What is not fixed within 24 hours of being registered needs its five items; a major one needs them by then anyway."""
    return Span(Decimal(24), Measure.WALL)


def rectify_time(case: Case) -> Span:
    """Where no date was promised: thirty days (a proposal)."""
    return Span(Decimal(720), Measure.WALL)


def promised_moment(case: Hazard) -> datetime | None:
    """The end of the day the plan names."""
    return datetime.combine(case.due_on, EVENING, clock.SCHOOL_TIME) if case.due_on else None


def check_time(case: Case) -> Span:
    """Whoever checks has three school days (a proposal)."""
    return Span(Decimal(3), Measure.DAYS)


def recheck_time(case: Case) -> Span:
    """A major one is looked at again within seven days of being accepted (IP-16)."""
    return Span(Decimal(168), Measure.WALL)


def weekly_time(case: Case) -> Span:
    """Under public supervision a report is due each week."""
    return Span(Decimal(168), Measure.WALL)


def answer_time(case: Case) -> Span:
    """A lead on a student is taken up within 24 hours."""
    return Span(Decimal(24), Measure.WALL)


def care_time(case: Case) -> Span:
    """Ten school days to look into it and act (a proposal)."""
    return Span(Decimal(10), Measure.DAYS)


def after_register(case: Hazard) -> str:
    """What was fixed on the spot and is no major one goes to be checked at once."""
    return "to_check" if case.fixed and not case.is_major else "registered"


def after_plan(case: Hazard) -> str:
    """A major one that has a plan is unfinished: it is put under public supervision from the start."""
    return "supervised" if case.is_major else "planned"


def after_finish(case: Hazard) -> str:
    """The level that must accept it: the school's safety office, or the bureau for a major one."""
    return "to_accept" if case.is_major else "to_check"


def back_to_work(case: Hazard) -> str:
    """Sent back it stands where it stood: under supervision, in work by its plan, or registered where no plan was made."""
    if case.supervised_at is not None:
        return "supervised"
    return "working" if case.due_on is not None else "registered"


def is_general(case: Hazard) -> bool:
    """Whether it may be fixed at once, without a plan."""
    return not case.is_major


def only_general(case: Hazard, *, by: Actor, **_: Any) -> None:
    """A major one is never just fixed: use stops, a line is drawn, the five items are written down."""
    if case.is_major:
        raise Refused(
            "重大隐患不能只写“立即整改”。",
            rule="重大隐患先停用、设警戒，再定五落实",
            instead="请点“定整改方案”，把五项填全。",
        )


def principal_decides_major(case: Hazard, *, by: Actor, grade: str, **_: Any) -> None:
    """重大 is the principal's word (or the bureau's safety office's, where there is no principal); so is what was put before them."""
    if (grade == MAJOR or case.state == "to_grade") and not (
        isinstance(by, User) and may(by, DECIDES_MAJOR, case.unit_path)
    ):
        raise Refused(
            "重大隐患由校长定级。",
            rule="重大隐患由校长定级",
            who="校长；校长空缺时由局安全科",
            instead="请点“呈请校长定级”。",
        )


def put_before_the_principal(case: Hazard, *, by: Actor, **_: Any) -> None:
    """What was put before the principal ends by their word only, by being taken for another one too."""
    principal_decides_major(case, by=by, grade="")


def into_what_all_may_see(case: Hazard, *, by: Actor, into: Case, **_: Any) -> None:
    """A report goes into one its reporter may see: not into a stranger's that nobody has vouched for."""
    if into.circle:
        why = "那一件是未登录的人报的，还没有核实来源。请先核实，或者反过来并入。"
        raise BadInput(why, errors={"into": [why]})


def direct_rule_needs_reason(case: Hazard, *, by: Actor, grade: str, rule: str = "", note: str = "", **_: Any) -> None:
    """What fits a direct-judgement rule and is called general all the same needs a written reason."""
    if rule and grade != MAJOR and not note:
        why = "符合直接判定情形却定为一般，请写明理由。"
        raise BadInput(why, errors={"note": [why]})


def plan_when_owed(case: Hazard, *, by: Actor, **_: Any) -> None:
    """立即整改 is for 24 hours; what takes longer owes its five items first."""
    if case.state != "fixing_now":
        return
    clocks = Deadline.objects.filter(case_id=case.pk, clock="at_once", done_at=None)
    if clocks.filter(due_at__lt=clock.now()).exists():
        raise Refused(
            "立即整改的时间已过，要先定整改方案。",
            rule="24 小时内没有整改完的，五项要落实",
            instead="请点“定整改方案”，把五项填全。",
        )


def in_time(case: Hazard, *, by: Actor, due_on: date | None = None, asked_on: date | None = None, **_: Any) -> None:
    """A date that is promised lies ahead, within a year."""
    name, day = ("due_on", due_on) if due_on is not None else ("asked_on", asked_on)
    ends = datetime.combine(day, EVENING, clock.SCHOOL_TIME) if day else None
    if ends is not None and not clock.now() < ends <= clock.now() + FAR:
        why = "这一天要在以后、一年以内，到当天 18:00 为止。"
        raise BadInput(why, errors={name: [why]})


def later_than_promised(case: Hazard, *, by: Actor, asked_on: date, **_: Any) -> None:
    """More time means a later day than the one promised."""
    if case.asked_on is not None:
        raise Refused("已有一份延期申请在等答复。", instead="等答复后再申请。")
    if case.due_on is not None and asked_on <= case.due_on:
        why = f"要晚于现在的时限 {case.due_on:%Y-%m-%d}。"
        raise BadInput(why, errors={"asked_on": [why]})


def ask_is_open(case: Hazard, *, by: Actor, **_: Any) -> None:
    """There must be a request to answer."""
    if case.asked_on is None:
        raise Refused("没有等待答复的延期申请。")


def not_own_ask(case: Hazard, *, by: Actor, **_: Any) -> None:
    """More time is granted by somebody else; under public supervision by the bureau."""
    if isinstance(by, User) and by.pk == case.assignee_id:
        raise Refused("自己申请的延期，不能自己批准。", rule="申请人与批准人不能是同一人", who="安全办主任或学校负责人")
    if case.state == "supervised" and not (isinstance(by, User) and may(by, "safety_officer", case.unit_path)):
        raise Refused("挂牌督办的隐患，延期由局安全科批准。", who="局安全科")


def checker_is_not_fixer(case: Hazard, *, by: Actor, **_: Any) -> None:
    """整改人与验收人不能是同一人: whoever answered for it, or ever handed in that it was fixed, never signs it off."""
    if isinstance(by, User) and by.pk in fixers(case):
        raise Refused(
            "自己整改的，不能自己验收。",
            rule="整改人与验收人不能是同一人",
            who="安全办主任或学校负责人里的另一位；重大隐患由局安全科",
        )


def fixers(case: Hazard) -> set[int]:
    """Who answered for it, who handed it in as fixed, and who said at the report that it was fixed on the spot."""
    handed_in = Event.objects.filter(address=case.address, verb__in=FIXING, who__startswith="person:")
    found = {int(who.partition(":")[2]) for who in handed_in.values_list("who", flat=True)}
    return found | {one for one in (case.assignee_id, case.opener_id if case.fixed else None) if one is not None}


def another_counsellor(case: Concern, *, by: Actor, **_: Any) -> None:
    """Whoever dealt with it does not end it."""
    if isinstance(by, User) and by.pk == case.assignee_id:
        raise Refused(
            "自己经办的，不能自己办结。",
            rule="经办人与复核人不能是同一人",
            who="另一位心理与德育专员，或局学生关爱专员",
        )


def not_a_repair_yet(case: Hazard, *, by: Actor, **_: Any) -> None:
    """What is out for repair already is not reported twice."""
    known = CaseLink.objects.filter(target=case.pk, kind=REPAIR, source__is_open=True).select_related("source").first()
    if known is not None:
        raise Refused(f"已经转报修 {known.source.number}，还没有修好。", instead="进展看那一件，见“相关事项”。")


def is_asked(case: Hazard) -> bool:
    """Whether somebody waits for an answer about more time."""
    return case.asked_on is not None
