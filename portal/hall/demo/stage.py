"""Weeks lived act by act in the order of time, the clock sweeping, sealing and publishing as it would have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from heapq import heappop, heappush

from django.db import connection
from django.db.models import Max

from portal import clock
from portal.cases.models import Case
from portal.cases.sweep import sweep
from portal.clock import SCHOOL_TIME
from portal.ledger.sealing import seal
from portal.notices.actions import mark_read
from portal.notices.models import Notice
from portal.orgs.models import User
from portal.publications.running import publish_due

Story = Iterator[datetime]  # each moment it gives is when it goes on
FRIDAY = 5
NIGHT, EIGHT, EVENING = time(0, 6), time(8, 0), time(20, 10)
SWEEPER = timedelta(seconds=7)  # beat wakes the sweep every ten seconds
NEXT_DUE = """
select least(
        (select min(next_rung_at) from cases_deadline where done_at is null and paused_at is null and next_rung_at is not null),
        (select min(next_at) from cases_schedule where is_on)),
    (select min(named) from cases_case c join cases_deadline d on d.case_id = c.id
        where c.is_open and c.state = 'signed' and d.named > %s)
"""
UNREAD = timedelta(hours=8)  # what is younger in the evening, people have not read yet
LATELY = timedelta(days=8)  # before that nobody looks whether notices were read weeks ago or last week


@dataclass(order=True)
class Act:
    """A story that goes on at a moment; those of the same moment in the order they were put on."""

    moment: datetime
    number: int
    story: Story = field(compare=False)


class Stage:
    """Everything that happens between `starts` and `until`; what stories have planned for later does not happen."""

    def __init__(self, starts: datetime, until: datetime) -> None:
        self.starts, self.until = starts, until
        self.risen: list[Callable[[], None]] = []
        self._opened: list[tuple[frozenset[str], Callable[[], None]]] = []
        self.unheard: set[tuple[int, str]] = set()
        self._acts: list[Act] = []
        self._number = 0
        self._now = starts
        self._newest = 0
        self._tried = starts

    def when_opened(self, listener: Callable[[], None], *kinds: str) -> None:
        """Calls the listener after each sweep before which, or in which, cases of these kinds were opened."""
        self._opened.append((frozenset(kinds), listener))

    def add(self, moment: datetime, story: Story) -> None:
        """Puts a story on: its first act is at `moment`."""
        self._number += 1
        heappush(self._acts, Act(max(moment, self._now), self._number, story))

    def live(self) -> None:
        """Lives it all, to the last moment."""
        for at, chore in ((NIGHT, seal), (EIGHT, self._publish), (EVENING, self._evening)):
            self.add(self.starts, self._daily(at, chore))
        while self._sweep() or self._act():
            pass
        with clock.at(self.until):
            sweep()
            publish_due()

    def _daily(self, at: time, chore: Callable[[], object]) -> Story:
        day = self.starts.astimezone(SCHOOL_TIME).date()
        while True:
            day += timedelta(days=1)
            yield datetime.combine(day, at, SCHOOL_TIME)
            chore()

    def _act(self) -> bool:
        """Lets the story whose turn it is go on; nothing is left when the next would be in the future."""
        if self._acts[0].moment > self.until:
            return False
        act = heappop(self._acts)
        self._now = act.moment
        with clock.at(act.moment):
            following = next(act.story, None)
        if following is not None:
            self.add(max(following, act.moment + timedelta(seconds=1)), act.story)
        return True

    def _sweep(self) -> bool:
        """Sweeps if something falls due before the next act, as the clock would have within ten seconds."""
        case, issue = next_due(self._tried)
        due, next_act = min(filter(None, (case, issue)), default=None), min(self._acts[0].moment, self.until)
        if due is None or due > next_act:
            return False
        self._now = max(self._now, min(due + SWEEPER, next_act))
        with clock.at(self._now):
            if case is not None and case <= self._now:
                sweep()
            if issue is not None and issue <= self._now:
                self._publish()
            self._listen()
        return True

    def _listen(self) -> None:
        """Those who wait for what rises hear of it, and those who wait for cases of a kind, where there are new ones."""
        for listener in self.risen:
            listener()
        fresh = Case.objects.filter(pk__gt=self._newest).order_by("pk").values_list("pk", "kind")
        kinds = {kind for self._newest, kind in fresh}
        for wanted, listener in self._opened:
            if wanted & kinds:
                listener()

    def _publish(self) -> None:
        """What is signed and due goes out."""
        publish_due()
        self._tried = clock.now()

    def _evening(self) -> None:
        """On the last Friday and on the last evening people have read what came up to noon."""
        left = self.until - clock.now()
        if left > timedelta(days=1) and (clock.today().isoweekday() != FRIDAY or left > LATELY):
            return
        old = Notice.objects.filter(read_at=None, at__lte=clock.now() - UNREAD)
        newest = dict(old.values_list("to").annotate(Max("id")).order_by())
        for person in User.objects.filter(pk__in=newest):
            mark_read(by=person, upto=newest[person.pk])


def next_due(tried: datetime) -> tuple[datetime | None, datetime | None]:
    """When the clock has something to do next: a rung, a step of its own or a case to open; and something to publish, but
    for what it `tried` already: what is signed later is out at once, and what was refused waits for its people."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, [tried])
        due: tuple[datetime | None, datetime | None] = cursor.fetchone()
    return due
