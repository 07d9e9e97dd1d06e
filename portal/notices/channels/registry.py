"""Every channel the portal knows, and those `CHANNELS` switches on; a webhook would be one more line here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.notices.models import Notice
from portal.orgs.models import User

from .channel import Channel, ChannelFailed, ChannelRefused
from .email import Email
from .file import File

KNOWN: dict[str, Channel] = {channel.code: channel for channel in (Email(), File())}
_inside: ContextVar[bool] = ContextVar("inside", default=False)


def enabled() -> dict[str, Channel]:
    """The channels of this installation by code, in the order of `CHANNELS`. Refused: a channel nobody has written."""
    unknown = [code for code in settings.CHANNELS if code not in KNOWN]
    if unknown:
        raise ImproperlyConfigured(f"CHANNELS names {', '.join(unknown)}; the portal knows {', '.join(KNOWN)}")
    return {} if _inside.get() else {code: KNOWN[code] for code in settings.CHANNELS}


@contextmanager
def kept_inside() -> Iterator[None]:
    """Nothing leaves the portal meanwhile, inboxes alone fill: the demo loader's, for what is weeks old is no news outside."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def hand_over(code: str, person: User, notice: Notice) -> None:
    """Sends through one channel. Raises nothing but `ChannelRefused` and `ChannelFailed`, codes fit for the record."""
    channel = enabled().get(code)
    if channel is None:
        raise ChannelRefused("channel_off")
    if not person.is_active:
        raise ChannelRefused("person_left")
    if channel.address_of(person) is None:
        raise ChannelRefused("no_address")
    try:
        channel.send(person, notice)
    except ChannelRefused:
        raise
    except Exception as error:
        raise ChannelFailed(type(error).__name__) from error
