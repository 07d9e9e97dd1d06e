"""Seals reach outsiders by e-mail, once each, whatever fails in between."""

import base64
import io
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core import mail
from django.core.management import call_command

from portal import clock
from portal.ledger.feeds import lines
from portal.ledger.models import Chained, Seal, Witnessed
from portal.ledger.tasks import seal as task
from portal.ledger.witnesses import tell_witnesses

from .life import moment

pytestmark = pytest.mark.usefixtures("rows")


@pytest.fixture(autouse=True)
def witnesses(settings: Any) -> list[str]:
    """A parent and a newspaper."""
    settings.SEAL_WITNESSES = ["ping@example.org", "paper@example.com"]
    return settings.SEAL_WITNESSES


def letters() -> list[tuple[list[str], str, list[str]]]:
    """To whom, about what, and the lines attached; the box is emptied."""
    found = [(one.to, one.subject, str(one.attachments[0].content).splitlines()) for one in mail.outbox]
    mail.outbox.clear()
    return found


def test_the_task_seals_and_sends_each_witness_what_it_has_not_had_and_running_it_again_does_nothing() -> None:
    saved = list(lines())
    with clock.at(moment(4, 12)):
        task()
        task()
    about = "阳光校务 2026-11-02 至 2026-11-04 的封存"
    assert letters() == [(["ping@example.org"], about, saved), (["paper@example.com"], about, saved)]
    with clock.at(moment(5, 0, 10)):
        task()
        task()
    new = list(lines())[3:]
    about = "阳光校务 2026-11-05 的封存"
    assert letters() == [(["ping@example.org"], about, new), (["paper@example.com"], about, new)]
    assert Witnessed.objects.count() == 8


def test_the_letter_says_in_words_what_its_attachment_is_for() -> None:
    with clock.at(moment(4, 12)):
        tell_witnesses()
    letter = mail.outbox[0]
    seals = list(Seal.objects.order_by("day"))
    assert letter.body.splitlines() == [
        "每天零点过后，前一天的全部记录被封存成一行签过名的摘要。保存这些行，以后就能查出记录是否被改动过。",
        "",
        *(f"{one.day} 封存 {one.events} 条记录，涉及 {one.count} 件事，封存号 {one.digest}。" for one in seals),
        "",
        "请保存附件，不要回复。",
    ]
    assert [(one.filename, one.mimetype) for one in letter.attachments] == [
        ("seals-2026-11-04.jsonl", "application/jsonl")
    ]


def test_attachments_put_one_after_the_other_are_the_copy_that_verify_reads(tmp_path: Any) -> None:
    with clock.at(moment(4, 12)):
        task()
    with clock.at(moment(6, 0, 10)):
        task()
    mine = [line for to, _, kept in letters() if to == ["ping@example.org"] for line in kept]
    out = io.StringIO()
    call_command("seals", stdout=out)
    assert mine == out.getvalue().splitlines()


def test_a_new_witness_gets_the_whole_history_and_the_others_nothing_twice(witnesses: list[str]) -> None:
    with clock.at(moment(4, 12)):
        tell_witnesses()
        letters()
        witnesses.append("new@example.net")
        assert tell_witnesses() == 1
    assert [to for to, _, _ in letters()] == [["new@example.net"]]


def test_a_mail_server_that_cannot_be_reached_loses_nothing_and_is_tried_again(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    reachable = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with clock.at(moment(5, 0, 10)):
        task()
        assert Seal.objects.count() == 4
        assert Witnessed.objects.count() == 0
        assert [record.getMessage() for record in caplog.records] == [
            "seal witness 1 not reached (ConnectionRefusedError); the next run tries again",
            "seal witness 2 not reached (ConnectionRefusedError); the next run tries again",
        ]
        settings.EMAIL_BACKEND = reachable
        task()
    assert [(to, len(kept)) for to, _, kept in letters()] == [(["ping@example.org"], 4), (["paper@example.com"], 4)]


def test_the_table_of_witnesses_tells_no_address() -> None:
    with clock.at(moment(4, 12)):
        tell_witnesses()
    assert {len(one) for one in Witnessed.objects.values_list("witness", flat=True)} == {64}


def test_a_line_is_enough_to_check_the_signature_with_nothing_else(rows: list[Chained]) -> None:
    for line in lines():
        one = json.loads(line)
        signature, key = one.pop("signature"), one["public_key"]
        del one["digest"]
        body = json.dumps(one, sort_keys=True, separators=(",", ":")).encode()
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(signature), body)
