"""Telling people: rows of inbox and outbox in the caller's transaction; nothing is sent from here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from portal import clock
from portal.errors import WrongStep
from portal.orgs.models import User

from .channels.registry import enabled
from .models import BODY, TITLE, ChannelChoice, Delivery, Notice
from .queries import letter
from .quiet import after_quiet

SENTENCES = re.compile(r"(?:[^。！？!?]*[。！？!?]+[”」』）)]*){2}")  # the first two


@dataclass(frozen=True)
class Message:
    """One thing to tell to several people, each of them once; `people` are loaded rows, `url` a path of the portal."""

    people: Sequence[User]
    about: str
    verb: str
    title: str
    url: str
    at: datetime
    body: str = ""
    urgent: bool = False


def tell(
    people: Iterable[User],
    *,
    about: str,
    verb: str,
    title: str,
    url: str,
    at: datetime,
    body: str = "",
    urgent: bool = False,
) -> int:
    """Tells each of these people once, and answers how many; people who have left are not told.

    Title up to 120 characters, body up to two sentences: the rest is cut. Three queries for any number of people.
    """
    return tell_many([Message(list(people), about, verb, title, url, at, body, urgent)])


def tell_many(messages: Sequence[Message]) -> int:
    """Tells many things at once, as the sweep does; three queries for any number of messages and people."""
    people = {person.pk: person for message in messages for person in message.people if person.is_active}
    notices = [_notice(message, pk) for message in messages for pk in _reached(message, people)]
    if not notices:
        return 0
    wanted = _wanted(people)
    with transaction.atomic(savepoint=False):
        Notice.objects.bulk_create(notices)
        Delivery.objects.bulk_create(_delivery(one, channel) for one in notices for channel in wanted[one.to_id])
    return len(notices)


def mark_read(*, by: User, ids: Iterable[int] = (), about: str = "", upto: int | None = None) -> int:
    """Marks the person's own unread notices as read: these ones, those about a row, or all up to the newest seen."""
    mine = Notice.objects.filter(to=by, read_at=None)
    if about:
        mine = mine.filter(about=about)
    elif upto is not None:
        mine = mine.filter(pk__lte=upto)
    else:
        mine = mine.filter(pk__in=list(ids))
    return mine.update(read_at=clock.now())


@transaction.atomic
def choose_channels(choices: Mapping[str, bool], *, by: User) -> None:
    """Switches channels on or off for oneself; what waits on one switched off is withdrawn, the inbox never."""
    rows = [ChannelChoice(person=by, channel=code, on=on) for code, on in sorted(choices.items()) if code in enabled()]
    ChannelChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "channel"], update_fields=["on"]
    )
    off = [row.channel for row in rows if not row.on]
    Delivery.objects.filter(notice__to=by, channel__in=off, state=Delivery.State.WAITING).delete()


@transaction.atomic
def retry(delivery: Delivery, *, by: User) -> Delivery:
    """Sends a dead letter on its way again, with all its attempts before it.

    Refused for one that is not dead, and not there for anybody but an admin of the place its reader belongs to.
    """
    letter(by, delivery.pk)
    moment = clock.now()
    due = moment if delivery.urgent else after_quiet(moment)
    dead = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.DEAD)
    if not dead.update(state=Delivery.State.WAITING, attempts=0, error="", next_at=due):
        raise WrongStep("这条消息不在未送达之列，可能刚刚已重新发送。")
    delivery.refresh_from_db()
    return delivery


def _reached(message: Message, people: Mapping[int, User]) -> list[int]:
    return [pk for pk in dict.fromkeys(person.pk for person in message.people) if pk in people]


def _notice(message: Message, person: int) -> Notice:
    if not message.url.startswith("/") or message.url.startswith(("//", "/\\")):
        raise ValueError("a notice leads to a path of the portal")
    return Notice(
        to_id=person,
        about=message.about,
        verb=message.verb,
        title=_cut(message.title, TITLE),
        body=_two_sentences(message.body),
        url=message.url,
        urgent=message.urgent,
        at=message.at,
    )


def _delivery(notice: Notice, channel: str) -> Delivery:
    due = notice.at if notice.urgent else after_quiet(notice.at)
    return Delivery(notice=notice, channel=channel, urgent=notice.urgent, next_at=due)


def _wanted(people: Mapping[int, User]) -> dict[int, list[str]]:
    """The channels on which each person can be reached and wants to be."""
    reach = {
        pk: [code for code, channel in enabled().items() if channel.address_of(person) is not None]
        for pk, person in people.items()
    }
    if not any(reach.values()):
        return reach
    off = set(ChannelChoice.objects.filter(person__in=people, on=False).values_list("person_id", "channel"))
    return {pk: [code for code in codes if (pk, code) not in off] for pk, codes in reach.items()}


def _cut(text: str, size: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= size else line[: size - 1] + "…"


def _two_sentences(body: str) -> str:
    line = " ".join(body.split())
    two = SENTENCES.match(line)
    return _cut(two[0] if two else line, BODY)
