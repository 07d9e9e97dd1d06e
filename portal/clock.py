"""The one clock of the portal: PostgreSQL's, read once per transaction (or once per request outside of one).

It stands at the bottom of the house because people, records and calendars all ask it the time (docs/adr/0002).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import DateField, DateTimeField, Func, Value
from django.db.models.functions import TruncDate

SCHOOL_TIME = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("held", default=None)
_request: ContextVar[dict[str, datetime] | None] = ContextVar("request", default=None)


def now() -> datetime:
    """The moment, by the database's clock, aware. The same value for a whole transaction, or a whole page without one."""
    held = _held.get()
    if held is not None:
        return held
    block = _transaction()
    if block is not None:
        read: _Moment | None = getattr(connection, "moment", None)
        if read is None or read.block is not block or not read.lasts():
            read = connection.moment = _Moment(block, _read())  # type: ignore[attr-defined]
            waiting: list[Any] = connection.run_on_commit
            waiting.append((set(), read, True))  # of no savepoint: it outlives those that are taken back
        return read.moment
    page = _request.get()
    if page is None:
        return _read()
    if "moment" not in page:
        page["moment"] = _read()
    return page["moment"]


def today() -> date:
    """The date in China."""
    return now().astimezone(SCHOOL_TIME).date()


def midnight(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(0), SCHOOL_TIME)


def days(since: date, until: date) -> tuple[datetime, datetime]:
    """The first moment of these days in China, and the first that no longer belongs to them."""
    return midnight(since), midnight(until + timedelta(days=1))


def database_now() -> Any:
    """The moment as part of a larger question to the database: what `now()` would answer, for free."""
    held = _held.get()
    if held is not None:
        return Value(held, output_field=DateTimeField())
    return Func(function="statement_timestamp", output_field=DateTimeField())


def database_today() -> Any:
    """The date in China as part of a larger question to the database."""
    held = _held.get()
    if held is not None:
        return Value(held.astimezone(SCHOOL_TIME).date(), output_field=DateField())
    return TruncDate(database_now(), tzinfo=SCHOOL_TIME)


def remember(moment: datetime) -> None:
    """The moment a larger question of this page brought along; the page asks no more."""
    page = _request.get()
    if page is not None:
        page.setdefault("moment", moment)


@contextmanager
def one_moment() -> Iterator[dict[str, datetime]]:
    """Reads outside a transaction share one moment: a page shows one time, asked once."""
    page: dict[str, datetime] = {}
    token = _request.set(page)
    try:
        yield page
    finally:
        _request.reset(token)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Holds the clock at `moment` in tests and the demo loader; refused everywhere else."""
    if not settings.CLOCK_MAY_BE_SET:
        raise RuntimeError("only tests and the demo loader may set the clock")
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


@dataclass(eq=False)
class _Moment:
    """The moment of one transaction. A block that decorates a function is the same for each of its transactions, so the
    moment waits among what is done on commit: Django clears that when a transaction ends, however it does.
    """

    block: Any
    moment: datetime

    def lasts(self) -> bool:
        """Whether its transaction is still the one we are in."""
        return any(waiting[1] is self for waiting in connection.run_on_commit)

    def __call__(self) -> None:
        """Nothing is done on commit."""


def _transaction() -> Any:
    """The outermost transaction block, not counting the one a test wraps around itself."""
    for block in connection.atomic_blocks:
        if not getattr(block, "_from_testcase", False):
            return block
    return None


def _read() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
