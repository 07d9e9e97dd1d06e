"""A superuser with every trigger off changes, removes or invents something; `verify` finds it and names the first bad row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from portal import clock
from portal.ledger import keys
from portal.ledger.feeds import lines
from portal.ledger.models import Chained, Event, Seal, SealedHead, Witnessed
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
    change(row, 2, facts=event.facts | {"unit": 99})


def edit_an_actor(row: Chained) -> None:
    change(row, 1, who="person:99")


def edit_a_time(row: Chained) -> None:
    change(row, 3, at=F("at") + timedelta(seconds=1))


def edit_and_rehash_one(row: Chained) -> None:
    event = events(row).get(seq=2)
    event.who = "person:99"
    change(row, 2, who=event.who, digest=event.expected())


def edit_and_rehash_the_last(row: Chained) -> None:
    event = events(row).get(seq=row.chain_seq)
    event.who = "person:99"
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
    change(row, 2, who="person:99")
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
    for row in rows:
        assert str(found_in(row, repeat_one)) in (
            f"{row.address}#3：第 3 条记录重复出现，有一条是插进来的。",
            f"{row.address}#3：第 3 条记录的内容与它的摘要不符，被改动过。",  # when the forged one is read first
        )


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


SEAL_COLUMNS = {
    "before": "1" * 64,
    "count": F("count") + 1,
    "events": F("events") + 1,
    "root": "1" * 64,
    "made_at": F("made_at") + timedelta(seconds=1),
    "digest": "1" * 64,
}


@pytest.mark.parametrize("column", SEAL_COLUMNS)
@pytest.mark.parametrize("day", [0, 1, 2])
def test_an_edited_seal_is_named(column: str, day: int) -> None:
    victim = Seal.objects.order_by("day")[day]
    with superuser():
        Seal.objects.filter(pk=victim.pk).update(**{column: SEAL_COLUMNS[column]})
    assert verify().flaw == Finding(f"seal:{victim.day}", f"{victim.day} 的封存内容与它的摘要不符，被改动过。")


@pytest.mark.parametrize("day", [0, 1, 2])
def test_an_edited_seal_with_a_new_digest_fails_its_signature(day: int) -> None:
    victim = Seal.objects.order_by("day")[day]
    with superuser():
        victim.root = "1" * 64
        Seal.objects.filter(pk=victim.pk).update(root=victim.root, digest=victim.expected())
    assert verify().flaw == Finding(f"seal:{victim.day}", f"{victim.day} 的封存签名无效，被改动过。")


def test_a_seal_signed_with_another_key_is_named(settings: Any) -> None:
    victim = Seal.objects.order_by("day")[1]
    settings.SEAL_KEY, ours = keys.generate(), settings.SEAL_KEY
    with superuser():
        victim.public_key = keys.own()
        victim.signature = keys.sign(victim.body)
        Seal.objects.filter(pk=victim.pk).update(
            public_key=victim.public_key, digest=victim.expected(), signature=victim.signature
        )
    settings.SEAL_KEY = ours
    key = keys.fingerprint(victim.public_key)
    assert verify().flaw == Finding(f"seal:{victim.day}", f"{victim.day} 的封存是用我们不认识的密钥（{key}）签的。")


@pytest.mark.parametrize(
    ("gone", "row", "sentence"),
    [
        (0, "seal:2026-11-03", "2026-11-03 的封存接不上它之前的封存：有封存被删除或换过。"),
        (1, "seal:2026-11-03", "2026-11-03 的封存不见了，而它之后的 2026-11-04 已封存。"),
    ],
)
@pytest.mark.parametrize("with_heads", [False, True])
def test_a_deleted_seal_is_named_by_its_neighbours(gone: int, row: str, sentence: str, with_heads: bool) -> None:
    delete_seal(Seal.objects.order_by("day")[gone], with_heads)
    assert verify().flaw == Finding(row, sentence)


def test_the_last_seal_deleted_is_named_by_the_heads_it_leaves() -> None:
    victim = Seal.objects.order_by("day")[2]
    delete_seal(victim, with_heads=False)
    assert verify().flaw == Finding(f"seal#{victim.pk}", f"第 {victim.pk} 号封存不见了，它封存的链头还在。")


def test_the_last_seal_deleted_with_its_heads_is_named_by_the_calendar_and_by_an_outsider() -> None:
    saved = list(lines())
    delete_seal(Seal.objects.order_by("day")[2], with_heads=True)
    assert verify().flaw == Finding(
        "seal:2026-11-04",
        "2026-11-04 早该封存却没有：封存被删除了，或封存任务没有运行。请先与外部保存的副本核对。",
    )
    assert verify(saved=saved).flaw == Finding("seal:2026-11-04", "2026-11-04 的封存不见了，外部副本里有它。")


def test_a_seal_deleted_with_all_that_hangs_on_it_is_named_by_the_receipt_of_its_witness() -> None:
    victim = Seal.objects.order_by("day")[2]
    Witnessed.objects.create(seal=victim, witness="0" * 64, witnessed_at=moment(4))
    delete_seal(victim, with_heads=True)
    assert verify().flaw == Finding(f"seal#{victim.pk}", f"第 {victim.pk} 号封存不见了，它曾寄给过见证人。")


def delete_seal(victim: Seal, with_heads: bool) -> None:
    with superuser():
        if with_heads:
            SealedHead.objects.filter(seal=victim).delete()
        Seal.objects.filter(pk=victim.pk).delete()


@pytest.mark.parametrize("day", [0, 1, 2])
@pytest.mark.parametrize("how", ["edited", "deleted", "added", "moved to another seal"])
def test_a_sealed_head_tampered_with_is_named_by_its_seal(day: int, how: str) -> None:
    seals = list(Seal.objects.order_by("day"))
    victim, other = seals[day], seals[day - 1]
    head = SealedHead.objects.filter(seal=victim).order_by("address")[3]
    mine = SealedHead.objects.filter(address=head.address, seq=head.seq)
    with superuser():
        if how == "edited":
            mine.update(digest="1" * 64)
        elif how == "deleted":
            mine.delete()
        elif how == "added":
            SealedHead.objects.create(seal=victim, address=head.address, seq=head.seq + 50, digest="1" * 64)
        else:
            mine.update(seal=other)
    named = other if how == "moved to another seal" and day else victim
    now = SealedHead.objects.filter(seal=named).count()
    assert verify().flaw == Finding(
        f"seal:{named.day}",
        f"{named.day} 封存的 {named.count} 个链头被改动过（现有 {now} 个），与签过名的根不符。",
    )


def test_sealing_everything_again_with_the_key_deceives_all_but_an_outsider(rows: list[Chained]) -> None:
    saved = list(lines())
    row = rows[7]
    with superuser():
        Seal.objects.all().delete()
        SealedHead.objects.all().delete()
        change(row, 2, who="person:99")
        rechain(row)
    seal()
    assert verify().sound
    assert verify(saved=saved).flaw == Finding(
        "seal:2026-11-02", "2026-11-02 的封存与外部保存的副本不同：它在公布之后被重新做过。"
    )
