"""Refusals and times of stock-takes."""

from decimal import Decimal
from typing import Any

from portal.cases.actors import Actor
from portal.cases.models import Case
from portal.errors import Refused
from portal.orgs.models import Unit, User, prefixes
from portal.worktime.spans import Measure, Span
from repairs.models import CountLine, StockTake
from repairs.queries.stocktakes import progress_of


def count_time(case: Case) -> Span:
    """A stock-take is counted and signed within 15 school days (our own default)."""
    return Span(Decimal(15), Measure.DAYS)


def none_is_open(unit: Unit) -> None:
    """One stock-take at a time in any one place."""
    running = StockTake.objects.filter(is_open=True)
    below, above = running.filter(unit_path__startswith=unit.path), running.filter(unit_path__in=prefixes(unit.path))
    found = (below | above).first()
    if found is not None:
        raise Refused(f"这里有一次盘点还没有结束：{found.number}。", instead="先盘完、签字或取消那一次。")


def counter_is_not_signer(case: StockTake, *, by: Actor, **_: Any) -> None:
    """盘点人与签字人不能是同一人."""
    if not isinstance(by, User):
        return
    if case.opener_id == by.pk or CountLine.objects.filter(take=case, found_by=by).exists():
        raise Refused(
            "自己盘的，不能自己签字。",
            rule="盘点人与签字人不能是同一人",
            who="没有参加盘点的总务主任或学校负责人",
        )


def every_difference_is_settled(case: StockTake, *, by: Actor, **_: Any) -> None:
    """A stock-take is signed once every difference has its reason."""
    now = progress_of(case)
    if now.settled < now.differences:
        left = now.differences - now.settled
        raise Refused(f"还有 {left} 处差异没有处理。", who="资产管理员", instead="在差异表里逐条处理后再签字。")
