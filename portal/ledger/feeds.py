"""The seals as outsiders read them: lines to keep, a feed to subscribe to, a page to look at. Data, not HTTP."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from portal.wire.atom import Feed

from . import keys
from .models import Seal
from .queries import published

ABOUT = "每天零点过后，前一天的全部记录被封存成一行签过名的摘要。保存这些行，以后就能查出记录是否被改动过。"


def lines(seals: Iterable[Seal] | None = None) -> Iterator[str]:
    """Every seal (or those given), oldest first, one JSON object a line: what `manage.py verify --seals FILE` reads."""
    for seal in Seal.objects.order_by("day").iterator() if seals is None else seals:
        yield json.dumps(seal.line(), ensure_ascii=False, sort_keys=True)


def summary(seal: Seal) -> str:
    """One seal in words."""
    if not seal.events:
        return f"{seal.day:%Y-%m-%d} 没有新记录，封存号 {seal.digest}。"
    return f"{seal.day:%Y-%m-%d} 封存 {seal.events} 条记录，涉及 {seal.count} 件事，封存号 {seal.digest}。"


def atom(*, page: str, feed: str, count: int = 60) -> str:
    """The latest seals as an Atom feed; `page` and `feed` are the addresses, absolute, of page and feed."""
    made = Feed("阳光校务 每日封存", ABOUT, author="阳光校务", page=page, feed=feed)
    for seal in published(count=count):
        made.add(
            f"{seal.day:%Y-%m-%d} 的封存",
            link=f"{page}#{seal.day.isoformat()}",
            id=f"urn:sunlit:seal:{seal.digest}",
            at=seal.made_at,
            words=f"{summary(seal)}\n{next(lines([seal]))}",
        )
    return made.text()


def page(*, before: date | None = None, count: int = 30) -> dict[str, Any]:
    """What the public page shows: seals newest first with their words and lines, and where the next page begins."""
    found = list(published(before=before, count=count + 1))
    shown = found[:count]
    return {
        "about": ABOUT,
        "seals": [
            {"seal": seal, "summary": summary(seal), "line": line}
            for seal, line in zip(shown, lines(shown), strict=True)
        ],
        "keys": sorted({seal.public_key for seal in shown} | keys.trusted()),
        "next": shown[-1].day if len(found) > count else None,
    }
