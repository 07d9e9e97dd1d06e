"""What somebody must have looked at before they report the same thing again."""

from collections.abc import Iterable

from portal.errors import LookFirst
from repairs.queries import Similar


def refuse_unseen(similar: Iterable[Similar], *, seen: Iterable[str]) -> None:
    """Open reports of the same kind at the same place are shown before another one is sent.

    `seen` are the numbers of those that were shown; `*` says that the person wants to report whatever there is.
    """
    shown = set(seen)
    if "*" not in shown and {one.number for one in similar} - shown:
        raise LookFirst(
            "这里已经有人报过同类问题，请先看一眼是不是同一件。",
            instead="是同一件，请点“关注它”；不是，请再按一次“提交报修”。您填的内容都在。",
        )
