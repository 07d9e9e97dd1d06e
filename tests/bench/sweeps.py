"""The clock's side: an idle sweep with few and with very many open deadlines, and a sweep with a thousand due."""

from collections.abc import Callable

from django.db import connection, transaction

from portal.cases.models import Deadline
from portal.cases.sweep import sweep

from .caller import Answer, timed
from .copying import settle, unhurried
from .limit import Limit
from .scenarios import Scenario, Target

DUE = 1000
IDLE = "sweep, nothing due"
# The second rung of clocks whose time has just run out, counted anew: the head of logistics hears of it.
MARK = """update cases_deadline set due_at = now() - interval '1 minute', next_rung_at = now() - interval '1 minute', rung = 1, round = round + 1
where id in (select id from cases_deadline where done_at is null and paused_at is null and clock = 'resolve' order by round, md5(id::text) limit %s)"""
MANY = """insert into cases_deadline (case_id, clock, started_at, amount, extra, measure, stood, due_at, provisional, round, rung, next_rung_at)
select c.id, 'resolve', now(), 48, 0, 'wall', '[]', now() + interval '48 hours', false, 1, 0, now() + interval '1 hour' + interval '1 second' * (c.id %% 100000)
from cases_case c where not exists (select from cases_deadline d where d.case_id = c.id and d.clock = 'resolve' and d.done_at is null)
order by c.id limit greatest(0, %s - (select count(*) from cases_deadline where done_at is null))"""


def idle(limit: Limit) -> Scenario:
    """Nothing is due."""
    waiting = Deadline.objects.filter(done_at=None).count()
    return Scenario(IDLE, f"{waiting:,} open clocks", Target(), _portal, lambda: _limit(limit), _same(0))


def due(limit: Limit, *, many: int = DUE) -> Scenario:
    """So many rungs are due, each side its own."""

    def marked(run: Callable[[], Answer]) -> Answer:
        with connection.cursor() as cursor:
            cursor.execute(MARK, [many])
        return run()

    what = f"sweep, {many:,} due"
    return Scenario(
        what, "clock", Target(ratio=3), lambda: marked(_portal), lambda: marked(lambda: _limit(limit)), _same(many)
    )


def open_many(upto: int) -> None:
    """So many open deadlines as no district has; they stand on closed cases, which the sweep would see only when due."""
    with transaction.atomic(), unhurried(), connection.cursor() as cursor:
        cursor.execute(MANY, [upto])
    settle()


def _portal() -> Answer:
    ms, fired = timed(sweep)
    return Answer(200, (), str(fired).encode(), ms)


def _limit(limit: Limit) -> Answer:
    def all_due() -> int:
        fired = 0
        while batch := limit.sweep():
            fired += batch
        return fired

    ms, fired = timed(all_due)
    return Answer(200, (), str(fired).encode(), ms)


def _same(due: int) -> Callable[[Answer, Answer], int]:
    def same(portal: Answer, limit: Answer) -> int:
        assert (portal.text, limit.text) == (str(due), str(due)), (portal.text, limit.text)
        return due

    return same
