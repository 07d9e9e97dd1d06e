"""Publishing: the only writers of issues and versions. Each is one transaction, whole or absent."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal import clock
from portal.cases.models import Case
from portal.errors import BadInput, NotAllowed, Stale, WrongStep
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.roles import title as role_title
from portal.worktime.calendars import Calendar, calendar_for

from .content import Content, Signed, canonical, code_of, digest_of
from .kinds import Kind
from .models import Issue, Publication
from .periods import Period

By = User | str


@transaction.atomic
def expect(
    kind: Kind,
    *,
    unit: Unit,
    period: Period,
    by: By,
    case: Case | None = None,
    title: str = "",
    calendar: Calendar | None = None,
) -> Issue:
    """Opens what a school owes its readers for one period; from now on it counts, published or not. Once: the same again.

    Refused at units that do not publish the kind, and where another case is already to bring it.
    """
    if unit.kind not in kind.of:
        who = "、".join(UnitKind(one).label for one in kind.of)
        raise BadInput(f"“{kind.title}”由{who}公示。", errors={"unit": [f"请选择{who}。"]})
    at = clock.now()
    due_at = None
    if case is None and kind.within is not None:
        due_at = (calendar or calendar_for(unit.path)).add(period.ends, kind.within)
    given: dict[str, Any] = {
        "audience": kind.audience.value,
        "title": (title or kind.heading(period))[:120],
        "due_at": due_at,
    }
    given |= {"since": period.since, "until": period.until, "case": case, "opened_at": at}
    issue, fresh = Issue.objects.get_or_create(kind=kind.code, unit=unit, period=period.code, defaults=given)
    if not fresh and case is not None and issue.case_id != case.pk:
        raise WrongStep("这一期已经开出来了，不用再开。", instead="请到公示栏里查看这一期。")
    if fresh:
        facts = {"kind": kind.code, "unit": unit, "period": period.code, "due_at": due_at, "case": case}
        append(issue, "expected", by=by, at=at, facts=facts)
    return issue


@transaction.atomic
def publish(
    kind: Kind,
    *,
    unit: Unit,
    period: Period,
    by: By,
    content: Content | Signed | None = None,
    case: Case | None = None,
    title: str = "",
    out_at: datetime | None = None,
) -> Publication:
    """Publishes the first version of an issue. Refused when it is out already, or when its data do not hold together.

    `by` is the person who signs, or the clock where the kind needs no signature or has it (`content` is Signed).
    `out_at` is the moment it was promised for and ready at, if that is what counts as the time it came out.
    """
    post = content.post if isinstance(content, Signed) and isinstance(by, str) else _post(kind, unit, by)
    issue = locked(expect(kind, unit=unit, period=period, by=by, case=case, title=title))
    if issue.current:
        raise WrongStep("这一期已经公示了。", instead="内容有误请用“更正”，并写明原因。")
    return _add(issue, content or built(kind, unit, period), by=by, post=post, out_at=out_at)


@transaction.atomic
def correct(issue: Issue, *, reason: str, by: User, seen: int, content: Content | None = None) -> Publication:
    """Publishes a version that replaces the one `seen` and says why; the old one stays readable.

    Without `content` it is built anew from the books as they are now. Refused: nothing published yet, no reason, another post.
    """
    return _replace(issue, reason, by, seen, content, withdrawn=False)


@transaction.atomic
def retract(issue: Issue, *, reason: str, by: User, seen: int) -> Publication:
    """Takes a publication back: a last version that says nothing but why. What was published before stays readable."""
    return _replace(issue, reason, by, seen, Content(), withdrawn=True)


def built(kind: Kind, unit: Unit, period: Period) -> Content:
    """What the affair's books say for this school and period."""
    if kind.build is None:
        raise BadInput("这种公示要先写好内容。")
    return kind.build(unit, period)


def _replace(
    issue: Issue, reason: str, by: User, seen: int, content: Content | None, *, withdrawn: bool
) -> Publication:
    issue = locked(issue)
    post = _post(issue.about, issue.unit, by, corrects=True)
    if not issue.current:
        raise WrongStep("这一期还没有公示，不用更正。")
    if seen != issue.current:
        raise Stale("这一期刚刚被更正过，这次没有写入。", instead="请看过最新一版再决定。")
    if issue.withdrawn and withdrawn:
        raise WrongStep("这一期已经撤下了。")
    reason = reason.strip()
    if not reason:
        raise BadInput("请写明原因，读者会看到。", errors={"reason": ["请写明原因，读者会看到。"]})
    said = content or built(issue.about, issue.unit, issue.when)
    return _add(issue, said, by=by, post=post, reason=reason, withdrawn=withdrawn)


def _add(
    issue: Issue,
    content: Content | Signed,
    *,
    by: By,
    post: str,
    reason: str = "",
    withdrawn: bool = False,
    out_at: datetime | None = None,
) -> Publication:
    """The next version, its ledger entry and the issue that points to it."""
    at, version = clock.now(), issue.current + 1
    before = Publication.objects.filter(issue=issue, version=issue.current).values_list("digest", flat=True).first()
    said = _payload(
        issue, content, version=version, at=at, post=post, reason=reason, before=before or "", gone=withdrawn
    )
    text = canonical(said)
    digest = digest_of(text)
    made = Publication.objects.create(
        issue=issue, version=version, title=issue.title, payload=text, digest=digest, code=code_of(digest), reason=reason,
        withdrawn=withdrawn, at=at, by=by if isinstance(by, User) else None, post=post,
    )  # fmt: skip
    verb = "retracted" if withdrawn else "corrected" if version > 1 else "published"
    append(issue, verb, by=by, at=at, facts={"version": version, "digest": digest})
    issue.current, issue.withdrawn, issue.first_at = version, withdrawn, issue.first_at or out_at or at
    Issue.objects.filter(pk=issue.pk).update(current=version, withdrawn=withdrawn, first_at=issue.first_at)
    return made


def _payload(
    issue: Issue,
    content: Content | Signed,
    *,
    version: int,
    at: datetime,
    post: str,
    reason: str,
    before: str,
    gone: bool,
) -> dict[str, Any]:
    """The whole publication as one object; what names people names their post."""
    school = {"code": issue.unit.code or str(issue.unit_id), "name": issue.unit.name}
    said: dict[str, Any] = {
        "kind": issue.kind,
        "title": issue.title,
        "school": school,
        "period": {"code": issue.period, "title": issue.when.title, "since": issue.since, "until": issue.until},
        "version": version,
        "published_at": at.astimezone(clock.SCHOOL_TIME).isoformat(timespec="seconds"),
        "published_by": post,
    }
    if isinstance(content, Signed):
        said["signed"] = [
            {"part": part, "post": by, "at": when.astimezone(clock.SCHOOL_TIME).isoformat(timespec="seconds")}
            for part, by, when in content.signatures
        ]
    if version > 1:
        said |= {"reason": reason, "corrects": before}
    return said | ({"withdrawn": True} if gone else {"content": content.plain()})


def _post(kind: Kind, unit: Unit, by: By, *, corrects: bool = False) -> str:
    """The post by which somebody publishes here; refused without one of the kind's. The clock signs for nobody."""
    if isinstance(by, str):
        if kind.needs_signature:
            raise NotAllowed(f"“{kind.title}”要经人签发，系统不会自动公示。")
        return "系统"
    posts, act = (kind.correctors, "更正") if corrects else (kind.posts, "公示")
    held = next((code for code in posts if may(by, code, unit.path)), None)
    if held is None:
        who = "、".join(role_title(code) for code in posts)
        raise NotAllowed(f"“{kind.title}”由{who}{act}。", who=who)
    return role_title(held)


def locked(issue: Issue) -> Issue:
    """The issue as it is now, locked until the transaction ends."""
    Issue.objects.select_for_update().values_list("pk").get(pk=issue.pk)
    return Issue.objects.select_related("unit__school").get(pk=issue.pk)
