"""Delivery: leases, attempts, dead letters; marked as sent only after it was."""

from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from portal import clock
from portal.notices.channels.file import File
from portal.notices.delivery import ATTEMPTS, LEASE, OUTBOX, PACE, deliver
from portal.notices.models import Delivery, Notice
from portal.notices.tasks import deliver as deliver_task
from portal.orgs.models import User
from portal.outbox import free

from .conftest import NOON, lines, only, say

MINUTE = timedelta(minutes=1)


def break_disk(settings: Any, tmp_path: Path) -> None:
    """From now on the file channel cannot write: its folder is a file."""
    (tmp_path / "full").write_text("")
    settings.DATA_DIR = tmp_path / "full"


def test_a_due_message_is_written_and_then_marked_as_sent(rita: User, outbox: Path) -> None:
    say(rita)
    assert deliver(now=NOON + MINUTE) == 1
    assert lines(outbox) == [
        {
            "notice": Notice.objects.get().pk,
            "to": "rita",
            "about": "case:17",
            "verb": "dispatch",
            "title": "东教学楼一层男厕下水堵塞，已派给您。",
            "body": "请在今天 14:00 前到场。",
            "link": "http://localhost:8000/repairs/BX-LX01-2026-00017",
            "at": "2026-11-19T04:00:00+00:00",
        }
    ]
    sent = only(rita)
    assert (sent.state, sent.attempts, sent.sent_at, sent.lease) == ("sent", 1, NOON + MINUTE, None)


def test_what_is_sent_is_not_sent_again(rita: User, outbox: Path) -> None:
    say(rita)
    assert [deliver(now=NOON), deliver(now=NOON), deliver(now=NOON + timedelta(days=1))] == [1, 0, 0]
    assert len(lines(outbox)) == 1


def test_what_is_not_due_waits(rita: User, outbox: Path) -> None:
    say(rita)
    assert deliver(now=NOON - MINUTE) == 0
    assert lines(outbox) == []


def test_at_night_only_what_is_urgent_goes_even_if_the_evening_was_missed(rita: User, will: User, outbox: Path) -> None:
    evening = NOON.replace(hour=20, minute=59)
    say(rita, at=evening)
    say(will, at=evening, urgent=True)
    assert deliver(now=evening + 2 * MINUTE) == 1
    assert [line["to"] for line in lines(outbox)] == ["will"]
    assert deliver(now=NOON.replace(day=20, hour=7)) == 1
    assert [line["to"] for line in lines(outbox)] == ["will", "rita"]


def test_urgent_messages_overtake_those_that_wait_longer(crowd: list[User], rita: User, outbox: Path) -> None:
    say(*crowd)
    say(rita, at=NOON + MINUTE, urgent=True)
    assert deliver(1, now=NOON + 2 * MINUTE) == 1
    assert [line["to"] for line in lines(outbox)] == ["rita"]


def test_the_limit_holds_across_batches(crowd: list[User], outbox: Path) -> None:
    say(*crowd)
    assert deliver(45, now=NOON) == 45
    assert deliver(now=NOON) == 5
    assert sorted(line["to"] for line in lines(outbox)) == sorted(person.username for person in crowd)


def test_a_failure_waits_longer_each_time_and_is_sent_when_it_can_be(
    rita: User, outbox: Path, settings: Any, tmp_path: Path
) -> None:
    say(rita)
    break_disk(settings, tmp_path)
    assert deliver(now=NOON) == 0
    failed = only(rita)
    assert (failed.state, failed.attempts, failed.error, failed.lease) == ("waiting", 1, "FileExistsError", None)
    assert NOON + MINUTE <= failed.next_at <= NOON + 1.2 * MINUTE
    assert deliver(now=NOON + 0.9 * MINUTE) == 0
    assert only(rita).attempts == 1
    settings.DATA_DIR = tmp_path
    assert deliver(now=NOON + 2 * MINUTE) == 1
    assert (only(rita).state, only(rita).attempts, only(rita).error) == ("sent", 2, "")


def test_waits_double_from_one_minute_to_six_hours() -> None:
    for attempts, least in enumerate([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], start=1):
        waits = [PACE.wait(attempts) for _ in range(50)]
        assert min(waits) >= least * MINUTE
        assert max(waits) <= 1.2 * least * MINUTE
        assert len(set(waits)) > 1  # by chance, so that a thousand failures do not return together


def test_a_failure_in_the_evening_is_tried_in_the_morning_unless_urgent(
    rita: User, will: User, outbox: Path, settings: Any, tmp_path: Path
) -> None:
    evening = NOON.replace(hour=20, minute=59, second=30)
    say(rita, at=evening)
    say(will, at=evening, urgent=True)
    break_disk(settings, tmp_path)
    deliver(now=evening)
    assert only(rita).next_at == NOON.replace(day=20, hour=7)
    assert evening + MINUTE <= only(will).next_at <= evening + 1.2 * MINUTE


def test_after_its_last_attempt_a_message_is_a_dead_letter(
    rita: User, outbox: Path, settings: Any, tmp_path: Path
) -> None:
    say(rita, urgent=True)
    break_disk(settings, tmp_path)
    moment = NOON
    for _ in range(ATTEMPTS - 1):
        deliver(now=moment)
        moment = only(rita).next_at
    assert (only(rita).state, only(rita).attempts) == ("waiting", ATTEMPTS - 1)
    deliver(now=moment)
    dead = only(rita)
    assert (dead.state, dead.attempts, dead.error, dead.lease) == ("dead", ATTEMPTS, "FileExistsError", None)
    settings.DATA_DIR = tmp_path
    assert deliver(now=moment + timedelta(days=9)) == 0
    assert timedelta(hours=18) < moment - NOON < timedelta(hours=24)


def test_a_message_at_which_every_sender_died_is_a_dead_letter(rita: User, outbox: Path) -> None:
    say(rita)
    Delivery.objects.update(attempts=ATTEMPTS, lease=uuid4(), lease_until=NOON + LEASE)
    assert deliver(now=NOON + MINUTE) == 0
    assert only(rita).state == "waiting"  # the last sender may still be alive
    assert deliver(now=NOON + LEASE) == 0
    assert (only(rita).state, only(rita).error) == ("dead", "sender_died")
    assert lines(outbox) == []


def test_a_held_lease_keeps_others_away_and_a_spent_one_does_not(rita: User, outbox: Path) -> None:
    say(rita)
    claimed = OUTBOX.claim(20, uuid4(), NOON)  # and then its holder dies
    assert [one.pk for one in claimed] == [only(rita).pk]
    assert deliver(now=NOON + LEASE - MINUTE) == 0
    assert deliver(now=NOON + LEASE) == 1
    assert only(rita).attempts == 1


def test_who_lost_the_lease_neither_sends_nor_marks(rita: User, outbox: Path) -> None:
    say(rita)
    late, other = uuid4(), uuid4()
    (mine,) = OUTBOX.claim(20, late, NOON)
    (theirs,) = OUTBOX.claim(20, other, NOON + LEASE)
    assert OUTBOX.hand_over(mine, late, lambda: NOON + LEASE) is False
    assert (lines(outbox), only(rita).attempts, only(rita).lease) == ([], 0, other)
    assert OUTBOX.hand_over(theirs, other, lambda: NOON + LEASE) is True
    assert OUTBOX.hand_over(mine, late, lambda: NOON + LEASE) is False
    assert (len(lines(outbox)), only(rita).attempts, only(rita).state) == (1, 1, "sent")


def test_who_was_too_slow_does_not_mark_what_another_holds_now(
    rita: User, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(rita)
    other = uuid4()

    def overtaken(channel: File, person: User, notice: Notice) -> None:
        assert len(OUTBOX.claim(20, other, NOON + LEASE)) == 1

    monkeypatch.setattr(File, "send", overtaken)
    assert deliver(now=NOON) == 0
    assert (only(rita).state, only(rita).lease) == ("waiting", other)


def test_a_lease_is_renewed_before_each_message_of_a_slow_batch(
    rita: User, will: User, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(rita, will)
    moments, held = [NOON], []

    def slow(channel: File, person: User, notice: Notice) -> None:
        moments[0] += LEASE - MINUTE / 2  # two of these outlast a lease that began at the claim
        held.append(only(person).lease_until - moments[0])

    monkeypatch.setattr(File, "send", slow)
    monkeypatch.setattr(clock, "now", lambda: moments[0])
    assert deliver() == 2
    assert held == [MINUTE / 2, MINUTE / 2]


def test_nothing_is_sent_inside_a_transaction(rita: User, outbox: Path) -> None:
    say(rita)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver(now=NOON)
    assert lines(outbox) == []


def test_a_refusal_for_good_is_a_dead_letter_at_once(rita: User, outbox: Path, settings: Any) -> None:
    say(rita)
    settings.CHANNELS = []
    assert deliver(now=NOON) == 0
    assert (only(rita).state, only(rita).attempts, only(rita).error) == ("dead", 1, "channel_off")


def test_who_left_in_the_meantime_gets_nothing_more(rita: User, outbox: Path) -> None:
    say(rita)
    User.objects.update(is_active=False)
    deliver(now=NOON)
    assert (only(rita).state, only(rita).error) == ("dead", "person_left")


def test_whose_address_was_removed_gets_nothing(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email"]
    say(rita)
    User.objects.update(email="")
    deliver(now=NOON)
    assert (only(rita).state, only(rita).error) == ("dead", "no_address")
    assert mail.outbox == []


def test_the_task_and_the_command_are_the_same_pass(rita: User, will: User, outbox: Path, capsys: Any) -> None:
    with clock.at(NOON):
        say(rita)
        deliver_task()
        deliver_task()
        say(will)
        call_command("deliver")
        call_command("deliver")
    assert capsys.readouterr().out == "1 sent\n0 sent\n"
    assert [line["to"] for line in lines(outbox)] == ["rita", "will"]


def test_claiming_reads_only_what_waits(rita: User, outbox: Path) -> None:
    say(rita)
    due = Delivery.objects.filter(free(NOON), state="waiting", next_at__lte=NOON).order_by("-urgent")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        assert "delivery_waiting" in due.explain()


def test_a_deliverer_steps_around_rows_in_anothers_hands(committed: list[User], outbox: Path) -> None:
    say(*committed)
    locked, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            list(Delivery.objects.select_for_update().order_by("id")[:20])
            locked.set()
            done.wait(20)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert locked.wait(20)
    assert deliver(now=NOON) == 30
    done.set()
    holder.join()
    assert deliver(now=NOON) == 20


def test_three_deliverers_at_once_send_each_message_once(committed: list[User], outbox: Path) -> None:
    for n in range(3):
        say(*committed, about=f"case:{n}")
    sent: list[int] = []

    def work() -> None:
        try:
            sent.append(deliver(now=NOON))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 150
    assert sum(1 for number in sent if number) > 1  # they really shared the work
    assert sorted(line["notice"] for line in lines(outbox)) == sorted(Notice.objects.values_list("pk", flat=True))
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
