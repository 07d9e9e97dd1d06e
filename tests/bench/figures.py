"""A county's dashboard: sums by school from the roll-ups and what is open this moment, beside plain SQL and beside counting everything."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from portal import clock
from portal.orgs.models import Unit, User
from portal.rollups import asking
from portal.rollups.book import Chapter
from portal.rollups.periods import Almanac, Period
from repairs.figures import CHAPTER

from .caller import Answer, ask, timed
from .limit import Limit
from .scenarios import Bench, Scenario, Target

ROLLED = """insert into rollups_daily (tally, topic, unit_id, unit_path, day, bin, n, amount)
select t.tally, coalesce(c.topic, ''), u.school_id, s.path, (case when t.opened then c.opened_at else c.closed_at end at time zone 'Asia/Shanghai')::date,
    0, count(*), case when t.tally = 'repairs.rated' then 4 * count(*) else 0 end
from cases_case c join orgs_unit u on u.id = c.unit_id join orgs_unit s on s.id = u.school_id
cross join (values ('repairs.reported', true), ('repairs.finished', false), ('repairs.on_time', false), ('repairs.first_time', false),
    ('repairs.within_24h', false), ('repairs.closed', false), ('repairs.rated', false)) t(tally, opened)
where t.opened or c.state in ('closed', 'unreviewed')
group by grouping sets ((1, 3, 4, 5), (1, c.topic, 3, 4, 5))"""
PLACES = """insert into rollups_daily (tally, topic, unit_id, unit_path, day, bin, n, amount)
select 'repairs.place', coalesce(c.topic, ''), c.unit_id, c.unit_path, (c.opened_at at time zone 'Asia/Shanghai')::date, 0, count(*), 0
from cases_case c where c.kind = 'repairs.ticket' group by grouping sets ((3, 4, 5), (c.topic, 3, 4, 5))"""
LENGTHS = """insert into rollups_daily (tally, topic, unit_id, unit_path, day, bin, n, amount)
select t.tally, '', u.school_id, s.path, (c.closed_at at time zone 'Asia/Shanghai')::date,
    least(120, 1 + ceil(ln(greatest(0.1, extract(epoch from c.closed_at - c.opened_at) / 3600) / 0.1) / ln(1.1))), count(*), 0
from cases_case c join orgs_unit u on u.id = c.unit_id join orgs_unit s on s.id = u.school_id
cross join (values ('repairs.responded'), ('repairs.resolved')) t(tally)
where c.state in ('closed', 'unreviewed') group by 1, 3, 4, 5, 6"""
READ = """select tally, unit_id, sum(n), sum(amount) from rollups_daily
where tally = any(%(tallies)s) and topic = '' and unit_path like %(below)s and day between %(since)s and %(until)s group by 1, 2"""
EVERYTHING = """select u.school_id, c.state, count(*) from cases_case c join orgs_unit u on u.id = c.unit_id
where c.unit_path like %(below)s group by 1, 2"""
LIVE = """select u.school_id, count(*), count(*) filter (where c.due_at < %(now)s) from cases_case c join orgs_unit u on u.id = c.unit_id
where c.is_open and c.kind = %(kind)s and c.circle = '' and c.unit_path like %(below)s group by 1"""


@dataclass(frozen=True)
class Book:
    """An affair's figures here: its chapter, how its lines begin, and the question that counts everything from scratch.

    `recounts` are the tallies that question answers; without any it counts something else, and only its time is compared.
    """

    chapter: Chapter
    words: str = ""
    scratch: str = EVERYTHING
    recounts: tuple[str, ...] = ()

    def line(self, words: str) -> str:
        """A line of the table."""
        return f"{self.words}: {words}" if self.words else words


TICKETS = Book(CHAPTER)
Reader = tuple[str, int, Unit]  # who, by id, and where


def rolled_up() -> None:
    """The roll-ups of a history that was copied in, written at once as folding would have them by now: by kind, by place, and how long it took."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        cursor.execute("truncate rollups_daily")
        for rolled in (ROLLED, PLACES, LENGTHS):
            cursor.execute(rolled)
        cursor.execute("vacuum (analyze) rollups_daily")


def county(limit: Limit, book: Book = TICKETS) -> Iterator[Scenario]:
    """The bureau's month: sums, the same instead of counting everything, and what is open now."""
    bureau, chapter = Unit.objects.get(depth=1), book.chapter
    period = Almanac(bureau.path).holding("month", _last_day())
    figures = [one for one in chapter.figures if one.how != "middle" and one.asked is None]
    asked = _asked(book, bureau, period, {one for figure in figures for one in figure.tallies})
    again = {f"{chapter.affair}.{one}" for one in book.recounts}

    def sums() -> list[tuple[Any, ...]]:
        (found,) = asking.by_school(figures, bureau.path, period)
        return sorted((tally, school, n) for school, one in found.items() for tally, (n, _) in one.sums.items())

    def read() -> list[tuple[Any, ...]]:
        return sorted((tally, school, int(n)) for tally, school, n, _ in limit.ask(READ, asked))

    @transaction.atomic
    def live() -> list[tuple[Any, ...]]:
        asked["now"] = clock.now()  # both sides are asked of one moment: a due time may pass between the two
        found = asking.live(chapter, bureau.path)
        return sorted((pk, one[f"{chapter.affair}.open"], one[f"{chapter.affair}.late"]) for pk, one in found.items())

    yield _beside(book.line("county's month by school, from roll-ups"), Target(ratio=2, queries=1), sums, read, same)
    yield _beside(
        book.line("the same beside counting everything"),
        Target(ratio=1 / 30),
        (lambda: [row for row in sums() if row[0] in again]) if again else sums,
        lambda: sorted(limit.ask(book.scratch, asked)),
        same if again else any_rows,
    )
    yield _beside(
        book.line("county: open and late now, by school"),
        Target(ratio=2, queries=2),
        live,
        lambda: sorted(limit.ask(LIVE, asked)),
        same,
    )


def people(bench: Bench) -> tuple[Reader, ...]:
    """The bureau's officer for all schools, a principal for one."""
    head = bench.history.district.large.posts["principal"][0]
    officer = ("officer", bench.history.district.officer, Unit.objects.get(depth=1))
    return officer, ("principal", head, _home(head))


def pages(bench: Bench, book: Book, readers: Sequence[Reader]) -> Iterator[Scenario]:
    """Whole pages of figures, of the county and of one school, beside the sums and the open cases they are made of."""
    for who, person, unit in readers:
        for kind in ("week", "month", "term"):
            yield _page(bench, book, who, person, unit, kind)


def _page(bench: Bench, book: Book, who: str, person: int, unit: Unit, kind: str) -> Scenario:
    last = _last_day()
    period, cookie = Almanac(unit.path).holding(kind, last), bench.cookie(person)
    asked = _asked(book, unit, period, {one for figure in book.chapter.figures for one in figure.tallies})
    address = f"/figures/{unit.pk}/?period={kind}&day={last}"
    return Scenario(
        book.line(f"page of figures, {kind}"), who, Target(), lambda: ask(bench.app, address, cookie),
        lambda: _answer(lambda: [*bench.limit.ask(READ, asked), *bench.limit.ask(LIVE, asked)]), is_a_page,
    )  # fmt: skip


def _asked(book: Book, unit: Unit, period: Period, tallies: set[str]) -> dict[str, Any]:
    """What the limit's questions are told."""
    days = {"since": period.since, "until": period.until, "now": clock.now()}
    return {"tallies": sorted(tallies), "below": f"{unit.path}%", "kind": book.chapter.asks(), **days}


def _home(person: int) -> Unit:
    home = User.objects.get(pk=person).home
    assert home is not None
    return home


def is_a_page(portal: Answer, limit: Answer) -> int:
    """The portal shows it; the limit has read the rows."""
    assert portal.status == 200 and "<h1>" in portal.text
    return portal.text.count("<tr>")


def _beside(what: str, target: Target, portal: Callable[[], Any], limit: Callable[[], Any], judge: Any) -> Scenario:
    return Scenario(what, "officer", target, lambda: _answer(portal), lambda: _answer(limit), judge)


def _answer(effect: Callable[[], Any]) -> Answer:
    ms, rows = timed(effect)
    return Answer(200, [], repr([tuple(row) for row in rows]).encode(), ms)


def same(portal: Answer, limit: Answer) -> int:
    """Both have the same numbers."""
    assert portal.body == limit.body
    return portal.text.count("(")


def any_rows(portal: Answer, limit: Answer) -> int:
    """Both have something to say; they count different things on purpose."""
    assert len(portal.body) > 2 and len(limit.body) > 2
    return portal.text.count("(")


def _last_day() -> date:
    with connection.cursor() as cursor:
        cursor.execute("select max(day) from rollups_daily")
        (day,) = cursor.fetchone()
        return day
