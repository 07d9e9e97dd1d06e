"""What is signed is what the books hold: nothing is booked into a week while somebody signs it."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from canteen.actions.books import reverse, seal
from canteen.flow import WEEKLY
from canteen.models import Canteen, Entry
from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from tests.canteen.booking import LAST, WEEK, booked, on, opened
from tests.canteen.cast import Kitchen

SATURDAY = date(2026, 11, 14)


@pytest.mark.django_db(transaction=True)
def test_what_is_booked_while_the_committee_signs_waits_and_counts_in_the_next_week(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(LAST, 14)):
        bought = booked(canteen, kitchen, "CE-03", "70.00", LAST)
        case: Case = opened(canteen, WEEKLY, WEEK)
        for step, by in (("prepare", kitchen.kuai), ("check", kitchen.jiang)):
            case = move(case, step, by=by)

    def take_back() -> None:
        try:
            with clock.at(on(LAST, 14)):
                seal(reverse(bought, why="错了", by=kitchen.kuai), by=kitchen.jiang)
        finally:
            connection.close()

    thread = threading.Thread(target=take_back)
    with clock.at(on(LAST, 14)), transaction.atomic():
        move(case, "sign", by=kitchen.mei)
        thread.start()
        thread.join(timeout=1)
        assert thread.is_alive()
    thread.join(timeout=30)
    assert Entry.objects.get(reverses=bought).day == SATURDAY
