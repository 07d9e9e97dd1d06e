"""Deliverers killed with SIGKILL while the other side drops, delays, doubles and fails: nothing lost, nothing doubled."""

import os
import random
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection

from portal import clock
from portal.outbound.actions import queue
from portal.outbound.matters import MATTERS
from portal.outbound.models import Finding, Line, Reconciliation, Report, System
from portal.outbound.reconciling import reconcile
from repairs.models import Ticket
from tests.chaos.processes import PATIENCE
from tests.district import build_district

from . import receiver
from .conftest import KIND
from .receiver import SECRET, Receiver

pytestmark = pytest.mark.chaos
CASES = 60
WAYS = [receiver.down, receiver.lost_answer, receiver.slow, receiver.broken, receiver.gateway, receiver.twice]


@pytest.fixture
def due(transactional_db: None, other: Receiver) -> System:
    """Sixty cases with two reports each, which other connections see too."""
    school, at = build_district().school, clock.now()
    system = System.objects.create(
        unit=school, kind=KIND, code="yingji", name="应急", connector="signed_json", endpoint=other.url,
        sorts=["RP-03"], moments=["registered"], on=True, made_at=at,
    )  # fmt: skip
    for n in range(CASES):
        columns = {"unit": school, "unit_path": school.path, "opened_at": at, "moved_at": at}
        case = Ticket.objects.create(kind=KIND, number=f"BX-{n:03}", title=f"报修 {n}", state="accepted", **columns)
        line = Line.objects.create(system=system, case_id=case.pk, moved_at=at)
        for moment in ("registered", "closed_out"):
            queue(line, moment, case=case, matter=MATTERS[KIND])
    return system


def unreliable(handler: receiver.Handler) -> None:
    """Every other time something goes wrong."""
    way = random.choice(WAYS) if random.random() < 0.5 else None
    if way is None:
        handler.take()
    else:
        way(handler)


def test_three_deliverers_killed_at_random_lose_and_double_nothing(due: System, other: Receiver, settings: Any) -> None:
    other.books.behave = unreliable
    place = {"OUTBOUND_ORIGINS": other.origin, "OUTBOUND_SECRETS": f"yingji={SECRET}"}
    place |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "tests.portal.outbound.deliverer", connection.settings_dict["NAME"]]
    done = subprocess.run(command, cwd=conf.BASE_DIR, env=os.environ | place, timeout=2 * PATIENCE, check=False)
    assert done.returncode == 0
    assert set(Report.objects.values_list("state", flat=True)) == {"sent"}
    assert Report.objects.filter(attempts__gt=1).exists()
    keys = {f"msg_{key.hex}" for key in Report.objects.values_list("key", flat=True)}
    assert set(other.books.messages) == keys
    assert [record["seqs"] for record in other.books.records.values()] == [[1, 2]] * CASES
    receipts = dict(Line.objects.values_list("case__number", "receipt"))
    assert receipts == {number: record["receipt"] for number, record in other.books.records.items()}
    settings.OUTBOUND_ORIGINS, settings.OUTBOUND_SECRETS = [other.origin], {"yingji": SECRET}
    tomorrow = clock.now().astimezone(clock.SCHOOL_TIME) + timedelta(days=1)
    with clock.at(tomorrow.replace(hour=9)):  # nobody is asked before six
        reconcile()
    assert list(Finding.objects.all()) == []
    assert Reconciliation.objects.values_list("ours", "theirs").get() == (CASES, CASES)
