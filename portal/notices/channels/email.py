"""E-mail: plain text with one link, through whatever `EMAIL_URL` names."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from portal.notices.models import Notice
from portal.orgs.models import User

from .channel import Channel, ChannelRefused, link_of

SUBJECT = 60  # characters
PATIENCE = 10  # seconds for each answer of the mail server


class Email(Channel):
    """Plain e-mail; an address the server refuses for good (5xx) is not tried again."""

    code = "email"
    title = "电子邮件"

    def address_of(self, person: User) -> str | None:
        """The address the person gave."""
        return person.email or None

    def send(self, person: User, notice: Notice) -> None:
        """Sends one mail; a repeated one carries the same Message-ID, so that mail boxes show it once."""
        message = EmailMessage(
            subject=_subject(notice.title),
            body=_text(notice),
            to=[person.email],
            headers={"Message-ID": _message_id(notice), "Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=PATIENCE),
        )
        try:
            message.send()
        except SMTPRecipientsRefused as refusal:
            _raise_if_for_good([code for code, _ in refusal.recipients.values()])
            raise
        except SMTPResponseException as answer:
            _raise_if_for_good([answer.smtp_code])
            raise


def _subject(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= SUBJECT else line[: SUBJECT - 1] + "…"


def _text(notice: Notice) -> str:
    parts = [notice.title, notice.body, f"查看：{link_of(notice)}", "这封邮件由阳光校务自动发出，请勿直接回复。"]
    return "\n\n".join(part for part in parts if part) + "\n"


def _message_id(notice: Notice) -> str:
    return f"<notice-{notice.pk}-{notice.at.timestamp():.0f}@{urlsplit(settings.BASE_URL).hostname}>"


def _raise_if_for_good(codes: list[int]) -> None:
    """5xx is the server's word for never; 530, 534 and 535 are about our own sign-in, which somebody will mend."""
    if codes and all(code >= 500 and code not in (530, 534, 535) for code in codes):
        raise ChannelRefused(f"smtp_{codes[0]}")
