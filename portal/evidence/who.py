"""Whose a piece is while it is attached to nothing: a person's, or a reporter's without account who holds a receipt."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from django.db.models import Q
from django.http import HttpRequest

from portal.errors import NotSignedIn
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, policy


class Receipt(Protocol):
    """What stands for a reporter without account: the digest of a receipt's code."""

    @property
    def digest(self) -> str:
        """SHA-256 of the code."""


Bearer = User | Receipt | str
Visitor = Callable[[HttpRequest], Receipt | None]
Known = TypeVar("Known", bound=Visitor)
_visitors: list[Visitor] = []


def on_visitor(function: Known) -> Known:
    """Registers who recognises a reporter without account: `function(request)` gives their receipt, or None."""
    _visitors.append(function)
    return function


def owner(by: Bearer | None) -> dict[str, User | str]:
    """The column that marks this person's own uploads; empty for the clock and for nobody, who own nothing."""
    if isinstance(by, User):
        return {"uploader": by}
    digest = getattr(by, "digest", "")
    return {"receipt": digest} if digest else {}


def own(by: Bearer | None) -> Q:
    """Uploads of this person or receipt."""
    mine = owner(by)
    return Q(**mine) if mine else Q(pk__in=[])


def is_own(by: Bearer | None, *, uploader: int | None, receipt: str) -> bool:
    """Whether what this person, or else this receipt, uploaded is the bearer's own."""
    if isinstance(by, User):
        return uploader == by.pk
    digest = getattr(by, "digest", "")
    return bool(digest) and receipt == digest


def bearer(request: HttpRequest) -> Bearer | None:
    """Who asks: the person signed in, else the receipt a higher room recognises, else nobody."""
    if isinstance(request.user, User):
        return request.user
    found = (function(request) for function in _visitors)
    return next((receipt for receipt in found if receipt is not None), None)


def _bearing(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        SIGNED_IN.check(request)
    elif bearer(request) is None:
        raise NotSignedIn("请先登录，再查看或上传照片。")


BEARING = policy("bearing", "已登录的人，或持有回执的人；能看哪一张，按事项再查")(_bearing)
