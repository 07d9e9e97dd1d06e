"""已阅率: of the announcements that ask for receipts, how many of those asked have read them; the chapter 通知 of the figures."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from portal import clock
from portal.rollups.book import Chapter, Figure, How, Light

from .access import OUTSIDERS
from .models import Issue

# Who is asked today by what was issued on these days, and whether they have read it: staff by their posts, parents by
# custody. A person of two schools counts at both; who works at no school counts at the office.
_READ = """
with told as (
    select issue.id, issue.audience, unit.path from publications_issue issue join orgs_unit unit on unit.id = issue.unit_id
    where issue.asks_receipt and issue.current > 0 and not issue.withdrawn and issue.first_at >= %(since)s and issue.first_at < %(until)s
), asked as (
    select distinct told.id, post.user_id as reader, coalesce(school.path, place.path) as path
    from told join orgs_unit place on place.path like told.path || '%%' and place.path like %(path)s || '%%'
    join orgs_post post on post.unit_id = place.id join auth_permission role on role.id = post.permission_id
    left join orgs_unit school on school.id = place.school_id
    where told.audience = 'staff' and role.codename <> all(%(outsiders)s)
    union
    select distinct told.id, guard.guardian_id, school.path
    from told join orgs_unit place on place.path like told.path || '%%' and place.path like %(path)s || '%%'
    join orgs_enrolment pupil on pupil.school_class_id = place.id and pupil.since <= %(today)s
        and (pupil.until is null or pupil.until >= %(today)s)
    join orgs_guardianship guard on guard.student_id = pupil.student_id and guard.custody and guard.since <= %(today)s
        and (guard.until is null or guard.until >= %(today)s)
    join orgs_unit school on school.id = place.school_id where told.audience = 'parents'
)
select asked.path, count(receipt.id), count(*) from asked join orgs_user person on person.id = asked.reader and person.is_active
left join publications_receipt receipt on receipt.issue_id = asked.id and receipt.reader_id = asked.reader
group by asked.path order by asked.path
"""


def read(path: str, since: date, until: date) -> Iterable[tuple[str, int, int]]:
    """Of each school and office at and below a path: how often read, of how often asked."""
    begin, end = clock.days(since, until)
    named: dict[str, Any] = {
        "path": path,
        "since": begin,
        "until": end,
        "today": clock.today(),
        "outsiders": sorted(OUTSIDERS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, named)
        found: list[tuple[str, int, int]] = cursor.fetchall()
    return found


def told(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """How many announcements each school and bureau has issued, with receipts or without."""
    begin, end = clock.days(since, until)
    rows = Issue.objects.filter(kind__startswith="announcements.", first_at__gte=begin, first_at__lt=end)
    for where in rows.filter(unit__path__startswith=path).order_by("unit__path").values_list("unit__path", flat=True):
        yield where, 1, 1


CHAPTER = Chapter(
    affair="announcements",
    title="通知",
    icon="newspaper",
    kinds={},
    tallies=(),
    leading=("read", "told"),
    figures=(
        Figure("announcements.read", "已阅率", "%", "这段时间里发布、要求已阅的通知，点了已阅的 ÷ 今天该看的；在两校任职的两处都算。", How.SHARE,
               asked=read, word="人次", icon="circle-check", high_is_good=True, light=Light(Decimal(60), Decimal(90), word="已阅")),
        Figure("announcements.told", "发布通知", "篇", "这段时间里发布的通知、新闻和信息公开，撤下的也算。", How.COUNT, asked=told, word="篇",
               icon="newspaper"),
    ),
)  # fmt: skip
