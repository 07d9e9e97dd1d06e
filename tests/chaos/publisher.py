"""Publishers in a process of their own, to be killed: `publisher.py DATABASE`; as `sweeper.py`, for a run of publications."""

import sys
import time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import django
from django.conf import settings

from tests.chaos.processes import storms

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from portal.cases.flow import Flow
    from portal.orgs.models import Unit
    from portal.publications.content import Content
    from portal.publications.periods import Period

PUBLISHERS = 3
BATCH = 4  # schools between two looks at what runs there are
WAITING = "select exists(select from publications_runitem where state = 'waiting') or exists(select from publications_run where finished_at is null)"
BAD = "7"  # the data of schools whose name ends so do not hold together


def build(school: "Unit", period: "Period") -> "Content":
    """A small account; refused where the books are wrong."""
    from portal.errors import BadInput
    from portal.publications.content import Column, Content, Figure, Table

    if school.name.endswith(BAD):
        raise BadInput("收支对不上。")
    rows = [[f"第 {n} 类", Decimal(n * school.pk) / 100] for n in range(1, 9)]
    table = Table("spent", "支出", (Column("what", "项目"), Column("sum", "金额", "money")), rows, bars="sum")
    return Content((Figure("spent", "支出", sum((row[1] for row in rows), Decimal(0)), "money", "元"),), (table,))


def this_month() -> "Period":
    """The month that is published: the running one."""
    from portal import clock
    from portal.publications.periods import Every, Opened, opened_on

    return opened_on(Every.MONTH, clock.today(), Opened.RUNNING)


def out_now() -> "AbstractContextManager[Flow]":
    """A law of these tests' own, as long as the block lasts: this month is out at every school now, signed by nobody."""
    from portal import clock
    from tests.portal.publications.issuing import by_the_clock

    return by_the_clock(clock.now(), (), build=build, of=this_month())


def work() -> None:
    """Publishes for ever."""
    from portal.publications import running

    while True:
        partial(running.publish_due, BATCH)()
        time.sleep(0.005)


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    with out_now():
        storms(work, PUBLISHERS, WAITING)
