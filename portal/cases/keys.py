"""Writes that arrive twice: the same key and the same request get the stored answer; nothing happens twice."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from portal import clock
from portal.errors import BadInput
from portal.ledger.actions import actor_code

from .actors import Actor, ledger_name
from .models import AnsweredKey

Answer = dict[str, Any]
KEPT = timedelta(days=7)  # a phone without network sends what it holds when it is back


@transaction.atomic
def once(*, by: Actor, key: str, asked: object, effect: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Runs `effect` once per actor and key, in one transaction with remembering its answer; says whether it was replayed.

    Without a key it simply runs. Refused (422): the key was used for another request. A refusal by `effect` keeps no key.
    """
    if not key:
        return effect(), False
    if len(key) > 80 or not key.isprintable():
        raise BadInput("提交编号不对，请刷新页面后再试。", errors={"key": ["最多 80 个可见字符。"]})
    who, print_ = actor_code(ledger_name(by)), fingerprint(asked)
    if not _is_first(who, key, print_):
        stored = AnsweredKey.objects.get(who=who, key=key)
        if stored.fingerprint != print_:
            raise BadInput(
                "这个提交编号已用于另一次提交。", instead="请刷新页面后再提交。", errors={"key": ["已用于另一次提交。"]}
            )
        return stored.answer or {}, True
    answer = effect()
    AnsweredKey.objects.filter(who=who, key=key).update(answer=answer)
    return answer, False


def _is_first(who: str, key: str, print_: str) -> bool:
    """Keeps the key, unless it is there; waits here for an equal request under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {AnsweredKey._meta.db_table} (who, key, fingerprint, status, at) "  # noqa: S608
            "values (%s, %s, %s, 0, %s) on conflict do nothing",
            [who, key, print_, clock.now()],
        )
        return bool(cursor.rowcount)


def forget() -> int:
    """Forgets answers older than a week: nobody sends the same thing again after that, and they hold names."""
    return AnsweredKey.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def fingerprint(asked: object) -> str:
    """What was asked, in one spelling."""
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def typed(data: Mapping[str, Any], *, but: tuple[str, ...] = ("key", "csrfmiddlewaretoken")) -> dict[str, Any]:
    """A form's data without what differs between two equal submissions."""
    lists = data.lists() if hasattr(data, "lists") else data.items()
    return {name: values for name, values in lists if name not in but}
