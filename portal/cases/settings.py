"""时限与阶梯: what admins change for a unit and everything below; every change is a new version, the old ones stay."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.db import transaction

from portal import clock as moments
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from portal.orgs.roles import roles
from portal.worktime.spans import Measure

from .flow import ASSIGNEE, FLOWS, HOLDER, OPENER, Rung
from .models import ClockSetting

MOST_RUNGS = 8
MOST_HOURS = 9999


@transaction.atomic
def set_clock(
    *,
    unit: Unit,
    kind: str,
    clock: str,
    topic: str = "",
    amount: Decimal | str | None = None,
    measure: str = "",
    rungs: list[dict[str, str]] | None = None,
    by: User,
    seen: int | None = None,
) -> ClockSetting:
    """Sets the time allowed (in `measure`) and the ladder of one clock; what is left out falls to the unit above.

    Holds for cases opened from now on. Refused for people who are not admin there, unknown posts, rungs out of order,
    and when the latest version is not the one that was `seen` (0: none).
    """
    if not may(by, "admin", unit.path):
        raise NotAllowed("时限与阶梯由这个单位的系统管理员设置。", who="系统管理员")
    span = _checked_span(kind, clock, amount, measure)
    if rungs is not None:
        rungs = [rung.to_json() for rung in checked(rungs)]
    Unit.objects.select_for_update().get(pk=unit.pk)  # two admins at once: one version after the other
    last = ClockSetting.objects.filter(unit=unit, kind=kind, clock=clock, topic=topic).order_by("-version").first()
    if seen is not None and seen != (last.version if last else 0):
        raise Stale("这个时限刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")
    setting = ClockSetting.objects.create(
        unit=unit,
        kind=kind,
        clock=clock,
        topic=topic,
        amount=span,
        measure=measure if span is not None else "",
        rungs=rungs,
        version=last.version + 1 if last else 1,
        made_at=moments.now(),
        made_by=by,
    )
    facts = {
        name: getattr(setting, name) for name in ("kind", "clock", "topic", "amount", "measure", "rungs", "version")
    }
    append(setting, "set", by=by, at=moments.now(), facts=facts | {"unit": unit})
    return setting


def _checked_span(kind: str, clock: str, amount: Decimal | str | None, measure: str) -> Decimal | None:
    if kind not in FLOWS or clock not in {one.name for one in FLOWS[kind].clocks}:
        raise BadInput("没有这个时钟。", errors={"clock": ["没有这个时钟。"]})
    span = _amount(amount)
    if span is not None and measure not in Measure.values:
        raise BadInput("请选择按什么时间走。", errors={"measure": ["请选择按什么时间走。"]})
    return span


def checked(rows: Iterable[dict[str, str]]) -> list[Rung]:
    """The rungs of a ladder, in order; refused: unknown posts, more than eight, or a later rung before an earlier one."""
    try:
        rungs = [Rung.from_json(row) for row in rows]
    except (KeyError, ValueError, InvalidOperation) as wrong:
        raise _bad("每一级都要写明岗位和时间。") from wrong
    if len(rungs) > MOST_RUNGS:
        raise _bad(f"最多 {MOST_RUNGS} 级。")
    known = set(roles()) | {HOLDER, ASSIGNEE, OPENER}
    if any(rung.tells not in known for rung in rungs):
        raise _bad("有一级的岗位不存在。")
    keys = [(rung.share or Decimal(1), rung.plus or Decimal(0)) for rung in rungs]
    if not all(share.is_finite() and plus.is_finite() and plus <= MOST_HOURS for share, plus in keys):
        raise _bad(f"超时后的小时数最多 {MOST_HOURS}。")
    if any(share <= 0 or share > 1 or plus < 0 for share, plus in keys):
        raise _bad("提醒要在到期之前，上报要在到期当时或之后。")
    if keys != sorted(keys):
        raise _bad("后一级不能早于前一级。")
    return rungs


def _bad(sentence: str) -> BadInput:
    return BadInput(sentence, errors={"rungs": [sentence]})


def _amount(amount: Decimal | str | None) -> Decimal | None:
    if amount in (None, ""):
        return None
    try:
        span = Decimal(str(amount))
    except InvalidOperation as wrong:
        raise BadInput("时限要写成数字。", errors={"amount": ["时限要写成数字。"]}) from wrong
    if not span.is_finite() or not 0 < span <= 9999:
        raise BadInput("时限要大于零、不超过 9999。", errors={"amount": ["时限要大于零、不超过 9999。"]})
    return span
