"""Folding: what a ticket counts for, and that roll-ups equal a recount after any history, killed anywhere."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.orgs.actions import transplant
from portal.rollups import folding
from portal.rollups.folding import fold
from portal.rollups.models import Counted, Daily, Fold
from portal.rollups.recounting import recount
from repairs.actions import report
from repairs.flow import FLOW
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, later

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


def reported(cast: Cast, place: Any, by: Any = None) -> Case:
    by = by or cast.rita
    form = filled(FLOW, FLOW.opening, case=None, by=by, data={"unit": place.pk, "topic": "RP-05", "words": "灯不亮"})
    return report(form, by=by)


def finished(case: Case, cast: Cast, *, start: float = 0) -> None:
    with clock.at(later(hours=start + 0.5)):
        move(case, "accept", by=cast.dora, data={"reply": "马上来"})
        move(case, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    with clock.at(later(hours=start + 1)):
        move(case, "arrive", by=cast.will)
    with clock.at(later(hours=start + 1.5)):
        move(case, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk], "done": "换了灯管"})


def totals(**more: Any) -> dict[str, tuple[int, Decimal]]:
    rows = Daily.objects.filter(topic="", **more).exclude(tally="repairs.place").order_by("tally")
    return {row.tally.removeprefix("repairs."): (row.n, row.amount) for row in rows}


def test_a_ticket_counts_once_for_each_thing_that_is_true_of_it(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        case = reported(cast, place.room)
    finished(case, cast)
    with clock.at(later(hours=2)):
        move(case, "confirm", by=cast.rita, data={"speed": 5, "quality": 4})
        assert fold() == 1
    one = (1, Decimal("0.00"))
    assert totals(day=DAY, unit=place.school) == {
        "closed": one, "finished": one, "first_time": one, "on_time": one, "rated": (1, Decimal("4.50")),
        "reported": one, "resolved": one, "responded": one, "within_24h": one, "within_2h": one,
    }  # fmt: skip
    assert list(Daily.objects.filter(tally="repairs.place", topic="RP-05").values_list("unit", "n")) == [
        (place.room.pk, 1)
    ]


def test_a_second_pass_adds_nothing(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        reported(cast, place.room)
        fold()
        before = list(Daily.objects.order_by("pk").values_list())
        assert fold() == 0
    assert list(Daily.objects.order_by("pk").values_list()) == before


def test_what_is_sent_back_is_finished_no_more_and_counts_as_rework(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        case = reported(cast, place.room)
    finished(case, cast)
    with clock.at(later(hours=2)):
        fold()
        move(case, "send_back", by=cast.rita, data={"reason": "还在闪"})
        fold()
    assert sorted(totals()) == ["reported", "responded", "rework"]


def test_a_reclassified_ticket_takes_its_past_along(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        case = reported(cast, place.room)
        fold()
        move(case, "reclassify", by=cast.dora, data={"topic": "RP-03", "priority": 2, "reason": "漏电"})
        move(case, "replace", by=cast.dora, data={"unit": place.other_room.pk, "reason": "隔壁"})
        fold()
    assert list(Daily.objects.order_by("tally", "topic").values_list("tally", "topic", "unit", "n")) == [
        ("repairs.place", "", place.other_room.pk, 1),
        ("repairs.place", "RP-03", place.other_room.pk, 1),
        ("repairs.reported", "", place.school.pk, 1),
        ("repairs.reported", "RP-03", place.school.pk, 1),
    ]


def test_a_case_of_a_closed_circle_is_counted_nowhere(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        case = reported(cast, place.room)
        Case.objects.filter(pk=case.pk).update(circle="grievance")
        fold()
    assert not Daily.objects.exists()


def test_figures_follow_a_school_that_moves_and_a_room_that_changes_school(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        reported(cast, place.room)
        reported(cast, place.other_room)
        fold()
        transplant(place.school, under=place.bureau, by="clock")
        place.school.refresh_from_db()
        assert {row.unit_path for row in Daily.objects.filter(unit=place.school)} == {place.school.path}
        fold()
        transplant(place.building, under=place.far_school, by="clock")
        fold()
        assert totals(unit=place.far_school) == {"reported": (2, Decimal("0.00"))}
        assert totals(unit=place.school) == {}
        assert recount(keep=False) == []


@pytest.mark.django_db(transaction=True)
def test_a_lower_id_that_commits_later_is_not_lost(place: District, cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event as Flag

    from django.db import connections

    written, go = Flag(), Flag()

    def slow() -> None:
        with clock.at(MONDAY), transaction.atomic():
            reported(cast, place.room)
            written.set()
            go.wait(20)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow)
        assert written.wait(20)
        with clock.at(MONDAY):
            reported(cast, place.far_room, by=cast.tess)
            assert fold() == 1
            assert fold() == 0
            assert Fold.objects.get().floor == 0
            go.set()
            first.result()
            assert fold() == 1
            assert fold() == 0
        assert [row.n for row in Daily.objects.filter(tally="repairs.reported", topic="")] == [1, 1]
    mark = Fold.objects.get().mark_upto
    Fold.objects.update(mark_xid=1)  # as if every transaction of then had ended; other databases' hold it back, too
    with clock.at(MONDAY):
        fold()
    assert Fold.objects.get().floor >= mark


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", ["_next", "count_again"])
def test_a_pass_killed_anywhere_neither_loses_nor_doubles(
    place: District, cast: Cast, broken: str, monkeypatch: Any
) -> None:
    with clock.at(MONDAY):
        for _ in range(5):
            reported(cast, place.room)
        monkeypatch.setattr(folding, "WINDOW", 2)
        whole, calls = getattr(folding, broken), []

        def dies(*arguments: Any) -> Any:
            result = whole(*arguments)
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return result

        monkeypatch.setattr(folding, broken, dies)
        with pytest.raises(KeyboardInterrupt):
            fold()
        monkeypatch.setattr(folding, broken, whole)
        fold()
        assert recount(keep=False) == []
        assert Daily.objects.get(tally="repairs.reported", topic="").n == 5


def test_recount_finds_a_row_that_was_tampered_with_and_puts_it_right(place: District, cast: Cast, capsys: Any) -> None:
    with clock.at(MONDAY):
        reported(cast, place.room)
        fold()
        Daily.objects.filter(tally="repairs.reported", topic="").update(n=7)
        found = recount(keep=False)
        assert [(one.tally, one.folded, one.counted) for one in found] == [
            ("repairs.reported", (7, "0.00"), (1, "0.00"))
        ]
        assert Daily.objects.get(tally="repairs.reported", topic="").n == 7
        call_command("recount")
        assert recount(keep=False) == []
        call_command("recount", "--check")
    assert capsys.readouterr().out.endswith("0 rows differed\n")


def test_another_way_of_counting_counts_everything_again(place: District, cast: Cast, monkeypatch: Any) -> None:
    from repairs.figures import CHAPTER

    with clock.at(MONDAY):
        reported(cast, place.room)
        fold()
        monkeypatch.setattr(CHAPTER, "version", CHAPTER.version + 1)
        assert fold() == 1
        assert fold() == 0


def test_what_was_counted_is_as_of_the_moment_the_pass_began(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        fold()
    assert Fold.objects.get().as_of == MONDAY
    with clock.at(MONDAY + timedelta(seconds=20)):
        fold()
    assert Fold.objects.get().as_of == MONDAY + timedelta(seconds=20)
    assert not Counted.objects.exists()
