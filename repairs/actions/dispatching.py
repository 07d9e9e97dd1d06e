"""派工规则: setting one; each change is a new version in the ledger."""

from collections.abc import Sequence

from django.db import transaction

from portal import clock
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.actions import append
from portal.orgs.access import holders, may
from portal.orgs.models import Unit, User
from repairs.models import DispatchRule
from repairs.queries import topics
from repairs.queries.dispatching import HANDS

SETTERS = ("dispatcher", "logistics_head")


@transaction.atomic
def set_rule(
    *,
    unit: Unit,
    topic: str = "",
    people: Sequence[User] = (),
    by_itself: bool = False,
    by: User,
    seen: int | None = None,
) -> DispatchRule:
    """Sets who repairs this kind of fault (blank: every kind) at this place; nobody: the rule ends.

    Holds for tickets dispatched from now on. Refused for people who are neither dispatcher nor logistics head there,
    people who do not repair there, and when the latest version is not the one that was `seen` (0: none).
    """
    if not may(by, SETTERS, unit.path):
        raise NotAllowed("派工规则由这里的报修调度或总务主任设置。", who="报修调度、总务主任")
    if topic and topic not in topics():
        raise BadInput("没有这个类别。", errors={"topic": ["没有这个类别。"]})
    known = set(holders(HANDS, unit.path).values_list("pk", flat=True))
    if any(person.pk not in known for person in people):
        raise BadInput("有人不是这里的维修人员。", errors={"people": ["只能派给在这里任职的维修员或外包维修。"]})
    Unit.objects.select_for_update().get(pk=unit.pk)  # two at once: one version after the other
    last = DispatchRule.objects.filter(unit=unit, topic=topic).order_by("-version").first()
    if seen is not None and seen != (last.version if last else 0):
        raise Stale("这条规则刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")
    rule = DispatchRule.objects.create(
        unit=unit,
        topic=topic,
        people=[person.pk for person in people],
        by_itself=by_itself,
        version=last.version + 1 if last else 1,
        made_at=clock.now(),
        made_by=by,
    )
    facts = {"unit": unit, "topic": topic, "people": rule.people, "by_itself": by_itself, "version": rule.version}
    append(rule, "set", by=by, at=clock.now(), facts=facts)
    return rule
