"""Announcements as kinds of publication: for everybody, for parents, for staff; their categories and what one says."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal import clock
from portal.errors import BadInput
from portal.evidence.models import Piece
from portal.orgs.models import Unit, UnitKind
from portal.orgs.roles import HEADS
from portal.worktime.calendars import calendar_for
from portal.worktime.spans import Measure, Span

from . import pictures
from .content import Content, File, Picture
from .kinds import Audience, Kind
from .markup import plain_of
from .models import Announcement
from .periods import Every, Period

REFERENCE = Path(__file__).parent / "reference" / "categories.json"
SUMMARY = 80
ISSUERS = {UnitKind.SCHOOL: HEADS, UnitKind.BUREAU: ("director",)}  # who issues: heads at schools, directors at bureaus
# Who publishes it, for whom: its code, title, what it is about, icon, and its readers where the audience's words do not fit.
TITLES = {
    (UnitKind.SCHOOL, Audience.PUBLIC): ("public", "信息公开", "向所有人公开的通知、新闻和公开事项", "newspaper", ""),
    (UnitKind.SCHOOL, Audience.PARENTS): ("parents", "家长通知", "给本校家长的通知", "users", ""),
    (UnitKind.SCHOOL, Audience.STAFF): ("staff", "校内通知", "给本校教职工的通知和公开事项", "clipboard-list", ""),
    (UnitKind.BUREAU, Audience.PUBLIC): ("bureau_public", "教育局信息公开", "教育局向所有人公开的通知、新闻和公开事项", "newspaper", ""),
    (UnitKind.BUREAU, Audience.STAFF): (
        "bureau_staff", "教育局通知", "教育局给机关和各校教职工的通知", "clipboard-list", "向机关和所属各校教职工公开",
    ),
}  # fmt: skip


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
    drawn = pictures.of(one)
    kept = [pieces[id] for id in one.files if id in pieces]
    files = [File(str(piece.pk), piece.name, piece.sha256, piece.bytes) for piece in kept]
    named, words = dict(pictures.named_in(one.text)), []
    if category.days:
        until = calendar_for(one.unit.path).add(clock.now(), Span(Decimal(category.days), Measure.DAYS))
        day = until.astimezone(clock.SCHOOL_TIME)
        words = [f"公示期到 {day.year} 年 {day.month} 月 {day.day} 日，不少于 {category.days} 个工作日。"]
    return Content(
        words=words, summary=plain_of(one.text, SUMMARY), html=pictures.published(one.text, drawn), category=category.title,
        files=files, pictures=[_picture(drawn[name], alt) for name, alt in named.items() if name in drawn],
    )  # fmt: skip


def _picture(piece: Piece, alt: str) -> Picture:
    return Picture(str(piece.pk), alt, piece.front.sha256, piece.bytes, piece.width, piece.height)


def kind_for(unit: Unit, audience: str) -> Kind:
    """The kind under which this school or bureau announces something to an audience; refused where it may not."""
    kind = KINDS_OF.get((UnitKind(unit.kind), Audience(audience)))
    if kind is None:
        sentence = f"{unit.get_kind_display()}没有“{Audience(audience).words}”这一种。"
        raise BadInput(sentence, errors={"audience": [sentence]})
    return kind


def issuers_at(unit: Unit) -> tuple[str, ...]:
    """The posts that issue announcements of this school or bureau."""
    return ISSUERS.get(UnitKind(unit.kind), ())


KINDS_OF = {
    (by, audience): Kind(
        f"announcements.{code}", title=title, about=about, icon=icon, audience=audience, every=Every.EVENT, posts=ISSUERS[by],
        build=build, of=(by,), for_whom=words,
    )
    for (by, audience), (code, title, about, icon, words) in TITLES.items()
}  # fmt: skip
