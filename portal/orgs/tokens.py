"""Personal tokens for programs: made once, shown once, kept as a digest, used as the person."""

import hashlib
import secrets

from django.db import transaction

from portal import clock
from portal.errors import NotThere, Refused
from portal.ledger.actions import append

from .models import AccessToken, User

MOST = 20
PREFIX = "sunlit_"  # so that a leaked one is recognised


@transaction.atomic
def issue_token(*, person: User, name: str, by: User, second_factor: bool = False) -> str:
    """Makes a token and gives it, this one time. `second_factor`: a code was given. Refused beyond twenty tokens."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if AccessToken.objects.filter(person=person).count() >= MOST:
        raise Refused(f"您已经有 {MOST} 个令牌。", instead="请先在“我的”里作废不再使用的令牌。")
    token = PREFIX + secrets.token_urlsafe(32)
    name = "".join(letter for letter in name if letter.isprintable()).strip()[:60] or "未命名"
    made = AccessToken.objects.create(
        person=person, name=name, digest=digest(token), second_factor=second_factor, made_at=clock.now()
    )
    append(person, "token_issued", by=by, at=clock.now(), facts={"token": made})
    return token


def token_of(presented: str) -> AccessToken | None:
    """The token a program presents, with its person; nothing for an unknown one or a person who has left. One query.

    The day of its last use is written once a day.
    """
    people = AccessToken.objects.select_related("person__home__school")
    try:
        token = people.get(digest=digest(presented), person__is_active=True)
    except AccessToken.DoesNotExist:
        return None
    if token.used_on != clock.today():
        token.used_on = clock.today()
        AccessToken.objects.filter(pk=token.pk).update(used_on=token.used_on)
    return token


@transaction.atomic
def revoke(token_id: int, *, by: User) -> None:
    """Revokes one of one's own tokens from the next request on; anybody else's is not there."""
    person = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not AccessToken.objects.filter(pk=token_id, person=person).delete()[0]:
        raise NotThere("没有找到这个令牌，可能已经作废。")
    append(person, "token_revoked", by=by, at=clock.now(), facts={"token": token_id})


def digest(token: str) -> str:
    """How a token is kept: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
