"""已阅: who is asked, one receipt a reader, how many have read, at each school and who has not, and a reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from portal import clock
from portal.errors import NotAllowed, NotThere, WrongStep
from portal.ledger.actions import append
from portal.notices.actions import tell
from portal.orgs.access import holdings, holds, may
from portal.orgs.models import Enrolment, Guardianship, Post, Unit, User, held_on
from portal.orgs.roles import HEADS
from portal.wire.paging import Keyset, Page, page_of

from . import queries
from .access import OUTSIDERS, Reader, reader_of
from .actions import locked
from .kinds import Audience
from .models import Announcement, Issue, Receipt
from .queries import school_at

OFFICE = "office"  # those of a bureau's readers who work at no school
AGAIN = timedelta(hours=20)  # between two reminders: once a school day
UNREAD_FIRST: Keyset[Any] = Keyset(("unread", "pk"), (bool, int), lambda one: (one.unread, one.pk), falling=True)


@dataclass(frozen=True)
class Standing:
    """How many have read of how many asked."""

    read: int
    asked: int

    @property
    def share(self) -> int | None:
        """In percent, 100 only where everybody has; none where nobody is asked."""
        return 100 * self.read // self.asked if self.asked else None


def asked(issue: Issue, *, at: str = "") -> QuerySet[User]:
    """The people whose 已阅 it asks for, as they are today: parents with custody, or those who hold a post of staff.

    `at` narrows a bureau's to one school, or (`OFFICE`) to those who work at no school.
    """
    path, today = at if at and at != OFFICE else issue.unit.path, clock.today()
    if issue.audience == Audience.PARENTS:
        there = Enrolment.objects.filter(held_on(today), school_class__path__startswith=path)
        live = Guardianship.objects.filter(held_on(today), custody=True, student__in=there.values("student"))
        return User.objects.filter(is_active=True, pk__in=live.values("guardian"))
    posts = _staff_posts(path)
    if at == OFFICE:
        posts = posts.filter(content_object__school=None)
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def count(issue: Issue, *, at: str = "") -> Standing:
    """Of those asked today. Two questions."""
    people = asked(issue, at=at)
    return Standing(people.filter(_has_read(issue)).count(), people.count())


def people(issue: Issue, *, at: str = "", read: bool = False) -> QuerySet[User]:
    """Those asked who have not read it, or who have, by their names for signing in."""
    rows = asked(issue, at=at)
    return (rows.filter(_has_read(issue)) if read else rows.exclude(_has_read(issue))).order_by("username")


def by_school(
    issue: Issue, *, trees: Sequence[str] = (), after: str = "", size: int = 50
) -> list[tuple[Unit | None, Standing]]:
    """What a bureau asks, school by school in the order of the tree, one more than a page; the offices first, as none.

    Of the schools in these `trees`; blank: all. Two questions.
    """
    below = Q()
    for tree in trees:
        below |= Q(content_object__path__startswith=tree)
    rows = _staff_posts(issue.unit.path).filter(below, user__is_active=True)
    if after:
        rows = rows.filter(content_object__school__path__gt=after)
    own = Exists(Receipt.objects.filter(issue=issue, reader=OuterRef("user")))
    found: Any = rows.order_by(F("content_object__school__path").asc(nulls_first=True))
    found = found.values("content_object__school", "content_object__school__path").annotate(
        asked=Count("user", distinct=True), read=Count("user", distinct=True, filter=own)
    )[: size + 1]
    units = Unit.objects.in_bulk([row["content_object__school"] for row in found if row["content_object__school"]])
    return [(units.get(row["content_object__school"]), Standing(row["read"], row["asked"])) for row in found]


def knows(by: User, issue: Issue) -> tuple[str, ...]:
    """The trees of which this person may know who has not read it: all for who issues, their school for heads below."""
    if holds(by, issue.about.posts, issue.unit.path):
        return (issue.unit.path,)
    if issue.unit.school_id is not None:
        return ()
    mine = {one.path for one in holdings(by) if one.role in HEADS and one.path.startswith(issue.unit.path)}
    return tuple(sorted(mine))


def known_of(pk: int, *, by: User) -> tuple[Announcement, tuple[str, ...]]:
    """An announcement that asks for receipts, and the trees of which this person may know; not there for all others."""
    rows = Announcement.objects.filter(pk=pk, asks_receipt=True, issue__withdrawn=False)
    one = rows.select_related("unit", "issue__unit").first() if pk < 2**62 else None
    trees = knows(by, one.issue) if one is not None and one.issue is not None else ()
    if one is None or not trees:
        raise NotThere
    return one, trees


def narrowed(issue: Issue, trees: tuple[str, ...], where: str) -> str:
    """The tree a page of readers is about: what was asked for, by a school's code or `office`; blank: a bureau as a whole.

    Whoever knows of one school sees that one without asking.
    """
    if issue.unit.school_id is not None:
        return issue.unit.path
    whole = trees == (issue.unit.path,)
    if not where:
        return "" if whole else trees[0]
    if where == OFFICE and whole:
        return OFFICE
    school = school_at(where)
    if not any(school.path.startswith(tree) for tree in trees):
        raise NotThere
    return school.path


def asking(by: User, *, which: str = "", who: Reader | None = None) -> QuerySet[Issue]:
    """What asks this person for their 已阅 today and is `unread`, `read`, or both (blank), newest first.

    What was taken back is left out.
    """
    who = who or reader_of(by)
    mine = Q(audience=Audience.STAFF, unit__path__in=who.under)
    mine |= Q(audience=Audience.PARENTS, unit__path__in=who.parents)
    rows = Issue.objects.filter(mine, asks_receipt=True, current__gt=0, withdrawn=False).select_related("unit")
    own = Receipt.objects.filter(issue=OuterRef("pk"), reader=by).values("at")
    found = rows.annotate(read_at=Subquery(own[:1])).order_by("-pk")
    return found.filter(read_at__isnull=which == "unread") if which else found


def to_read(by: User, *, cursor: str = "") -> Page[Issue]:
    """A page of the same: what is unread first, then what is read, each newest first."""
    unread = ExpressionWrapper(Q(read_at=None), output_field=BooleanField())
    rows = asking(by).annotate(unread=unread)

    def ask(bounds: Q, back: bool, n: int) -> list[Issue]:
        return list(rows.filter(bounds).order_by(*(("unread", "pk") if back else ("-unread", "-pk")))[:n])

    return page_of(ask, UNREAD_FIRST, cursor=cursor)


def has_read(issue: Issue, by: object) -> bool:
    """Whether this person has given it."""
    return isinstance(by, User) and Receipt.objects.filter(issue=issue, reader=by).exists()


@transaction.atomic
def read(issue: Issue, *, by: User, who: Reader | None = None) -> bool:
    """已阅, once: the second time changes nothing and says so. Refused where nobody asks for it, or it is not theirs to read."""
    if not (who or reader_of(by)).sees(issue.audience, issue.kind, issue.unit):
        raise NotAllowed("这一篇不是给您的。")
    _refuse_unasked(issue)
    if has_read(issue, by):
        return False
    row = locked(issue)  # one after another: a second press finds the first, and each stands in the chain
    _refuse_unasked(row)
    if has_read(row, by):
        return False
    at = clock.now()
    Receipt.objects.create(issue=row, reader=by, version=row.current, at=at)
    append(row, "read", by=by, at=at, facts={"version": row.current})
    return True


@transaction.atomic
def remind(one: Announcement, *, by: User) -> int:
    """提醒没看的: everybody asked who has not read it is told again; once a day at most. Says how many."""
    row = Announcement.objects.select_for_update(of=("self",)).select_related("unit", "issue__unit").get(pk=one.pk)
    if row.issue is None or not row.asks_receipt or row.issue.withdrawn:
        raise WrongStep("这一篇不用点已阅。")
    if not may(by, row.issue.about.posts, row.unit.path):
        raise NotAllowed("提醒由签发的岗位来办。")
    at = clock.now()
    if row.reminded_at is not None and row.reminded_at > at - AGAIN:
        raise WrongStep("今天已经提醒过了。", instead="请明天再提醒，或当面说一声。")
    those = people(row.issue)
    url = queries.page_of(row.issue)
    title = f"还没看，请看后点已阅：{row.title}"[:120]
    told = tell(those, about=row.address, verb="reminded", title=title, body=row.unit.name, url=url, at=at)
    append(row, "reminded", by=by, at=at, facts={"people": told})
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    return told


def _refuse_unasked(issue: Issue) -> None:
    """Refuses where nobody asks for it now."""
    if not issue.asks_receipt or not issue.current or issue.withdrawn:
        raise WrongStep("这一篇不用点已阅。")


def _staff_posts(path: str) -> QuerySet[Post]:
    """The posts by which people are staff at and below a place."""
    return Post.objects.filter(content_object__path__startswith=path).exclude(permission__codename__in=OUTSIDERS)


def _has_read(issue: Issue) -> Q:
    return Q(pk__in=Receipt.objects.filter(issue=issue).values("reader"))
