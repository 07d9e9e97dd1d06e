"""审批额度: set by the head of logistics or an admin for a unit and everything below; every change is a new version."""

from decimal import Decimal

from django.db import transaction

from portal import clock
from portal.errors import NotAllowed, Stale
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from repairs.models import ApprovalTiers

SETTERS = ("logistics_head", "admin")


@transaction.atomic
def set_tiers(
    *, unit: Unit, head: Decimal, vice: Decimal, principal: Decimal, by: User, seen: int | None = None
) -> ApprovalTiers:
    """Sets up to how much each post approves, for requests opened from now on. Refused when another version was `seen`."""
    if not may(by, SETTERS, unit.path):
        raise NotAllowed("审批额度由这个学校的总务主任或系统管理员设置。", who="总务主任、系统管理员")
    Unit.objects.select_for_update().get(pk=unit.pk)  # two at once: one version after the other
    last = ApprovalTiers.objects.filter(unit=unit).order_by("-version").first()
    version = last.version if last else 0
    if seen is not None and seen != version:
        raise Stale("审批额度刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")
    amounts = {"head": head, "vice": vice, "principal": principal}
    made = ApprovalTiers.objects.create(unit=unit, version=version + 1, made_at=clock.now(), made_by=by, **amounts)
    append(made, "set", by=by, at=clock.now(), facts=amounts | {"unit": unit, "version": made.version})
    return made
