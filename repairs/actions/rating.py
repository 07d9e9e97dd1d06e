"""Low ratings go to the heads: what displeases is heard where it can be mended."""

from datetime import datetime
from typing import Any

from portal.cases.actors import Actor
from portal.cases.flow import address_of
from portal.cases.ladders import told
from portal.notices.actions import tell
from portal.orgs.models import User
from repairs.models import Ticket
from repairs.queries.tickets import LOW

HEADS = ("logistics_head", "principal")


def tell_of_low_rating(case: Ticket, *, by: Actor, at: datetime, speed: int, quality: int, **_: Any) -> None:
    """Effect of signing off: two stars or fewer are told to logistics head and principal."""
    if min(speed, quality) > LOW:
        return
    tell(
        told(case, HEADS, but=by if isinstance(by, User) else None),
        about=case.address,
        verb="low_rating",
        title=f"低分评价（速度 {speed} 分，质量 {quality} 分）：{case.title}"[:120],
        body=f"{case.number} · {case.unit.place}。请看评价，联系报修人。",
        url=address_of(case),
        at=at,
    )
