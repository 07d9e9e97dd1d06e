"""Clocks of a ticket: late work rises along the ladder, silence is closed as unreviewed, and stopped clocks stay stopped."""

from datetime import timedelta

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, ClockSetting, Deadline, Escalation
from portal.cases.settings import set_clock
from portal.cases.sweep import sweep
from portal.errors import Refused
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.actions import appoint, record_absence, relieve
from portal.orgs.models import Appointment
from repairs.models import Ticket
from tests.district import MONDAY, Cast, District, later
from tests.repairs.test_loop import reported, to_finished

pytestmark = pytest.mark.usefixtures("monday")


def fired(case: Case) -> list[tuple[str, int, str, list[int]]]:
    rows = Escalation.objects.filter(case=case).select_related("deadline").order_by("pk")
    return [(row.deadline.clock, row.rung, row.role, row.told) for row in rows]


def sweep_at(**span: float) -> int:
    with clock.at(later(**span)):
        return sweep()


def test_late_work_rises_rung_by_rung(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)  # respond within 2 h, by the wall clock
    assert sweep_at(hours=1.5) == 0
    sweep_at(hours=1.7)
    assert fired(ticket) == [("respond", 0, "holder", [cast.dora.pk])]
    sweep_at(hours=2.1)
    sweep_at(hours=6.1)
    sweep_at(hours=6.2)
    assert fired(ticket) == [
        ("respond", 0, "holder", [cast.dora.pk]),
        ("respond", 1, "logistics_head", [cast.lin.pk]),
        ("respond", 2, "vice_principal", [cast.vera.pk]),
    ]
    assert Notice.objects.filter(to=cast.vera, about=ticket.address, verb="escalated").count() == 1


def test_a_dead_clock_catches_up_stamped_with_the_due_times(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    sweep_at(days=3)
    rows = Escalation.objects.filter(case=ticket, deadline__clock="respond").order_by("rung")
    assert [row.due_at for row in rows] == [
        later(hours=1.6), later(hours=2), later(hours=6), later(hours=26), later(hours=50),
    ]  # fmt: skip
    assert {row.at for row in rows} == {later(days=3)}


def test_a_vacant_post_passes_to_the_next_rung_at_once(place: District, cast: Cast) -> None:
    relieve(Appointment.objects.get(person=cast.lin), by=cast.ada)
    ticket = reported(place, cast.rita)
    sweep_at(hours=2.1)
    assert fired(ticket) == [
        ("respond", 0, "holder", [cast.dora.pk]),
        ("respond", 1, "logistics_head", []),
        ("respond", 2, "vice_principal", [cast.vera.pk]),
    ]
    assert Escalation.objects.get(case=ticket, rung=1).vacant


def test_the_substitute_is_told_instead(place: District, cast: Cast) -> None:
    record_absence(person=cast.lin, substitute=cast.wang, since=MONDAY.date(), until=MONDAY.date(), by=cast.lin)
    ticket = reported(place, cast.rita)
    sweep_at(hours=2.1)
    assert fired(ticket)[1] == ("respond", 1, "logistics_head", [cast.wang.pk])


def test_every_head_of_the_post_is_told_once(place: District, cast: Cast) -> None:
    appoint(person=cast.wang, role="logistics_head", unit=place.school, by=cast.ada)
    ticket = reported(place, cast.rita)
    sweep_at(hours=2.1)
    assert fired(ticket)[1] == ("respond", 1, "logistics_head", [cast.lin.pk, cast.wang.pk])


def test_acknowledging_stops_nothing(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    sweep_at(hours=2.1)
    with clock.at(later(hours=2.2)):
        move(ticket, "acknowledge", by=cast.lin)
    row = Escalation.objects.get(case=ticket, rung=1)
    assert (row.acknowledged_by, row.acknowledged_at) == (cast.lin, later(hours=2.2))
    sweep_at(hours=6.1)
    assert fired(ticket)[-1] == ("respond", 2, "vice_principal", [cast.vera.pk])


def test_silence_is_closed_as_unreviewed_after_three_school_days(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    with clock.at(later(days=3, hours=8)):  # Thursday 17:00, school is open until 17:30
        sweep()
        assert Ticket.objects.get(pk=ticket.pk).state == "finished"
    with clock.at(later(days=3, hours=8.6)):
        sweep()
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.state, fresh.is_open) == ("unreviewed", False)
    assert Event.objects.filter(address=ticket.address).order_by("-seq").values_list("verb", "who").first() == (
        "close_unreviewed", "clock",
    )  # fmt: skip


def test_a_nudge_is_for_late_cases_and_once_in_four_hours(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    with pytest.raises(Refused, match="还没有超时"):
        move(ticket, "nudge", by=cast.ouyang)
    with clock.at(later(hours=3)):
        move(ticket, "nudge", by=cast.ouyang, data={"words": "请尽快"})
        with pytest.raises(Refused, match="四小时内"):
            move(ticket, "nudge", by=cast.hu)
    assert Notice.objects.filter(to=cast.dora, verb="nudge").count() == 1


def test_an_admin_changes_hours_and_rungs_for_one_school(place: District, cast: Cast) -> None:
    rungs = [{"tells": "principal", "share": "1"}]
    set_clock(
        unit=place.school, kind="repairs.ticket", clock="respond", amount="1", measure="wall", rungs=rungs, by=cast.ada
    )
    ticket = reported(place, cast.rita)
    assert Deadline.objects.get(case=ticket, clock="respond").due_at == later(hours=1)
    sweep_at(hours=1.1)
    assert fired(ticket) == [("respond", 0, "principal", [cast.hu.pk])]
    far = reported(place, cast.tess, unit=place.far_room.pk)
    assert Deadline.objects.get(case=far, clock="respond").due_at == later(hours=2)
    assert ClockSetting.objects.get().version == 1


def test_reclassifying_counts_from_the_report_again(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    with clock.at(later(hours=1)):
        move(ticket, "reclassify", by=cast.dora, data={"topic": "RP-03", "priority": 1, "reason": "冒火花"})
    respond = Deadline.objects.get(case=ticket, clock="respond")
    assert respond.due_at == later(hours=0.5)
    sweep_at(hours=1.01)
    assert [row[1] for row in fired(ticket)] == [0, 1]


def test_the_case_knows_its_nearest_clock(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    case = Case.objects.get(pk=ticket.pk)
    running = Deadline.objects.filter(case=case, done_at=None, paused_at=None)
    assert [case.due_at] == [row.due_at for row in running] == [MONDAY + timedelta(days=3, hours=8.5)]
