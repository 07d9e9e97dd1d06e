"""A superuser with every trigger off changes, removes or invents something; `verify` finds it and names the first bad row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from portal import clock
from portal.ledger.models import Chained, Event, SealedHead
from portal.ledger.sealing import seal
from portal.ledger.verification import Finding, verify

from .life import moment, rechain, record, save_head, superuser

pytestmark = pytest.mark.usefixtures("noon")

Tamper = Callable[[Chained], None]


def events(row: Chained) -> Any:
    return Event.objects.filter(address=row.address)


def change(row: Chained, seq: int, **columns: Any) -> None:
    assert events(row).filter(seq=seq).update(**columns) == 1


def edit_a_fact(row: Chained) -> None:
    event = events(row).get(seq=2)
    change(row, 2, facts=event.facts | {"unit": 9999})


def edit_an_actor(row: Chained) -> None:
    change(row, 1, who="person:9999")


def edit_a_time(row: Chained) -> None:
    change(row, 3, at=F("at") + timedelta(seconds=1))


def edit_and_rehash_one(row: Chained) -> None:
    event = events(row).get(seq=2)
    event.who = "person:9999"
    change(row, 2, who=event.who, digest=event.expected())


def edit_and_rehash_the_last(row: Chained) -> None:
    event = events(row).get(seq=row.chain_seq)
    event.who = "person:9999"
    change(row, event.seq, who=event.who, digest=event.expected())


def give_the_first_a_predecessor(row: Chained) -> None:
    event = events(row).get(seq=1)
    event.before = "0" * 64
    change(row, 1, before=event.before, digest=event.expected())


def repeat_one(row: Chained) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_event drop constraint event_no_forks")
    event = events(row).get(seq=3)
    event.pk, event.verb = None, "forged"
    event.save(force_insert=True)


def delete_the_first(row: Chained) -> None:
    events(row).filter(seq=1).delete()


def delete_one_in_the_middle(row: Chained) -> None:
    events(row).filter(seq=3).delete()


def delete_the_last(row: Chained) -> None:
    events(row).filter(seq=row.chain_seq).delete()


def insert_at_the_end(row: Chained) -> None:
    record(row, "forged", moment(4))
    row.chain_seq -= 1
    row.chain_head = events(row).get(seq=row.chain_seq).digest
    save_head(row)


def insert_on_a_sealed_day(row: Chained) -> None:
    record(row, "forged", moment(2))


def insert_a_chain_nobody_holds(row: Chained) -> None:
    stranger = type(row)(pk=row.pk + 1_000_000)
    record(stranger, "forged", moment(4))


def swap_two(row: Chained) -> None:
    events(row).filter(seq=2).update(seq=1002)
    events(row).filter(seq=3).update(seq=2)
    events(row).filter(seq=1002).update(seq=3)


def rechain_after_an_edit(row: Chained) -> None:
    change(row, 2, who="person:9999")
    rechain(row)


def rechain_after_an_insertion(row: Chained) -> None:
    events(row).filter(seq__gte=2).update(seq=F("seq") + 100)
    Event.objects.create(address=row.address, seq=2, verb="forged", who="clock", at=moment(1), before="", digest="")
    rechain(row)


def rechain_after_deleting_the_last_sealed(row: Chained) -> None:
    events(row).filter(seq__gte=last_sealed(row).seq).delete()
    rechain(row)


def edit_the_head(row: Chained) -> None:
    row.chain_head = "0" * 64
    save_head(row)


def edit_the_sequence(row: Chained) -> None:
    row.chain_seq -= 1
    save_head(row)


def delete_the_holder(row: Chained) -> None:
    type(row)._base_manager.filter(pk=row.pk).delete()


def delete_the_chain(row: Chained) -> None:
    events(row).delete()


def delete_the_chain_and_its_holder(row: Chained) -> None:
    delete_the_chain(row)
    delete_the_holder(row)


def delete_the_chain_and_reset_its_holder(row: Chained) -> None:
    delete_the_chain(row)
    row.chain_seq, row.chain_head = 0, ""
    save_head(row)


def last_sealed(row: Chained) -> SealedHead:
    return SealedHead.objects.filter(address=row.address).order_by("-seq")[0]


def last_rewritten(row: Chained, last: int) -> tuple[str, str]:
    """What is said depends on whether the last event is sealed already, or of today."""
    heads = list(SealedHead.objects.filter(address=row.address).select_related("seal").order_by("seq"))
    if heads[-1].seq < last:
        return "", f"{row.address} 记着的链头与最后一条（第 {last} 条）记录不符：链头或最后一条被改写过。"
    sentence = f"与 {heads[-1].seal.day} 的封存不符：这里有记录在封存之后被改写，并重新连成了链。"
    return f"#{heads[-2].seq + 1}-{last}", sentence


def last_missed(row: Chained, last: int) -> str:
    """Who misses the last event: its seal, or before the night its holder."""
    sealed = last_sealed(row)
    return f"{row.address} 自己记着有 {last} 条。" if sealed.seq < last else f"{sealed.seal.day} 封存时有 {last} 条。"


IN_A_CHAIN: dict[Tamper, Callable[[Chained, int], tuple[str, str]]] = {
    edit_a_fact: lambda row, last: ("#2", "第 2 条记录的内容与它的摘要不符，被改动过。"),
    edit_an_actor: lambda row, last: ("#1", "第 1 条记录的内容与它的摘要不符，被改动过。"),
    edit_a_time: lambda row, last: ("#3", "第 3 条记录的内容与它的摘要不符，被改动过。"),
    edit_and_rehash_one: lambda row, last: (
        "#2-3",
        "第 3 条记录接不上第 2 条，其中一条被改写过并重算了摘要。",
    ),
    edit_and_rehash_the_last: lambda row, last: last_rewritten(row, last),
    give_the_first_a_predecessor: lambda row, last: (
        "#1",
        "第 1 条记录之前本不该有记录，它却接着别的记录，被换过。",
    ),
    delete_the_first: lambda row, last: ("#1", "第 1 条记录不见了。"),
    delete_one_in_the_middle: lambda row, last: ("#3", "第 3 条记录不见了。"),
    delete_the_last: lambda row, last: (f"#{last}", f"第 {last} 条记录不见了：{last_missed(row, last)}"),
    insert_at_the_end: lambda row, last: (
        f"#{last + 1}",
        f"{row.address} 自己只记着 {last} 条，第 {last + 1} 条是加进来的，或这一行被改过。",
    ),
    insert_on_a_sealed_day: lambda row, last: (
        f"#{last + 1}",
        f"第 {last + 1} 条记录写着 2026-11-03T01:00:00Z，却不在任何一次封存里，是那一天封存之后补进来的。",
    ),
    swap_two: lambda row, last: ("#2", "第 2 条记录的内容与它的摘要不符，被改动过。"),
    edit_the_head: lambda row, last: (
        "",
        f"{row.address} 记着的链头与最后一条（第 {last} 条）记录不符：链头或最后一条被改写过。",
    ),
    edit_the_sequence: lambda row, last: (
        f"#{last}",
        f"{row.address} 自己只记着 {last - 1} 条，第 {last} 条是加进来的，或这一行被改过。",
    ),
    delete_the_holder: lambda row, last: (
        "",
        f"有 {last} 条记录，数据库里却没有 {row.address} 这一行：它被删除了，或记录是凭空加的。",
    ),
}
AGAINST_THE_SEALS: dict[Tamper, Callable[[SealedHead], tuple[str, str]]] = {
    rechain_after_an_edit: lambda first: (
        f"#1-{first.seq}",
        f"与 {first.seal.day} 的封存不符：这里有记录在封存之后被改写，并重新连成了链。",
    ),
    rechain_after_an_insertion: lambda first: (
        f"#1-{first.seq}",
        f"与 {first.seal.day} 的封存不符：这里有记录在封存之后被改写，并重新连成了链。",
    ),
    delete_the_chain: lambda first: (
        "",
        f"整条记录都不见了：{first.seal.day} 封存时它有 {first.seq} 条记录。",
    ),
    delete_the_chain_and_its_holder: lambda first: (
        "",
        f"整条记录都不见了：{first.seal.day} 封存时它有 {first.seq} 条记录。",
    ),
    delete_the_chain_and_reset_its_holder: lambda first: (
        "",
        f"整条记录都不见了：{first.seal.day} 封存时它有 {first.seq} 条记录。",
    ),
}


def found_in(row: Chained, tamper: Tamper) -> Finding | None:
    """What verify says after the tampering, which is then undone."""
    row = type(row)._base_manager.get(pk=row.pk)
    with transaction.atomic():
        with superuser():
            tamper(row)
        flaw = verify().flaw
        transaction.set_rollback(True)
    return flaw


@pytest.mark.parametrize("tamper", IN_A_CHAIN, ids=lambda one: one.__name__)
def test_tampering_with_a_chain_is_found_and_named_on_whichever_chain(rows: list[Chained], tamper: Tamper) -> None:
    expected = []
    for row in rows:
        place, sentence = IN_A_CHAIN[tamper](row, row.chain_seq)
        expected.append(Finding(f"{row.address}{place}", sentence))
    assert [found_in(row, tamper) for row in rows] == expected
    assert verify().sound


@pytest.mark.parametrize("tamper", AGAINST_THE_SEALS, ids=lambda one: one.__name__)
def test_a_chain_rewritten_whole_contradicts_the_seals(rows: list[Chained], tamper: Tamper) -> None:
    expected = []
    for row in rows:
        first = SealedHead.objects.filter(address=row.address).select_related("seal").order_by("seq")[0]
        place, sentence = AGAINST_THE_SEALS[tamper](first)
        expected.append(Finding(f"{row.address}{place}", sentence))
    assert [found_in(row, tamper) for row in rows] == expected
    assert verify().sound


def test_a_chain_cut_short_and_closed_again_contradicts_the_seals(rows: list[Chained]) -> None:
    for row in rows:
        sealed = last_sealed(row)
        missing = Finding(
            f"{row.address}#{sealed.seq}", f"第 {sealed.seq} 条记录不见了：{sealed.seal.day} 封存时有 {sealed.seq} 条。"
        )
        assert found_in(row, rechain_after_deleting_the_last_sealed) == missing


def test_an_event_written_twice_is_named(rows: list[Chained]) -> None:
    assert [getattr(found_in(row, repeat_one), "row", None) for row in rows] == [f"{row.address}#3" for row in rows]


def test_a_chain_that_nobody_holds_is_named(rows: list[Chained]) -> None:
    for row in (rows[0], rows[-1]):
        address = f"{row._meta.model_name}:{row.pk + 1_000_000}"
        sentence = f"有 1 条记录，数据库里却没有 {address} 这一行：它被删除了，或记录是凭空加的。"
        assert found_in(row, insert_a_chain_nobody_holds) == Finding(address, sentence)


def test_an_event_added_on_a_sealed_day_is_still_named_after_the_next_seal_has_taken_it_in(rows: list[Chained]) -> None:
    row = rows[5]
    with superuser():
        insert_on_a_sealed_day(row)
    added = row.chain_seq
    record(row, "moved", moment(4, 17))
    with clock.at(moment(5, 0, 10)):
        seal()
        assert last_sealed(row).seq == added + 1
        assert verify().flaw == Finding(
            f"{row.address}#{added}",
            f"第 {added} 条记录写着 2026-11-03T01:00:00Z，却到 2026-11-05 才第一次被封存，是那一天封存之后补进来的。",
        )
