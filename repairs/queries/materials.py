"""Questions about materials: who approves how much, what was asked for alike lately, what a request's page says."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONObject

from portal import clock
from portal.cases.models import CaseLink
from portal.orgs.models import prefixes
from portal.templatetags.sunlit import money
from repairs.models import ApprovalTiers, MaterialLine, Materials

from .stock import amount

LINK = "materials"  # a request belongs to a job
WINDOW = timedelta(days=30)
OFF = ("declined", "recalled")
DEFAULTS = (Decimal(500), Decimal(5000), Decimal(30000))  # docs/rules.md 5.4; editable per school


@dataclass(frozen=True)
class Tiers:
    """Up to how much (元) each post approves; above `principal` the school council decides."""

    head: Decimal = DEFAULTS[0]
    vice: Decimal = DEFAULTS[1]
    principal: Decimal = DEFAULTS[2]
    version: int = 0
    source: str = "系统预置，请按本校制度修订"

    def state_for(self, total: Decimal) -> str:
        """The state in which a request of this total waits for its approver."""
        for limit, state in ((self.head, "to_head"), (self.vice, "to_vice"), (self.principal, "to_principal")):
            if total <= limit:
                return state
        return "to_council"


def tiers_at(path: str) -> Tiers:
    """The tiers in force at a place: the nearest unit's newest row, else the defaults."""
    rows = ApprovalTiers.objects.filter(unit__path__in=prefixes(path)).select_related("unit")
    row = max(rows, key=lambda one: (len(one.unit.path), one.version), default=None)
    if row is None:
        return Tiers()
    return Tiers(row.head, row.vice, row.principal, row.version, f"{row.unit.name}设置")


def alike(case: Materials) -> Decimal:
    """What else the same school asked for within 30 days of the same category or from the same supplier, in 元."""
    same = Q(category=case.category) | (Q(supplier=case.supplier) if case.supplier else Q(pk__in=[]))
    school = case.unit.school.path if case.unit.school else case.unit_path
    rows = Materials.objects.filter(same, unit_path__startswith=school, opened_at__gte=clock.now() - WINDOW)
    found = rows.exclude(pk=case.pk).exclude(state__in=OFF).aggregate(total=Sum("amount"))["total"]
    return found or Decimal(0)


def job_of(case: Materials) -> int | None:
    """The job this request belongs to."""
    return CaseLink.objects.filter(source=case.pk, kind=LINK).values_list("target", flat=True).first()


def with_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Requests with their lines, in the question that finds them."""
    lines = MaterialLine.objects.filter(case=OuterRef("pk")).order_by("pk")
    names = ("id", "name", "measure", "price", "quantity", "on_order", "order_price", "issued", "returned", "cost")
    return rows.annotate(line_rows=ArraySubquery(lines.values(row=JSONObject(**{one: one for one in names}))))


def lines_of(case: Materials) -> list[MaterialLine]:
    """Its lines in order, as brought along or asked now."""
    rows: list[dict[str, Any]] | None = getattr(case, "line_rows", None)
    if rows is None:
        return list(case.lines.order_by("pk"))
    numbers = ("price", "quantity", "on_order", "order_price", "issued", "returned", "cost")
    return [MaterialLine(**row | {name: Decimal(str(row[name])) for name in numbers}) for row in rows]


def facts_of(case: Materials) -> list[tuple[str, str]]:
    """What the page says of a request: its lines, the money, the purchase."""
    facts = [("类别", case.get_category_display()), ("要什么", "\n".join(_said(line) for line in lines_of(case)))]
    facts.append(("估计金额", f"{money(case.amount)} 元"))
    facts.append(("30 天内同类合计", f"{money(case.alike)} 元，连同本单 {money(case.alike + case.amount)} 元"))
    if case.granted is not None:
        facts.append(("批准金额", f"{money(case.granted)} 元"))
    if case.supplier:
        facts.append(("供应商", case.supplier))
    if case.order_no:
        facts.append(("采购", f"{case.mall} 订单 {case.order_no}".strip()))
    if case.paid:
        facts.append(("实付", f"{money(case.paid)} 元"))
    return facts


def _said(line: MaterialLine) -> str:
    words = [f"{line.name}：{amount(line.quantity)} {line.measure}，约 {money(line.price)} 元"]
    if line.on_order:
        words.append(f"已订 {amount(line.on_order)}")
    if line.issued:
        words.append(f"已领 {amount(line.issued)}")
    if line.returned:
        words.append(f"退回 {amount(line.returned)}")
    return "，".join(words)
