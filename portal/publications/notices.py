"""Announcements as kinds of publication: for everybody, for parents, for staff; their categories and what one says."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal import clock
from portal.errors import BadInput
from portal.evidence.models import Piece
from portal.orgs.models import Unit
from portal.orgs.roles import HEADS
from portal.worktime.calendars import calendar_for
from portal.worktime.spans import Measure, Span

from .content import Content, File
from .kinds import Audience, Kind
from .markup import html_of, plain_of
from .models import Announcement
from .periods import Every, Period

REFERENCE = Path(__file__).parent / "reference" / "categories.json"
SUMMARY = 80
TITLES = {
    Audience.PUBLIC: ("信息公开", "向所有人公开的通知、新闻和公开事项", "newspaper"),
    Audience.PARENTS: ("家长通知", "给本校家长的通知", "users"),
    Audience.STAFF: ("校内通知", "给本校教职工的通知和公开事项", "clipboard-list"),
}


@dataclass(frozen=True)
class Category:
    """What an announcement is about; for whom such may be, and for how many working days it must stand (docs/rules.md 6)."""

    code: str
    title: str
    about: str
    audiences: tuple[str, ...]
    days: int = 0


@cache
def categories() -> dict[str, Category]:
    """The categories by code."""
    rows = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return {row["code"]: Category(**row | {"audiences": tuple(row["audiences"])}) for row in rows}


def build(school: Unit, period: Period) -> Content:
    """What the announcement issued under this period says now."""
    one = Announcement.objects.filter(issue__unit=school, issue__period=period.code).first()
    if one is None:
        raise BadInput("没有这一篇。")
    return content_of(one)


def content_of(one: Announcement) -> Content:
    """The announcement as it is published: safe rich text, its category, its documents, and how long it stands."""
    category = categories()[one.category]
    pieces = {str(piece.pk): piece for piece in Piece.objects.filter(address=one.address, pk__in=one.files)}
    kept = [pieces[id] for id in one.files if id in pieces]
    files = [File(str(piece.pk), piece.name, piece.sha256, piece.bytes) for piece in kept]
    words = []
    if category.days:
        until = calendar_for(one.unit.path).add(clock.now(), Span(Decimal(category.days), Measure.DAYS))
        day = until.astimezone(clock.SCHOOL_TIME)
        words = [f"公示期到 {day.year} 年 {day.month} 月 {day.day} 日，不少于 {category.days} 个工作日。"]
    return Content(
        words=words, summary=plain_of(one.text, SUMMARY), html=html_of(one.text), category=category.title, files=files
    )


KINDS_OF = {
    audience: Kind(
        f"announcements.{audience.value}",
        title=title,
        about=about,
        icon=icon,
        audience=audience,
        every=Every.EVENT,
        posts=HEADS,
        build=build,
    )
    for audience, (title, about, icon) in TITLES.items()
}
