"""What an inquiry must hold: three sources for each thing, and somebody else who chooses."""

from decimal import Decimal
from typing import Any

from canteen.models import Inquiry
from canteen.queries.inquiries import LEAST, compared
from portal.cases.actors import Actor
from portal.errors import Refused
from portal.orgs.models import User
from portal.worktime.spans import Measure, Span

NAMED = 5


def ask_time(case: Inquiry) -> Span:
    """Two school days from Monday morning to go round the sources."""
    return Span(Decimal(2), Measure.DAYS)


def choose_time(case: Inquiry) -> Span:
    """One school day to choose."""
    return Span(Decimal(1), Measure.DAYS)


def three_sources(case: Inquiry, *, by: Actor, **_: Any) -> None:
    """Every ingredient is asked at three sources at least (docs/rules.md 2.5)."""
    found = compared(case)
    if not found.lines or found.short:
        names = "、".join(f"{one.item.ingredient.label}（{len(one.quotes)} 家）" for one in found.short[:NAMED])
        more = f"等 {len(found.short)} 样" if len(found.short) > NAMED else ""
        raise Refused(
            f"这些还不到 {LEAST} 家：{names}{more}。" if found.short else "还没有要问的食材。",
            rule=f"询价不少于 {LEAST} 家",
            who="采购员",
            instead="请再去问一家记上，或从清单里去掉本周不买的。",
        )


def asker_is_not_chooser(case: Inquiry, *, by: Actor, **_: Any) -> None:
    """询价的人不能自己选定: who asked the prices does not choose among them."""
    if isinstance(by, User) and case.sources.filter(asked_by=by).exists():
        raise Refused(
            "您参加了询价，不能由您选定。", rule="询价人与选定人不能是同一人", who="食堂管理员、总务主任或校长"
        )
