"""Refusals, times and turnings of requests for materials, one function each, named for what they demand."""

from decimal import Decimal
from typing import Any

from portal.cases.actors import Actor
from portal.errors import BadInput, Refused
from portal.evidence.models import Piece
from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.models import User
from portal.templatetags.sunlit import money
from portal.worktime.spans import Measure, Span
from repairs.models import Materials
from repairs.queries.materials import alike, tiers_at

APPROVERS = {
    "to_head": "logistics_head",
    "to_vice": "vice_principal",
    "to_principal": "principal",
    "to_council": "principal",
}
QUOTES = 3


def approve_time(case: Materials) -> Span:
    """One school day of hours for an answer; two hours by the wall clock where the job is urgent."""
    return Span(Decimal(2), Measure.WALL) if case.priority < 3 else Span(Decimal(8), Measure.HOURS)


def supply_time(case: Materials) -> Span:
    """Three school days from the approval until the materials are there; one where the job is urgent."""
    return Span(Decimal(1 if case.priority < 3 else 3), Measure.DAYS)


def hand_out_time(case: Materials) -> Span:
    """Four school hours from being in stock until they are handed out."""
    return Span(Decimal(4), Measure.HOURS)


def approver(case: Materials) -> str:
    """Who approves: by the tier of the amount together with what was asked for alike; never who asks."""
    first = tiers_at(case.unit_path).state_for(case.amount + case.alike)
    order = list(APPROVERS)
    for state in order[order.index(first) :]:
        if case.opener is None or not may(case.opener, APPROVERS[state], case.unit_path):
            return state
    return "to_council"


def supply(case: Materials) -> str:
    """From stock at once where everything is there, otherwise to the buyer."""
    lines = case.lines.select_related("stock")
    there = all(line.stock is not None and line.stock.on_hand >= line.outstanding for line in lines)
    return "to_issue" if there else "to_buy"


def after_issue(case: Materials) -> str:
    """Over when everything is handed out, or the rest is no longer wanted; else the rest is bought."""
    wanted = any(line.outstanding for line in case.lines.all())
    return "to_buy" if wanted and case.rest == "buy" else "issued"


def not_own_request(case: Materials, *, by: Actor, **_: Any) -> None:
    """申请人与审批人不能是同一人: neither who answers for the request now, nor who asked first."""
    asked = Event.objects.filter(address=case.address, verb="request_materials")
    if isinstance(by, User) and (by.pk == case.opener_id or asked.filter(who=f"person:{by.pk}").exists()):
        raise Refused("自己申请的材料，不能自己审批。", rule="申请人与审批人不能是同一人", who="学校其他负责人")


def quotes_are_there(case: Materials, *, by: Actor, **_: Any) -> None:
    """What the principal approves by amount comes with three quotes (docs/rules.md 5.4)."""
    if case.state not in ("to_principal", "to_council") or case.amount <= tiers_at(case.unit_path).vice:
        return
    there = Piece.objects.filter(address=case.address, role="quotes").count()
    if there < QUOTES:
        raise Refused(
            f"这个金额要有 {QUOTES} 份比价，现在有 {there} 份。",
            rule="超过分管副校长额度的采购须三家比价",
            who="申请人或资产管理员补上比价",
            instead="请先用“补比价材料”传上报价单。",
        )


def within_grant(case: Materials, *, by: Actor, supplier: str, lines: list[dict[str, Any]], **_: Any) -> None:
    """Nothing is bought beyond what was approved; nor where one supplier's orders of 30 days need a higher approval."""
    total = sum((row["quantity"] * row["price"] for row in lines), Decimal(0)) + case.paid
    granted = case.granted or Decimal(0)
    if total > granted:
        raise BadInput(
            f"合计 {money(total)} 元，超过批准的 {money(granted)} 元。",
            instead="请先“重新报批”，写明新的金额和原因。",
            errors={"lines": [f"合计 {money(total)} 元，超过批准的 {money(granted)} 元；请先“重新报批”。"]},
        )
    tiers = tiers_at(case.unit_path)
    case.supplier = supplier
    summed = alike(case) + total
    if (
        tiers.state_for(summed) != tiers.state_for(max(granted, case.alike + case.amount))
        and summed > granted + case.alike
    ):
        raise BadInput(
            f"30 天内同类或同一供应商合计 {money(summed)} 元，要更高一级审批。",
            instead="请先“重新报批”，写明新的金额和原因。",
            errors={"supplier": [f"30 天内同类或同一供应商合计 {money(summed)} 元；请先“重新报批”。"]},
        )


def buyer_is_not_acceptor(case: Materials, *, by: Actor, **_: Any) -> None:
    """采购人与验收人不能是同一人 (docs/rules.md 5.5)."""
    if isinstance(by, User) and by.pk == case.buyer_id:
        raise Refused("自己买的，不能自己验收。", rule="采购人与验收人不能是同一人", who="总务主任或申请人")
