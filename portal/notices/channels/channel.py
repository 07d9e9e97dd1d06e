"""What a channel is: a code, a title, the address of a person, and a way to send."""

from django.conf import settings

from portal.notices.models import Notice
from portal.orgs.models import User
from portal.outbox import CannotGo, NotNow


class ChannelRefused(CannotGo):
    """The channel will never take this message; `code` says why, in a few letters and without the address."""


class ChannelFailed(NotNow):
    """The channel could not take the message now; `code` says why, and it is tried again later."""


class Channel:
    """A way to reach people outside the portal.

    `send` returns when the other side has taken the message, within two minutes. It raises `ChannelRefused` when it
    never will, and anything else when it may be tried again.
    """

    code = ""
    title = ""

    def address_of(self, person: User) -> str | None:
        """Where this channel reaches the person; nothing when it cannot."""
        raise RuntimeError("each channel says this itself")

    def send(self, person: User, notice: Notice) -> None:
        """Sends one notice to one person."""
        raise RuntimeError("each channel says this itself")


def link_of(notice: Notice) -> str:
    """The whole address behind a notice, for use outside the portal."""
    return f"{settings.BASE_URL.rstrip('/')}{notice.url}"
