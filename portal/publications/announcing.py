"""Writing announcements: drafts of the school's staff, handed in, issued by its heads, corrected. Nothing out is edited."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from portal import clock
from portal.errors import BadInput, NotAllowed, NotThere, Stale, WrongStep
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.ledger.actions import append
from portal.notices.actions import tell
from portal.orgs.access import holders, may
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.roles import title as role_title

from . import pictures
from .access import reader_of
from .actions import correct, publish
from .kinds import Audience
from .models import Announcement, Issue, Publication
from .notices import categories, content_of, issuers_at, kind_for
from .periods import Every, period_of
from .queries import school_code
from .receipts import asked

State = Announcement.State
SAID = ("audience", "category", "title", "text", "asks_receipt")
MOST_FILES = 9


def places_of(by: User) -> QuerySet[Unit]:
    """The schools and bureaus for which this person may write: those they are staff of."""
    who = reader_of(by)
    trees = [tree for tree, read in who.staff if not read]
    mine = Q(kind=UnitKind.SCHOOL, path__in=trees) | Q(kind=UnitKind.BUREAU, path__in=who.offices)
    return Unit.objects.open().filter(mine)


def issues_at(by: User, unit: Unit) -> bool:
    """Whether they may issue there."""
    return may(by, issuers_at(unit), unit.path)


def seen_by(by: User) -> QuerySet[Announcement]:
    """One's own, and everything handed in or issued at schools where one's post issues; newest first."""
    trees = Q(pk__in=[])
    for unit in places_of(by):
        if issues_at(by, unit):
            trees |= Q(unit=unit) & ~Q(state=State.DRAFT)
    rows = Announcement.objects.filter(Q(author=by) | trees).exclude(state=State.DISCARDED)
    return rows.select_related("unit", "author", "issue__unit").order_by("-pk")


def find(pk: int, *, by: User) -> Announcement:
    """One of them; not there for anybody else."""
    one = seen_by(by).filter(pk=pk).first() if pk < 2**62 else None
    if one is None:
        raise NotThere
    return one


def page_of(one: Announcement) -> str:
    """Its page for readers, once it is out; blank before."""
    if one.issue is None:
        return ""
    return reverse("board-issue", args=[school_code(one.unit), one.issue.kind, one.issue.period])


def refuse_unless(one: Announcement, *states: str) -> None:
    """Refuses what cannot be done where it stands."""
    if one.state not in states:
        raise WrongStep(f"这一篇现在是“{one.get_state_display()}”，不能再这样办。", instead="请刷新页面看最新情况。")


def may_view(by: object, address: str) -> bool:
    """Whether somebody may see the files of this one before they are out: whoever may see the draft."""
    return isinstance(by, User) and seen_by(by).filter(pk=int(address.partition(":")[2])).exists()


@transaction.atomic
def write(
    one: Announcement | None, *, unit: Unit, by: User, files: Iterable[Piece], kept: Iterable[str] = (),
    drawn: Iterable[Piece] = (), seen: int | None = None, **said: Any,
) -> Announcement:  # fmt: skip
    """Saves a draft, or a new one: `files` and pictures `drawn` are fresh uploads, `kept` the ids of files it has already.

    Refused: for a school one is no staff of, an audience the category is not for, receipts of everybody, what is not one's own,
    a picture without words.
    """
    if not places_of(by).filter(pk=unit.pk).exists():
        raise NotAllowed("您只能给自己任职的学校或教育局起草。")
    _refuse_unfit(unit, said)
    at = clock.now()
    if one is None:
        one = Announcement.objects.create(unit=unit, author=by, changed_at=at, **said)
        append(one, "begun", by=by, at=at, facts={"unit": unit, "audience": said["audience"]})
    else:
        one = _held(one, by=by, seen=seen, states=(State.DRAFT, State.HANDED_IN))
        if one.author_id != by.pk and one.state == State.DRAFT:
            raise NotThere
    return _said(one, by=by, at=at, files=files, drawn=drawn, kept=kept, said=said)


@transaction.atomic
def hand_in(one: Announcement, *, by: User, seen: int | None = None) -> Announcement:
    """交签发: the heads are told; from now on they may change and issue it, or send it back."""
    one = _held(one, by=by, seen=seen, states=(State.DRAFT,))
    _move(one, State.HANDED_IN, "handed_in", by=by)
    _tell(
        one,
        holders(issuers_at(one.unit), one.unit.path).exclude(pk=by.pk),
        "handed_in",
        f"{by.name}交来一篇，请签发：{one.title}",
    )
    return one


@transaction.atomic
def send_back(one: Announcement, *, reason: str, by: User, seen: int | None = None) -> Announcement:
    """退回: back to its author, with what is wrong."""
    one = _held(one, by=by, seen=seen, states=(State.HANDED_IN,), issuing=True)
    if not reason.strip():
        raise BadInput("请写明哪里要改。", errors={"reason": ["请写明哪里要改。"]})
    one.returned = reason.strip()[:300]
    _move(one, State.DRAFT, "returned", by=by)
    _tell(one, [one.author], "returned", f"退回修改：{one.title}")
    return one


@transaction.atomic
def issue(one: Announcement, *, by: User, seen: int | None = None) -> Publication:
    """发布: the first version is out; whoever is asked for a receipt is told. Refused without a post that issues."""
    one = _held(one, by=by, seen=seen, states=(State.DRAFT, State.HANDED_IN), issuing=True)
    kind = kind_for(one.unit, one.audience)
    made = publish(
        kind, unit=one.unit, period=period_of(Every.EVENT, _code(one)), by=by, content=content_of(one), title=one.title
    )
    Issue.objects.filter(pk=made.issue_id).update(asks_receipt=one.asks_receipt)
    one.issue_id = made.issue_id
    _move(one, State.ISSUED, "issued", by=by, facts={"version": made.version, "digest": made.digest})
    if one.asks_receipt:
        made.issue.asks_receipt = True
        those = asked(made.issue).exclude(pk=by.pk)
        _tell(one, those, "asks_receipt", f"请看后点已阅：{one.title}", url=page_of(one))
    return made


@transaction.atomic
def amend(
    one: Announcement,
    *,
    reason: str,
    by: User,
    seen: int,
    files: Iterable[Piece] = (),
    drawn: Iterable[Piece] = (),
    kept: Iterable[str] = (),
    **said: Any,
) -> Publication:
    """更正: what is out is replaced by a version that says why; audience and receipts stay as they were."""
    held = _held(one, by=by, seen=seen, states=(State.ISSUED,), issuing=True)
    out = held.issue
    assert out is not None
    said |= {"audience": held.audience, "asks_receipt": held.asks_receipt}
    _refuse_unfit(held.unit, said)
    held = _said(held, by=by, at=clock.now(), files=files, drawn=drawn, kept=kept, said=said)
    Issue.objects.filter(pk=out.pk).update(title=held.title)
    return correct(out, reason=reason, by=by, seen=out.current)


@transaction.atomic
def discard(one: Announcement, *, by: User, seen: int | None = None) -> None:
    """不发了: a draft nobody will see again."""
    one = _held(one, by=by, seen=seen, states=(State.DRAFT, State.HANDED_IN))
    _move(one, State.DISCARDED, "discarded", by=by)


def _held(
    one: Announcement, *, by: User, seen: int | None, states: tuple[str, ...], issuing: bool = False
) -> Announcement:
    """The row as it is now, locked; refused to strangers, from another state, after somebody else's change, without the post."""
    row = (
        Announcement.objects.select_for_update(of=("self",))
        .select_related("unit", "author", "issue__unit")
        .get(pk=one.pk)
    )
    heads = issues_at(by, row.unit)
    if row.author_id != by.pk and not (heads and row.state != State.DRAFT):
        raise NotThere
    if issuing and not heads:
        who = "、".join(role_title(code) for code in issuers_at(row.unit))
        raise NotAllowed(f"发布由{who}来办。", who=who, instead="请点“交签发”。")
    refuse_unless(row, *states)
    if seen is not None and seen != row.version:
        raise Stale("这一篇刚刚被改过，这次没有写入。", instead="请看过最新内容再决定；您填的还在。")
    return row


def _said(
    one: Announcement, *, by: User, at: datetime, files: Iterable[Piece], drawn: Iterable[Piece], kept: Iterable[str],
    said: dict[str, Any],
) -> Announcement:  # fmt: skip
    """Writes the words and attaches fresh files and pictures, whose digests the chain names."""
    fresh = {
        role: attach(these, to=one.address, role=role, by=by, at=at)
        for role, these in (("files", files), (pictures.ROLE, drawn))
    }
    pictures.refuse_unfit(said["text"], pictures.of(one), fresh[pictures.ROLE])
    mine = set(map(str, Piece.objects.filter(address=one.address, role="files").values_list("pk", flat=True)))
    stay = [id for id in kept if id in mine]
    ids = list(dict.fromkeys([*stay, *(str(piece.pk) for piece in fresh["files"])]))
    if len(ids) > MOST_FILES:
        raise BadInput(f"最多 {MOST_FILES} 个附件。", errors={"papers": [f"最多 {MOST_FILES} 个附件。"]})
    for name, value in said.items():
        setattr(one, name, value)
    one.files, one.version, one.changed_at = ids, one.version + 1, at
    digests = {role: [piece.sha256 for piece in these] for role, these in fresh.items() if these}
    if digests:
        append(one, "attached", by=by, at=at, facts={"photos": digests})
    one.save()
    return one


def _refuse_unfit(unit: Unit, said: dict[str, Any]) -> None:
    kind_for(unit, said["audience"])
    category = categories().get(said["category"])
    if category is None:
        raise BadInput("没有这个类别。", errors={"category": ["没有这个类别。"]})
    if said["audience"] not in category.audiences:
        words = "或".join(Audience(one).words for one in category.audiences)
        raise BadInput(f"“{category.title}”要{words}。", errors={"audience": [f"“{category.title}”要{words}。"]})
    if said["asks_receipt"] and said["audience"] == Audience.PUBLIC:
        sentence = "向社会公开的，不知道谁在读，不能要求已阅。"
        raise BadInput(sentence, errors={"asks_receipt": [sentence]})
    if not said["text"].strip():
        raise BadInput("请写正文。", errors={"text": ["请写正文。"]})


def _move(one: Announcement, state: str, verb: str, *, by: User, facts: dict[str, Any] | None = None) -> None:
    at = clock.now()
    append(one, verb, by=by, at=at, facts=facts or {})
    one.state, one.version, one.changed_at = state, one.version + 1, at
    one.save(update_fields=["state", "version", "changed_at", "returned", "issue"])


def _tell(one: Announcement, people: Iterable[User], verb: str, title: str, *, url: str = "") -> None:
    tell(
        people, about=one.address, verb=verb, title=title[:120], body=one.unit.name, at=clock.now(),
        url=url or reverse("publishing-one", args=[one.pk]),
    )  # fmt: skip


def _code(one: Announcement) -> str:
    """Its period: the day and time it is issued, and its number."""
    at = clock.now().astimezone(clock.SCHOOL_TIME)
    return f"{at:%Y%m%d}-{at:%H%M%S}{one.pk % 1_000_000}"
