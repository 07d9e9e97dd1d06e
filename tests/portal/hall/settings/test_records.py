"""记录核对: seals for admins with whether they hold, and for everybody as a page, a feed and a file."""

import json
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client

from portal import clock
from portal.ledger import keys
from portal.ledger.models import Seal
from portal.ledger.sealing import seal
from tests.district import MONDAY, Cast
from tests.portal.ledger.life import superuser

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture(autouse=True)
def key(settings: object) -> None:
    settings.SEAL_KEY = keys.generate()  # type: ignore[attr-defined]
    settings.SEAL_PUBLIC_KEYS = []  # type: ignore[attr-defined]


@pytest.fixture
def sealed(desk: Desk, cast: Cast) -> Iterator[list[Seal]]:
    """Five days later, every day sealed."""
    with clock.at(MONDAY + timedelta(days=5)):
        yield seal()


def tamper(sentence: str) -> None:
    """What only the owner of the database can do."""
    with superuser(), connection.cursor() as cursor:
        cursor.execute(sentence)


def test_an_admin_sees_the_seals_and_that_they_hold(desk: Desk, sealed: list[Seal]) -> None:
    page = words(desk.sal, "/settings/records/")
    assert f"最近 {len(sealed)} 天的封存签名有效、首尾相接，到 2026-11-20 为止" in page
    assert f"<code>{sealed[0].root[:12]}…</code>" in page and "2026年11月16日" in page
    assert sealed[0].root not in page
    assert keys.fingerprint(keys.own()) in page


def test_a_seal_that_was_changed_is_named(desk: Desk, sealed: list[Seal]) -> None:
    tamper("update ledger_seal set events = events + 1 where day = '2026-11-18'")
    assert "2026-11-18 的封存内容与它的摘要不符" in words(desk.ada, "/settings/records/")


def test_a_missing_seal_is_named(desk: Desk, sealed: list[Seal]) -> None:
    tamper("delete from ledger_seal where day = '2026-11-18'")
    assert "2026-11-18 的封存不见了" in words(desk.ada, "/settings/records/")


def test_days_nobody_sealed_are_named(desk: Desk, sealed: list[Seal]) -> None:
    with clock.at(MONDAY + timedelta(days=9)):
        assert "2026-11-21 早该封存却没有" in words(desk.ada, "/settings/records/")


def test_before_the_first_midnight_there_is_nothing_to_check(desk: Desk) -> None:
    assert "还没有封存过" in words(desk.ada, "/settings/records/")
    assert "还没有封存" in words(Client(), "/seals/")


def test_more_than_a_month_is_paged_and_checked_at_its_joint(desk: Desk, sealed: list[Seal]) -> None:
    with clock.at(MONDAY + timedelta(days=40)):
        seal()
        page = words(desk.ada, "/settings/records/")
        assert "最近 30 天的封存签名有效" in page and "?after=2026-11-26" in page
        assert "2026年11月25日" in words(desk.ada, "/settings/records/?after=2026-11-26")
        public = words(Client(), "/seals/")
        assert "?before=2026-11-26" in public and 'id="2026-11-25"' in words(Client(), "/seals/?before=2026-11-26")


def test_everybody_sees_full_digests_without_a_script(sealed: list[Seal]) -> None:
    page = words(Client(), "/seals/")
    assert "<script" not in page
    for one in sealed:
        assert one.digest in page and one.root in page and one.signature in page and f'id="{one.day}"' in page
    assert keys.own() in page


def test_the_feed_names_every_seal(sealed: list[Seal]) -> None:
    answer = Client().get("/seals/feed.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    entries = ElementTree.fromstring(answer.content).findall("{http://www.w3.org/2005/Atom}entry")
    ids = [one.findtext("{http://www.w3.org/2005/Atom}id") for one in entries]
    assert ids == [f"urn:sunlit:seal:{one.digest}" for one in reversed(sealed)]


def test_the_file_is_what_verify_reads(sealed: list[Seal]) -> None:
    answer = Client().get("/seals.jsonl")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert [json.loads(line) for line in lines] == [one.line() for one in sealed]
    assert answer["Content-Disposition"] == 'attachment; filename="seals.jsonl"'


@pytest.mark.usefixtures("sealed")
def test_public_pages_may_be_kept_for_five_minutes_and_are_only_read() -> None:
    for where in ("/seals/", "/seals/feed.atom", "/seals.jsonl"):
        assert "max-age=300" in Client().get(where)["Cache-Control"]
        assert Client().post(where).status_code == 405
