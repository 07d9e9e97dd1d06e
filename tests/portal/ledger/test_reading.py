"""What a page may ask the ledger, and what outsiders read of the seals."""

from datetime import date
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.checks import run_checks

from portal import clock
from portal.ledger import feeds, keys
from portal.ledger.checks import one_name_for_each_chain, seal_key_is_a_key, seal_key_is_set
from portal.ledger.models import Chained, Event, Seal
from portal.ledger.queries import Intact, chain_of, intact, published
from portal.ledger.sealing import seal

from .life import holders, moment, record, superuser

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("count", [1, 3])
def test_a_chain_is_read_in_order_in_one_query(db: None, django_assert_num_queries: Any, count: int) -> None:
    row, other, *_ = holders(6)
    events = []
    for _ in range(count):
        record(other, "moved", moment(1))
        events.append(record(row, "moved", moment(1)))
    with django_assert_num_queries(1):
        assert list(chain_of(row.address)) == events
    with django_assert_num_queries(1):
        assert intact(row.address, row.chain_head) == Intact(count, True, f"{count} 条记录首尾相接，未被改动。")
    with django_assert_num_queries(0):
        assert intact(row.address, row.chain_head, events) == Intact(count, True, f"{count} 条记录首尾相接，未被改动。")


def test_a_row_on_which_nothing_was_recorded_is_intact(db: None) -> None:
    assert intact("case:1", "") == Intact(0, True, "0 条记录首尾相接，未被改动。")


CHANGED = "第 {} 条记录被改动过，请联系管理员核对。"
ENDED = "最后的记录被改动或删除过，请联系管理员核对。"


def test_a_page_says_which_record_was_changed(rows: list[Chained]) -> None:
    row = rows[0]
    last = row.chain_seq
    for seq, change, answer in (
        (2, {"who": "person:9999"}, Intact(2, False, CHANGED.format(2), 2)),
        (last, {"verb": "forged"}, Intact(last, False, CHANGED.format(last), last)),
        (1, {"seq": 1000}, Intact(1, False, CHANGED.format(1), 1)),
        (last, {"address": "case:0"}, Intact(last - 1, False, ENDED, last - 1)),
    ):
        with superuser():
            events = Event.objects.filter(address=row.address, seq=seq)
            (pk,) = events.values_list("pk", flat=True)
            before = Event.objects.filter(pk=pk).values(*change).get()
            events.update(**change)
            assert intact(row.address, row.chain_head) == answer
            Event.objects.filter(pk=pk).update(**before)
    assert intact(row.address, row.chain_head).sound
    assert intact(row.address, "0" * 64) == Intact(last, False, ENDED, last)


def test_seals_are_published_newest_first_page_by_page(rows: list[Chained], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        page = feeds.page(count=2)
    assert [(one["seal"].day.day, one["summary"]) for one in page["seals"]] == [
        (one.day.day, feeds.summary(one)) for one in Seal.objects.order_by("-day")[:2]
    ]
    assert [one["line"] for one in page["seals"]] == list(feeds.lines())[:0:-1]
    assert page["keys"] == [keys.own()]
    rest = feeds.page(before=page["next"], count=2)
    assert ([one["seal"].day for one in rest["seals"]], rest["next"]) == ([date(2026, 11, 2)], None)
    assert [one.day.day for one in published(count=5)] == [4, 3, 2]


def test_a_summary_says_how_much_was_sealed_or_that_nothing_happened(db: None) -> None:
    record(holders(3)[0], "moved", moment(1))
    with clock.at(moment(3, 12)):
        busy, quiet = seal()
    assert feeds.summary(busy) == f"2026-11-02 封存 1 条记录，涉及 1 件事，封存号 {busy.digest}。"
    assert feeds.summary(quiet) == f"2026-11-03 没有新记录，封存号 {quiet.digest}。"


def test_the_feed_carries_each_seals_line(rows: list[Chained]) -> None:
    page, address = "https://xw.example.org/seals", "https://xw.example.org/seals.atom"
    tree = ElementTree.fromstring(feeds.atom(page=page, feed=address))
    entries = tree.findall(f"{ATOM}entry")
    seals = list(Seal.objects.order_by("-day"))
    assert [unescape(str(one.findtext(f"{ATOM}summary"))).splitlines() for one in entries] == [  # its type is html
        [feeds.summary(seal), line] for seal, line in zip(seals, feeds.lines(seals), strict=True)
    ]
    assert [one.findtext(f"{ATOM}id") for one in entries] == [f"urn:sunlit:seal:{seal.digest}" for seal in seals]
    assert [one.findtext(f"{ATOM}title") for one in entries] == [f"{seal.day} 的封存" for seal in seals]
    assert [one.find(f"{ATOM}link").attrib["href"] for one in entries] == [f"{page}#{seal.day}" for seal in seals]


def test_the_portal_checks_its_key_before_it_starts(settings: Any) -> None:
    assert [seal_key_is_a_key(), seal_key_is_set()] == [[], []]
    settings.SEAL_KEY = "not a key"
    assert [one.id for one in run_checks(tags=["security"]) if one.id.startswith("ledger")] == ["ledger.E002"]
    settings.SEAL_KEY = ""
    assert [one.id for one in seal_key_is_set()] == ["ledger.E003"]
    assert seal_key_is_a_key() == []


def test_each_kind_of_chain_has_a_name_of_its_own() -> None:
    assert one_name_for_each_chain() == []
