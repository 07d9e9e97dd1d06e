"""When one may sign in at a post."""

from datetime import datetime

from portal.errors import Refused
from safety_grid.queries.duty import EARLY


def within_hours(begins: datetime, ends: datetime, at: datetime) -> None:
    """Signing in is for the hour before a post begins, and until it ends."""
    if at < begins - EARLY:
        raise Refused("还没到签到的时间。", instead="开始前一小时起可以签到。")
    if at >= ends:
        raise Refused(
            "这一岗已经结束，不能再签到。", who="安全办主任", instead="如果当时在岗，请安全办主任更正，并写明原因。"
        )
