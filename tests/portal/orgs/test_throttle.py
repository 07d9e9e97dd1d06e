"""Counting tries in PostgreSQL: they slow down, leak away with time, and fifty at once are no more than one by one."""

import threading

import pytest
from django.db import connection

from portal import clock
from portal.orgs.models import Attempts
from portal.orgs.throttle import Pace, appoint_time, blame, forgive, heat, key_of, purge, take, waiting
from tests.district import MONDAY, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

PACE = Pace(free=3, first=5, longest=60, forgive=120)


def test_after_the_free_tries_the_wait_doubles_less_what_leaks_away_up_to_the_longest() -> None:
    seconds, waits = 0, []
    for _ in range(9):
        with clock.at(later(seconds=seconds)):
            assert take("key", PACE) == 0
            waits.append(waiting("key"))
            seconds += waits[-1]
    assert waits == [0, 0, 5, 10, 20, 40, 40, 60, 60]


def test_coming_too_early_says_how_long_and_makes_nothing_worse() -> None:
    for _ in range(3):
        take("key", PACE)
    waits = []
    for seconds in (0, 1, 4, 4, 4.5):
        with clock.at(later(seconds=seconds)):
            waits.append(take("key", PACE))
    assert waits == [5, 4, 1, 1, 1]
    with clock.at(later(seconds=5)):
        assert take("key", PACE) == 0


def test_tries_leak_away_with_time() -> None:
    for _ in range(3):
        take("key", PACE)
    with clock.at(later(seconds=360)):
        assert [take("key", PACE) for _ in range(4)] == [0, 0, 0, 5]


def test_a_level_stays_low_enough_to_leak_away_again_soon() -> None:
    for _ in range(500):
        blame("key", PACE)
    assert Attempts.objects.get(key="key").level == PACE.free + 10
    with clock.at(later(seconds=13 * PACE.forgive)):
        assert heat(PACE, "key") == 0


def test_a_moment_once_given_stays_and_is_heard_once_it_has_come() -> None:
    appoint_time("key", 30, PACE)
    with clock.at(later(seconds=10)):
        appoint_time("key", 30, PACE)
        assert take("key", PACE) == 20
    with clock.at(later(seconds=30)):
        assert [take("key", PACE) for _ in range(2)] == [0, 5]


def test_a_right_answer_forgets_what_went_before_it() -> None:
    for _ in range(3):
        take("key", PACE)
    forgive("key")
    assert take("key", PACE) == 0


def test_keys_do_not_tell_what_was_typed() -> None:
    key = key_of("person", "nobody hunter2")
    assert len(key) == 64
    assert "hunter2" not in key
    assert key != key_of("person", "nobody hunter3")


def test_old_counts_are_purged_and_live_ones_kept() -> None:
    take("old", PACE)
    with clock.at(later(days=3)):
        take("new", PACE)
        assert purge() == 1
    assert list(Attempts.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_the_same_time_only_the_free_ones_are_taken() -> None:
    taken: list[int] = []

    def one() -> None:
        try:
            with clock.at(MONDAY):
                taken.append(take("key", PACE))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 0, 0] + [5] * 17
