"""E-mail: what it looks like, and what a mail server's answers mean."""

import smtplib
from typing import Any

import pytest
from django.core import mail

from portal.notices.delivery import deliver
from portal.notices.models import Notice
from portal.orgs.models import User

from .conftest import NOON, only, say


def test_a_mail_has_a_short_subject_plain_words_and_one_link(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email"]
    settings.BASE_URL = "https://school.example/"
    say(rita, title="东教学楼一层男厕下水堵塞，" + "积水已经漫到走廊，" * 8)
    notice = Notice.objects.get()
    assert deliver(now=NOON) == 1
    (message,) = mail.outbox
    assert message.to == ["rita@example.com"]
    assert message.subject == notice.title[:59] + "…"
    assert len(message.subject) == 60
    assert message.body == (
        f"{notice.title}\n\n请在今天 14:00 前到场。\n\n查看：https://school.example/repairs/BX-LX01-2026-00017\n\n"
        "这封邮件由阳光校务自动发出，请勿直接回复。\n"
    )
    assert message.extra_headers == {
        "Message-ID": f"<notice-{notice.pk}-1795060800@school.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert message.content_subtype == "plain"
    assert message.message()["Subject"]  # and it can be written as a mail


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        (smtplib.SMTPRecipientsRefused({"rita@example.com": (550, b"no such user")}), "dead", "smtp_550"),
        (smtplib.SMTPRecipientsRefused({"rita@example.com": (451, b"later")}), "waiting", "SMTPRecipientsRefused"),
        (smtplib.SMTPDataError(554, b"not wanted"), "dead", "smtp_554"),
        (smtplib.SMTPDataError(452, b"full"), "waiting", "SMTPDataError"),
        (smtplib.SMTPAuthenticationError(535, b"who are you"), "waiting", "SMTPAuthenticationError"),
        (ConnectionRefusedError(), "waiting", "ConnectionRefusedError"),
    ],
)
def test_a_mail_server_that_says_never_is_believed_and_any_other_is_asked_again(
    answer: Exception, state: str, error: str, rita: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise answer

    settings.CHANNELS = ["email"]
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    say(rita)
    assert deliver(now=NOON) == 0
    assert (only(rita).state, only(rita).error) == (state, error)
