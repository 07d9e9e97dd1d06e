"""For how long the cameras of a school lived: its time in use less the silence of its outages, which heartbeats begin and end."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Func, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from canteen.models import Camera, Outage
from portal import clock

MINUTE = timedelta(minutes=1)


def uptime(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Minutes in which the cameras of each school lived on these days, of the minutes they were in use; two questions.

    A camera is in use from the moment it was set until the day it was retired, and silent from the last heartbeat before
    an outage until the one that ended it.
    """
    now = clock.now()
    start, end = clock.days(since, until)
    end = min(end, now)
    if start >= end:
        return
    mine = Camera.objects.filter(canteen__school__path__startswith=path).order_by()
    used = _summed(mine, "canteen__school__path", "set_at", _retired(""), start, end)
    gaps = Outage.objects.filter(camera__canteen__school__path__startswith=path).order_by()
    over = Least(Coalesce("closed_at", Value(now)), Coalesce(_retired("camera__"), Value(now)))
    down = _summed(gaps, "camera__canteen__school__path", "since", over, start, end)
    for school, length in used.items():
        whole = round(length / MINUTE)
        yield school, max(0, whole - round(down.get(school, timedelta(0)) / MINUTE)), whole


def _summed(
    rows: QuerySet[Any], by: str, begins: str, over: Any, start: datetime, end: datetime
) -> dict[str, timedelta]:
    """By school, how long these spans lie between two moments; those without an end last until the second."""
    stops = Least(Coalesce(over, Value(end)), Value(end), output_field=DateTimeField())
    starts = Greatest(F(begins), Value(start), output_field=DateTimeField())
    length = ExpressionWrapper(stops - starts, output_field=DurationField())
    found = rows.annotate(stops=stops, starts=starts).filter(stops__gt=F("starts"))
    return dict(found.values_list(by).annotate(sum=Sum(length)))


def _retired(prefix: str) -> Any:
    """The first moment in China of the day a camera was retired; null for one in use."""
    zone = "%(expressions)s::timestamp at time zone 'Asia/Shanghai'"
    return Func(F(f"{prefix}retired_on"), template=zone, output_field=DateTimeField())
