"""A superuser edits, forges or deletes what was sealed; `verify` names the seal, and an outsider's copy what the key hides."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from portal.ledger import keys
from portal.ledger.feeds import lines
from portal.ledger.models import Chained, Event, Seal, SealedHead, Witnessed
from portal.ledger.sealing import seal
from portal.ledger.verification import Finding, verify

from .life import moment, rechain, superuser

pytestmark = pytest.mark.usefixtures("noon")

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
        Event.objects.filter(address=row.address, seq=2).update(who="person:9999")
        rechain(row)
    seal()
    assert verify().sound
    assert verify(saved=saved).flaw == Finding(
        "seal:2026-11-02", "2026-11-02 的封存与外部保存的副本不同：它在公布之后被重新做过。"
    )
