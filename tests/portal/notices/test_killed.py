"""Deliverers killed with SIGKILL: nothing is lost, and nothing is doubled but what was written and not yet marked."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from portal import clock
from portal.notices.delivery import LEASE, deliver
from portal.notices.models import Delivery, Notice
from portal.orgs.models import User
from tests.chaos.processes import PATIENCE

from .conftest import lines, only, say
from .deliverer import KILLS

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("db")]
SECOND = timedelta(seconds=1)


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database as other processes see it: nothing is rolled back."""
    with django_db_blocker.unblock():
        yield


def start(what: str, outbox: Path) -> subprocess.Popen[str]:
    """A deliverer in its own process, on this test's database and folder."""
    place = {"DATA_DIR": str(outbox.parent), "CHANNELS": "file", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "tests.portal.notices.deliverer", connection.settings_dict["NAME"], what]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | place, stdout=subprocess.PIPE, text=True)


def kill_while_sending(what: str, outbox: Path) -> None:
    process = start(what, outbox)
    assert process.stdout is not None
    assert process.stdout.readline() == "sending\n"
    process.kill()
    process.wait()
    process.stdout.close()


def test_killed_between_claim_and_sending_the_message_goes_when_the_lease_is_over(
    committed: list[User], outbox: Path
) -> None:
    say(committed[0], at=clock.now(), urgent=True)
    kill_while_sending("before", outbox)
    assert lines(outbox) == []
    held = only(committed[0])
    assert (held.state, held.attempts, held.sent_at) == ("waiting", 1, None)
    assert held.lease_until is not None
    assert timedelta() < held.lease_until - clock.now() <= LEASE
    assert deliver(now=held.lease_until - SECOND) == 0
    assert deliver(now=held.lease_until) == 1
    assert [line["to"] for line in lines(outbox)] == ["c0"]
    assert (only(committed[0]).state, only(committed[0]).attempts) == ("sent", 2)


def test_killed_between_sending_and_the_mark_the_message_goes_again_under_its_number(
    committed: list[User], outbox: Path
) -> None:
    say(committed[0], at=clock.now(), urgent=True)
    kill_while_sending("after", outbox)
    assert len(lines(outbox)) == 1
    held = only(committed[0])
    assert (held.state, held.lease_until is None) == ("waiting", False)
    assert deliver(now=held.lease_until) == 1
    assert [line["notice"] for line in lines(outbox)] == [held.notice_id] * 2


def test_three_deliverers_killed_at_random_lose_nothing(
    committed: list[User], outbox: Path, record_property: Callable[[str, object], None]
) -> None:
    due = 20 * KILLS // len(committed) * len(committed)
    for n in range(due // len(committed)):
        say(*committed, about=f"case:{n}", at=clock.now(), urgent=True)
    process = start("storm", outbox)
    process.communicate(timeout=2 * PATIENCE)
    assert process.returncode == 0
    written = Counter(line["notice"] for line in lines(outbox))
    again = written.total() - len(written)
    figures = {"kills": KILLS, "due": due, "done": len(written), "lost": due - len(written), "again": again}
    for name, figure in figures.items():
        record_property(name, figure)
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"sent": due}
    assert Delivery.objects.filter(attempts__gt=1).exists()  # the kills did interrupt some
    assert set(written) == set(Notice.objects.values_list("pk", flat=True))
    assert again <= KILLS  # a kill repeats at most the one message it interrupted
