"""已阅: who is asked, one receipt a reader, how many have read, who has not (for the issuer alone), and a reminder."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.errors import NotAllowed, WrongStep
from portal.ledger.actions import append
from portal.notices.actions import tell
from portal.orgs.access import may
from portal.orgs.models import Enrolment, Guardianship, Post, User, held_on

from .access import OUTSIDERS, Reader, reader_of
from .kinds import Audience
from .models import Announcement, Issue, Receipt

AGAIN = timedelta(hours=20)  # between two reminders: once a school day


@dataclass(frozen=True)
class Count:
    """How many have read of how many asked."""

    read: int
    asked: int

    @property
    def share(self) -> int | None:
        """In percent; none where nobody is asked."""
        return round(100 * self.read / self.asked) if self.asked else None


def asked(issue: Issue) -> QuerySet[User]:
    """The people whose 已阅 it asks for, as they are today: parents with custody, or those who hold a post of staff."""
    path, today = issue.unit.path, clock.today()
    if issue.audience == Audience.PARENTS:
        there = Enrolment.objects.filter(held_on(today), school_class__path__startswith=path)
        live = Guardianship.objects.filter(held_on(today), custody=True, student__in=there.values("student"))
        return User.objects.filter(is_active=True, pk__in=live.values("guardian"))
    posts = Post.objects.filter(content_object__path__startswith=path).exclude(permission__codename__in=OUTSIDERS)
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def count(issue: Issue) -> Count:
    """Of those asked today. Two questions."""
    people = asked(issue)
    return Count(people.filter(_has_read(issue)).count(), people.count())


def unread(issue: Issue, *, after: str = "", size: int = 50) -> list[User]:
    """Those asked who have not read it, by name, one more than a page."""
    rows = asked(issue).exclude(_has_read(issue)).order_by("username")
    return list((rows.filter(username__gt=after) if after else rows)[: size + 1])


def has_read(issue: Issue, by: object) -> bool:
    """Whether this person has given it."""
    return isinstance(by, User) and Receipt.objects.filter(issue=issue, reader=by).exists()


@transaction.atomic
def read(issue: Issue, *, by: User, who: Reader | None = None) -> bool:
    """已阅, once: the second time changes nothing and says so. Refused where nobody asks for it, or it is not theirs to read."""
    if not (who or reader_of(by)).sees(issue.audience, issue.kind, issue.unit):
        raise NotAllowed("这一篇不是给您的。")
    if not issue.asks_receipt or not issue.current or issue.withdrawn:
        raise WrongStep("这一篇不用点已阅。")
    rows = [Receipt(issue=issue, reader=by, version=issue.current, at=clock.now())]
    before = Receipt.objects.filter(issue=issue, reader=by).exists()
    Receipt.objects.bulk_create(rows, ignore_conflicts=True)
    return not before


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
    people = asked(row.issue).exclude(_has_read(row.issue))
    url = f"/p/{row.unit.code or row.unit_id}/{row.issue.kind}/{row.issue.period}/"
    told = tell(
        people,
        about=row.address,
        verb="reminded",
        title=f"还没看，请看后点已阅：{row.title}"[:120],
        body=row.unit.name,
        url=url,
        at=at,
    )
    append(row, "reminded", by=by, at=at, facts={"people": told})
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    return told


def _has_read(issue: Issue) -> Q:
    return Q(pk__in=Receipt.objects.filter(issue=issue).values("reader"))
