"""Redis gone, PostgreSQL stopped at once: people work on, what was acknowledged is there, and the clock catches up."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, count
from threading import Event as Flag
from typing import Any

import pytest
from django.db import connection
from redis import Redis as Broker

from portal import clock
from portal.cases.models import AnsweredKey, Case, Deadline, Heartbeat, Words
from portal.hall.health import DEAD_AFTER
from portal.ledger.models import Event
from portal.notices.models import Notice
from repairs.models import Ticket
from tests.chaos.account import account_of, demand_sound_ledger, nothing_is_due, open_late
from tests.chaos.conftest import Measured
from tests.chaos.portal import FAILED, Browser, Portal, running_portal
from tests.chaos.sizes import SIZES
from tests.district import Cast, District, build_district, cast_of

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("one portal for all of these")]
SECONDS_TO_CATCH_UP = 120
PAGES = ("/", "/desk/", "/inbox/")
WRITERS = 4
BANNER = "时钟停了"


@pytest.fixture(scope="module")
def portal(django_db_blocker: Any) -> Iterator[Portal]:
    with django_db_blocker.unblock(), running_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def place(portal: Portal) -> District:
    return build_district()


@pytest.fixture(scope="module")
def cast(place: District) -> Cast:
    return cast_of(place)


def seconds_until(done: Callable[[], bool], limit: float) -> float:
    """How long it took; refused when it takes longer than `limit`."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < limit, f"not done within {limit} s"
        time.sleep(0.1)
    return time.monotonic() - began


# Redis


def come_empty(portal: Portal) -> None:
    portal.resume_redis()
    with Broker.from_url(portal.redis.url) as broker:
        broker.flushall()


def come_cut_off(portal: Portal) -> None:
    portal.line.cut()
    portal.resume_redis()


def come_anew(portal: Portal) -> None:
    portal.kill_redis()
    assert portal.health()[1]["redis"] == "down"
    portal.restart_redis()


# Redis says nothing for a while; this is how it comes back.
RETURNS: dict[str, Callable[[Portal], None]] = {
    "unchanged": Portal.resume_redis,
    "emptied": come_empty,
    "killed": come_anew,
    "cut off": come_cut_off,
}


@pytest.mark.parametrize("name", RETURNS)
def test_without_redis_people_work_on_and_the_clock_catches_up(
    name: str, portal: Portal, place: District, cast: Cast, measured: Measured
) -> None:
    seconds_until(lambda: portal.health()[0] == 200, SECONDS_TO_CATCH_UP)  # the worker is there and has swept
    portal.pause_redis()
    late = open_late(place, cast, SIZES.pending)
    steps = work_as_usual(portal, place, cast)
    demand_that_it_is_noticed(portal, cast)
    assert not nothing_is_due(clock.now())
    RETURNS[name](portal)
    caught_up = seconds_until(lambda: nothing_is_due(clock.now()), SECONDS_TO_CATCH_UP)
    seconds_until(lambda: portal.health()[0] == 200, SECONDS_TO_CATCH_UP)
    account = account_of(late, cast)
    measured(due=account.due.total(), done=account.fired.total(), lost=account.lost, doubled=account.doubled)
    measured(steps=steps, caught_up=round(caught_up, 1))
    assert portal.health()[1]["redis"] == "ok"
    assert (account.lost, account.doubled) == (0, 0)
    assert account.fired == account.written == account.due
    demand_sound_ledger()


def work_as_usual(portal: Portal, place: District, cast: Cast) -> int:
    """Pages open, a report is taken in and answered; how many steps were taken."""
    rita, dora = portal.browser(cast.rita), portal.browser(cast.dora)
    assert [who.get(path).status for who in (rita, dora) for path in PAGES] == [200] * 2 * len(PAGES)
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "灯不亮", "similar_seen": "*"}
    page = rita.post("/repairs/report/", said).to
    assert rita.get(page).status == 200
    assert rita.post(f"{page}comment/", {"words": "在窗边"}) == (302, "", page)
    assert dora.post(f"{page}accept/", {"reply": "马上来"}) == (302, "", page)
    ticket = Ticket.objects.get(number=page.split("/")[-2])
    verbs = Event.objects.filter(address=ticket.address).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["report", "comment", "accept"]
    return len(verbs)


def demand_that_it_is_noticed(portal: Portal, cast: Cast) -> None:
    """Redis is known to be down at once; that the clock stands, two minutes after its last beat."""
    ada, seen = portal.browser(cast.ada), {}
    for seconds in (DEAD_AFTER - 60, DEAD_AFTER + 1):
        Heartbeat.objects.update(at=clock.now() - timedelta(seconds=seconds))
        began = time.monotonic()
        status, body = portal.health()
        assert (body["database"], body["redis"]) == ("ok", "down")
        assert 0 <= body["clock_lag_seconds"] - seconds <= time.monotonic() - began + 1
        seen[seconds] = (status, BANNER in ada.get("/").text)
    assert seen == {DEAD_AFTER - 60: (200, False), DEAD_AFTER + 1: (503, True)}


# PostgreSQL


@dataclass
class Writer:
    """A reporter and a desk who press again, with the same key, until they are answered."""

    rita: Browser
    dora: Browser
    unit: int
    name: str
    over: Flag
    acknowledged: list[tuple[str, str]] = field(default_factory=list)  # the step and its words, each words once
    refused: Counter[int] = field(default_factory=Counter)

    def work(self) -> "Writer":
        for n in count():
            words = f"{self.name} 第 {n} 盏灯不亮"
            said = {"unit": self.unit, "topic": "RP-03", "words": words, "similar_seen": "*"}
            page = self._press(self.rita, "/repairs/report/", "report", words, said)
            self._press(self.rita, f"{page}comment/", "comment", f"{words}，在窗边", {"words": f"{words}，在窗边"})
            self._press(self.dora, f"{page}accept/", "accept", f"{words}，就来", {"reply": f"{words}，就来"})
            if self.over.is_set():
                break
        return self

    def _press(self, who: Browser, path: str, step: str, words: str, data: dict[str, Any]) -> str:
        """The address the answer leads to, however often it takes."""
        key = f"{self.name}-{len(self.acknowledged)}"
        while (answer := who.post(path, data | {"key": key})).status != 302:
            self.refused[answer.status] += 1
            time.sleep(0.05)
        self.acknowledged.append((step, words))
        return answer.to


def test_what_was_acknowledged_survives_a_database_stopped_at_once(
    portal: Portal, place: District, cast: Cast, measured: Measured
) -> None:
    assert setting("fsync") == setting("synchronous_commit") == "on"
    over, late = Flag(), open_late(place, cast, SIZES.pending // 4)
    rita, dora = portal.browser(cast.rita), portal.browser(cast.dora)
    writers = [
        Writer(Browser(portal.port, rita.session), Browser(portal.port, dora.session), place.room.pk, f"w{n}", over)
        for n in range(WRITERS)
    ]
    with ThreadPoolExecutor(WRITERS) as pool:
        working = [pool.submit(one.work) for one in writers]
        for _ in range(SIZES.database_stops):
            time.sleep(random.uniform(0.5, 1.5))
            portal.stop_database_at_once()
            assert portal.health() == (503, {"database": "down", "redis": "ok", "clock_lag_seconds": None})
            portal.postgres.start()
        time.sleep(0.5)
        over.set()
        for one in working:
            one.result()
    caught_up = seconds_until(lambda: nothing_is_due(clock.now()), SECONDS_TO_CATCH_UP)
    acknowledged = Counter(chain.from_iterable(one.acknowledged for one in writers))
    refused = sum((one.refused for one in writers), Counter())
    found = written_steps()
    lost, doubled = (acknowledged - found).total(), (found - acknowledged).total()
    account = account_of(late, cast)
    measured(kills=SIZES.database_stops, due=acknowledged.total(), done=found.total(), refused=refused.total())
    measured(lost=lost, doubled=doubled, caught_up=round(caught_up, 1))
    assert found == acknowledged
    assert account.fired == account.written == account.due
    assert (account.lost, account.doubled) == (0, 0)
    assert set(refused) <= {FAILED, 500, 503}
    assert refused.total() >= SIZES.database_stops  # the stops did interrupt people
    demand_no_half_case(cast)
    demand_sound_ledger()


def setting(name: str) -> str:
    """How the database server is set."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def written_steps() -> Counter[tuple[str, str]]:
    """Every step of the writers by the words beside it."""
    rows = Words.objects.filter(text__startswith="w").values_list("case", "seq", "text")
    verbs = {(event.address, event.seq): event.verb for event in Event.objects.filter(address__startswith="case:")}
    return Counter((verbs[f"case:{case}", seq], text) for case, seq, text in rows)


def demand_no_half_case(cast: Cast) -> None:
    """Each case has its chain, both clocks and its notice to the desk; each key its answer."""
    assert not AnsweredKey.objects.filter(answer=None).exists()
    cases = list(Case.objects.all())
    addresses = {case.address for case in cases}
    events = Counter(Event.objects.filter(address__in=addresses).values_list("address", flat=True))
    assert events == Counter({case.address: case.chain_seq for case in cases})
    clocks = Counter(Deadline.objects.values_list("case", "clock"))
    assert clocks == Counter((case.pk, clock) for case in cases for clock in ("respond", "resolve"))
    told = Counter(Notice.objects.filter(verb="report", to=cast.dora).values_list("about", flat=True))
    assert told == Counter(addresses)
