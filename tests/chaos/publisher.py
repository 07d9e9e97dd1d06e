"""Publishers in a process of their own, to be killed: `publisher.py DATABASE`; as `sweeper.py`, for a run of publications."""

import json
import sys
import time
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import django
from django.conf import settings

if TYPE_CHECKING:
    from portal.orgs.models import Unit
    from portal.publications.content import Content
    from portal.publications.kinds import Kind
    from portal.publications.periods import Period

PUBLISHERS = 3
BATCH = 4  # schools between two looks at what runs there are
WAITING = "select exists(select from publications_runitem where state = 'waiting') or exists(select from publications_run where finished_at is null)"
BAD = "7"  # the data of schools whose name ends so do not hold together
CODE = "canteen.killed_test"


def build(school: "Unit", period: "Period") -> "Content":
    """A small account; refused where the books are wrong."""
    from portal.errors import BadInput
    from portal.publications.content import Column, Content, Figure, Table

    if school.name.endswith(BAD):
        raise BadInput("收支对不上。")
    rows = [[f"第 {n} 类", Decimal(n * school.pk) / 100] for n in range(1, 9)]
    table = Table("spent", "支出", (Column("what", "项目"), Column("sum", "金额", "money")), rows, bars="sum")
    return Content((Figure("spent", "支出", sum((row[1] for row in rows), Decimal(0)), "money", "元"),), (table,))


def weekly(moment: datetime) -> "Kind":
    """A kind of these tests' own, out at every school at this moment."""
    from portal.publications.kinds import Audience, Kind
    from portal.publications.periods import Every

    return Kind(
        CODE, "食堂周账", "每周收支", "utensils", Audience.PUBLIC, Every.WEEK, ("principal",),
        build=build, out_at=lambda period: moment + (period.since - moment.date()),
    )  # fmt: skip


def work() -> None:
    """Publishes for ever."""
    from portal.publications import running

    while True:
        partial(running.publish_due, BATCH)()
        time.sleep(0.005)


def main() -> None:
    from django.db import connection

    from portal import clock
    from tests.chaos.processes import Storm, Watch

    weekly(clock.now())
    connection.close()
    watch = Watch(connection.get_connection_params())
    for line in sys.stdin:
        storm = Storm(work, PUBLISHERS, int(line), watch)
        print(json.dumps(asdict(storm.rage(until=lambda: not watch.ask(WAITING)))), flush=True)


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    main()
