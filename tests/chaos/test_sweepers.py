"""Three sweepers at once, killed with SIGKILL while people work on the same cases: nothing is lost, nothing happens twice."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from portal import clock
from portal.cases.actions import move
from portal.cases.models import CaseNumber, Deadline, Schedule
from portal.cases.schedules import plan
from portal.errors import Refused
from portal.ledger.models import Event
from portal.orgs.models import User
from repairs.models import Ticket
from tests.chaos.account import Late, account_of, deadlocks, demand_sound_ledger, nothing_is_due, open_late
from tests.chaos.conftest import Measured
from tests.chaos.processes import Toll
from tests.chaos.sizes import SIZES
from tests.district import Cast, District
from tests.repairs.test_loop import to_finished

pytestmark = pytest.mark.chaos
LONG_AGO = timedelta(days=120)  # more than three school days in any part of the year
PEOPLE = 2
Job = tuple[Ticket, str, User, dict[str, Any]]


class Sweepers:
    """The process in which three sweepers live and die."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.toll = Toll()

    def storm(self, kills: int) -> None:
        assert self.process.stdin and self.process.stdout
        print(kills, file=self.process.stdin, flush=True)
        toll = json.loads(self.process.stdout.readline())
        self.toll.kills += toll["kills"]
        self.toll.inside += toll["inside"]
        self.toll.crashed += toll["crashed"]


@contextmanager
def sweepers(module: str = "tests.chaos.sweeper") -> Iterator[Sweepers]:
    command = [sys.executable, "-m", module, connection.settings_dict["NAME"]]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Sweepers(process)


def jobs_on(late: list[Late], finished: list[Ticket], cast: Cast) -> list[Job]:
    """What people do to these cases in a random order: words on each, and on most a step that meets its clocks."""
    steps: list[tuple[str, User, dict[str, Any]]] = [
        ("accept", cast.dora, {"reply": "马上来"}),
        ("reclassify", cast.dora, {"topic": "RP-01", "priority": 2, "reason": "是水管"}),
        ("acknowledge", cast.lin, {}),
        ("nudge", cast.hu, {"words": "请尽快"}),
    ]
    jobs: list[Job] = [(one.ticket, "comment", cast.rita, {"words": "还没有人来"}) for one in late]
    jobs += [(one.ticket, *steps[n % 5]) for n, one in enumerate(late) if n % 5 < len(steps)]
    jobs += [(ticket, "confirm", cast.rita, {"speed": 5, "quality": 5}) for ticket in finished]
    random.shuffle(jobs)
    return jobs


def work(jobs: list[Job]) -> Counter[tuple[str, str]]:
    """Takes these steps; what was not refused must be found in the ledger afterwards."""
    done: Counter[tuple[str, str]] = Counter()
    try:
        for ticket, name, person, data in jobs:
            try:
                move(ticket, name, by=person, data=data)
            except Refused:
                continue
            done[ticket.address, name] += 1
    finally:
        connection.close()
    return done


def long_finished(place: District, cast: Cast, count: int) -> list[Ticket]:
    """Repairs whose reporter has said nothing for months."""
    with clock.at(clock.now() - LONG_AGO):
        return [to_finished(place, cast) for _ in range(count)]


def plan_daily(place: District, cast: Cast, count: int, name: str) -> list[Schedule]:
    """Obligations of both schools, due some time since yesterday in any order."""
    with clock.at(clock.now() - timedelta(days=1)):
        return [
            plan(
                kind="repairs.ticket",
                unit=(place.room, place.far_room)[n % 2],
                title=f"{name} {n}",
                rule={"every": "day", "time": f"{random.randrange(24)}:{random.randrange(60):02d}"},
                data={"topic": "RP-15", "words": "更换滤芯"},
                by=cast.ada,
            )
            for n in range(count)
        ]


def test_three_sweepers_killed_at_random_do_everything_once(place: District, cast: Cast, measured: Measured) -> None:
    late: list[Late] = []
    finished: list[Ticket] = []
    planned: list[Schedule] = []
    done: Counter[tuple[str, str]] = Counter()
    broken_up = deadlocks()
    with sweepers() as crew, ThreadPoolExecutor(PEOPLE) as people:
        for n in range(SIZES.rounds):
            late += (fresh := open_late(place, cast, SIZES.cases))
            finished += (silent := long_finished(place, cast, SIZES.finished))
            planned += plan_daily(place, cast, SIZES.schedules, f"第 {n} 轮")
            jobs = jobs_on(fresh, silent[: len(silent) // 2], cast)
            working = [people.submit(work, jobs[part::PEOPLE]) for part in range(PEOPLE)]
            crew.storm(SIZES.kills)
            for one in working:
                done += one.result()
            crew.storm(0)  # what people have made due after the storm
    account = account_of(late, cast)
    measured(kills=crew.toll.kills, inside=crew.toll.inside, due=account.due.total(), done=account.fired.total())
    measured(lost=account.lost, doubled=account.doubled, steps=done.total())
    assert (account.lost, account.doubled) == (0, 0)
    assert account.fired == account.written == account.due
    assert crew.toll.crashed == 0
    assert (crew.toll.kills, crew.toll.inside >= crew.toll.kills / 3) == (SIZES.rounds * SIZES.kills, True)
    assert nothing_is_due(clock.now())
    demand_closed_once(finished, done)
    demand_opened_once(planned)
    demand_every_step(late, done)
    demand_sound_ledger()
    assert deadlocks() == broken_up


def demand_closed_once(finished: list[Ticket], done: Counter[tuple[str, str]]) -> None:
    """Each was closed by its reporter or by the clock, by one of them and once."""
    for ticket in finished:
        ended = Event.objects.filter(address=ticket.address, verb__in=("confirm", "close_unreviewed"))
        state = "closed" if done[ticket.address, "confirm"] else "unreviewed"
        verb = {"closed": "confirm", "unreviewed": "close_unreviewed"}[state]
        assert list(ended.values_list("verb", flat=True)) == [verb]
        fresh = Ticket.objects.get(pk=ticket.pk)
        assert (fresh.state, fresh.is_open, fresh.due_at) == (state, False, None)
        assert not Deadline.objects.filter(case=ticket, done_at=None).exists()


def demand_opened_once(planned: list[Schedule]) -> None:
    """Each obligation has its one case, and no number was given twice or left out."""
    for schedule in planned:
        assert Event.objects.filter(address=schedule.address, verb="opened").count() == 1
        assert Schedule.objects.get(pk=schedule.pk).next_at > clock.now()
    assert Ticket.objects.filter(opener=None).count() == len(planned)
    for counter in CaseNumber.objects.all():
        numbers = Ticket.objects.filter(unit__school=counter.school, number__contains=f"-{counter.year}-")
        last = [int(number.rpartition("-")[2]) for number in numbers.values_list("number", flat=True)]
        assert sorted(last) == list(range(1, counter.last + 1))


def demand_every_step(late: list[Late], done: Counter[tuple[str, str]]) -> None:
    """Every step that was not refused stands in the ledger once, and no other."""
    addresses = {one.ticket.address for one in late}
    steps = Counter({key: count for key, count in done.items() if key[0] in addresses})
    events = Event.objects.filter(address__in=addresses).exclude(verb__in=("report", "escalated"))
    assert Counter(events.values_list("address", "verb")) == steps
