"""Rules every flow shares, one function each, named for what they demand."""

from datetime import timedelta
from typing import Any

from portal import clock
from portal.errors import Refused
from portal.ledger.models import Event
from portal.orgs.models import User

from .actors import Actor
from .models import Case


def only_late(case: Case, *, by: Actor, **_: Any) -> None:
    """催办 is for cases past their time; before that the clock itself speaks."""
    if case.due_at is None or case.due_at > clock.now():
        raise Refused("这件事还没有超时，不用催办。", instead="临近到期时系统会自动提醒负责人。")


def not_nudged_lately(case: Case, *, by: Actor, **_: Any) -> None:
    """The same case is nudged at most once in four hours, so that a nudge keeps its weight."""
    since = clock.now() - timedelta(hours=4)
    if Event.objects.filter(address=case.address, verb="nudge", at__gt=since).exists():
        raise Refused("四小时内已经催办过了，负责人已收到。", instead="您可以直接打电话联系现在负责的人。")


def not_own_work(case: Case, *, by: Actor, **_: Any) -> None:
    """办理人与验收人不能是同一人: nobody signs off their own work, whatever other post they hold."""
    if isinstance(by, User) and by.pk == case.assignee_id:
        raise Refused(
            "自己修的，不能自己验收。",
            rule="办理人与验收人不能是同一人",
            who="报修人；报修人已离开时，由学校负责人验收",
            instead="您可以补充说明，等报修人验收。",
        )
