"""What `verify` counts, whom it disturbs, what other rooms add to it, and how it speaks on the command line."""

import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal import clock
from portal.ledger import verification
from portal.ledger.feeds import lines
from portal.ledger.models import Chained, Event, Seal
from portal.ledger.sealing import seal
from portal.ledger.verification import Checked, Finding, Proof, prove, verify

from .life import holders, live, moment, record, superuser


def others() -> dict[str, int]:
    """Checks that other rooms have registered, which find nothing of theirs here."""
    return dict.fromkeys(verification._checks, 0)


def test_a_sound_ledger_is_counted(noon: None, rows: list[Chained]) -> None:
    saved = list(lines())
    seals = list(Seal.objects.order_by("day"))
    expected = Proof(None, Event.objects.count(), len(rows), 3, seals[-1].day, others())
    assert verify() == expected
    assert verify(saved=saved) == expected
    assert verify(saved=saved[:1]) == expected


def test_rows_on_which_nothing_was_recorded_are_sound(db: None) -> None:
    holders(5)
    assert verify() == Proof(None, 0, 0, 0, None, others())


def test_days_left_unsealed_are_named_by_noon_of_the_next_unless_nobody_asks(db: None) -> None:
    (row, *_) = holders(3)
    record(row, "moved", moment(1))
    with clock.at(moment(2, 12)):
        assert verify().sound
    with clock.at(moment(2, 12, 1)):
        assert verify().flaw == Finding(
            "seal:2026-11-02",
            "2026-11-02 早该封存却没有：封存被删除了，或封存任务没有运行。请先与外部保存的副本核对。",
        )
        assert verify(overdue=False).sound
        with superuser(), transaction.atomic():
            Event.objects.update(who="person:9999")
            assert str(verify().flaw) == f"{row.address}#1：第 1 条记录的内容与它的摘要不符，被改动过。"
            transaction.set_rollback(True)
        seal()
        assert verify().sound


def test_a_child_of_a_chained_model_writes_to_its_parents_chain_and_is_no_second_holder() -> None:
    kinds = [one.kind for one in verification.holders()]
    assert "case" in kinds
    assert "ticket" not in kinds
    assert kinds == sorted(set(kinds))


@pytest.fixture
def check() -> Iterator[list[Checked]]:
    """A room's check whose answer the test sets."""
    answer = [Checked(7)]
    prove("副本", lambda: answer[0])
    yield answer
    del verification._checks["副本"]


def test_another_room_adds_a_check_of_its_own(noon: None, check: list[Checked]) -> None:
    assert verify().others["副本"] == 7
    check[0] = Checked(3, Finding("copy:3", "第 3 份不见了。"))
    proof = verify()
    assert (proof.flaw, proof.others["副本"]) == (Finding("copy:3", "第 3 份不见了。"), 3)


def test_two_checks_cannot_share_a_name(check: list[Checked]) -> None:
    with pytest.raises(RuntimeError, match="two checks are called 副本"):
        prove("副本", lambda: Checked(0))


def told(*arguments: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("verify", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def copy(noon: None, tmp_path: Path) -> Path:
    """An outsider's file."""
    file = tmp_path / "seals.jsonl"
    with file.open("w", encoding="utf-8") as out:
        call_command("seals", stdout=out)
    return file


def test_the_command_prints_counts_when_all_is_well(copy: Path, rows: list[Chained]) -> None:
    events = Event.objects.count()
    rest = "".join(f"、0 {name}" for name in sorted(verification._checks))
    sentence = f"已核对 {events} 条记录、{len(rows)} 条链、3 次封存（至 2026-11-04）{rest}：首尾相接，未被改动。\n"
    assert told() == sentence
    assert told("--seals", str(copy)) == sentence


def test_the_command_fails_with_the_first_bad_row_in_one_sentence(copy: Path, rows: list[Chained]) -> None:
    with superuser():
        Event.objects.filter(address=rows[3].address, seq=2).update(who="person:9999")
    with pytest.raises(CommandError) as failed:
        told()
    assert (failed.value.returncode, str(failed.value)) == (
        1,
        f"{rows[3].address}#2：第 2 条记录的内容与它的摘要不符，被改动过。",
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda text: text.replace('"count": ', '"count": 1', 1), "副本的第 1 行不是一份完整的封存，请换一份副本。"),
        (lambda text: text + "not JSON\n", "副本的第 4 行不是一份完整的封存，请换一份副本。"),
        (lambda text: text + "{}\n", "副本的第 4 行不是一份完整的封存，请换一份副本。"),
        (lambda text: text + "[1]\n", "副本的第 4 行不是一份完整的封存，请换一份副本。"),
        (lambda text: "\n\n", "副本里没有任何封存。"),
    ],
)
def test_a_file_that_is_no_copy_of_seals_is_refused_with_its_line(copy: Path, spoil: Any, sentence: str) -> None:
    copy.write_text(spoil(copy.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(CommandError) as failed:
        told("--seals", str(copy))
    assert (failed.value.returncode, str(failed.value)) == (2, sentence)


@pytest.mark.django_db(transaction=True)
def test_work_going_on_meanwhile_is_no_false_alarm_in_one_process_or_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WORTH_A_PROCESS", 1)
    rows = holders(12)
    live(rows, days=2)
    stop, written = Signal(), []

    def work() -> None:
        try:
            while not stop.is_set():
                for row in rows:
                    with transaction.atomic():
                        written.append(record(row, "moved", moment(3, 17)))
        finally:
            connection.close()

    worker = Thread(target=work)
    worker.start()
    try:
        with clock.at(moment(3, 18)):
            proofs = [verify(processes=processes) for processes in (1, 2, 1, 3)]
    finally:
        stop.set()
        worker.join()
    assert [proof.flaw for proof in proofs] == [None] * 4
    assert [proof.chains for proof in proofs] == [12] * 4
    assert proofs[0].events < proofs[-1].events <= Event.objects.count()
    assert written


@pytest.mark.django_db(transaction=True)
def test_two_processes_find_what_one_finds_wherever_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WORTH_A_PROCESS", 1)
    rows = holders(12)
    live(rows, days=1)
    assert len(verification._bounds(2)) == 1
    with clock.at(moment(2, 18)):
        for row in (rows[11], rows[0]):  # the later first, so that at the end both parts have one to report
            with superuser():
                Event.objects.filter(address=row.address, seq=2).update(who="person:9999")
            expected = Finding(f"{row.address}#2", "第 2 条记录的内容与它的摘要不符，被改动过。")
            assert verify(processes=1).flaw == verify(processes=2).flaw == expected
