"""今天的活: agreed visits first, then by clock and place; nobody else's jobs; the same for programs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, CaseParty
from portal.errors import BadInput, NotAllowed
from portal.notices.models import Notice
from portal.orgs.actions import record_absence
from portal.orgs.models import User
from repairs.models import Ticket
from repairs.queries.day import day_of
from tests.district import MONDAY, Cast, District, later
from tests.portal.api.program import Program
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def assigned(place: District, cast: Cast, to: User, **data: Any) -> Ticket:
    """A job dispatched to somebody."""
    ticket = reported(place, cast.rita, **data)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": to.pk})
    return Ticket.objects.get(pk=ticket.pk)


def typed(moment: datetime) -> str:
    """As a browser types a moment."""
    return f"{localtime(moment):%Y-%m-%dT%H:%M}"


def shown(user: User) -> list[tuple[str, list[str]]]:
    return [(title, [job.row.title for job in jobs]) for title, _, jobs in day_of(user)]


def test_the_day_is_ordered_by_visit_then_clock_then_place(place: District, cast: Cast) -> None:
    late = assigned(place, cast, cast.will, words="已经晚了")
    Case.objects.filter(pk=late.pk).update(due_at=later(hours=-1))
    assigned(place, cast, cast.will, words="今晚到期")
    Case.objects.exclude(pk=late.pk).update(due_at=later(hours=5))
    assigned(place, cast, cast.will, topic="RP-05", unit=place.other_room.pk, words="隔壁的凳子")
    assigned(place, cast, cast.will, topic="RP-05", words="这里的凳子")
    visit = assigned(place, cast, cast.will, topic="RP-05", words="约了今天")
    move(visit, "plan_visit", by=cast.will, data={"visit_at": typed(later(hours=3))})
    far = assigned(place, cast, cast.will, topic="RP-05", words="约了周五")
    move(far, "plan_visit", by=cast.will, data={"visit_at": typed(later(days=4))})
    helps = assigned(place, cast, cast.wang, words="搭把手")
    CaseParty.objects.create(case=helps, person=cast.will, as_what=CaseParty.HELPER)
    assigned(place, cast, cast.wang, words="别人的")
    assert shown(cast.will) == [
        ("约好的", ["203 教室 约了今天"]),
        ("已超时", ["203 教室 已经晚了"]),
        ("今天到期", ["203 教室 今晚到期"]),
        ("以后到期", ["203 教室 这里的凳子", "203 教室 约了周五", "204 教室 隔壁的凳子"]),
        ("协助别人的", ["203 教室 搭把手"]),
    ]


def test_the_page_takes_the_same_queries_for_one_job_and_for_three(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for jobs in (1, 3):
        while Ticket.objects.count() < jobs:
            assigned(place, cast, cast.will)
        client = as_(cast.will)
        with django_assert_num_queries(5):
            assert client.get("/repairs/today/").content.decode().count('class="go"') == jobs


def test_who_stands_in_sees_the_jobs_of_who_is_away(place: District, cast: Cast) -> None:
    assigned(place, cast, cast.will)
    today = clock.today()
    record_absence(person=cast.will, substitute=cast.wang, since=today, until=today, by="clock")
    assert shown(cast.wang) == [("以后到期", ["203 教室 顶灯不亮"])]


def test_programs_get_the_same_day(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    answer = Program.of(cast.will).get("/api/v1/repairs/today").json()["results"]
    assert [(one["number"], one["group"], one["visit_at"]) for one in answer] == [(job.number, "以后到期", None)]
    assert Program.of(cast.rita).get("/api/v1/repairs/today").status_code == 403


def test_a_visit_is_agreed_for_the_days_to_come_and_the_reporter_is_told(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    for wrong in (later(hours=-1), MONDAY, later(days=61)):
        with pytest.raises(BadInput):
            move(job, "plan_visit", by=cast.will, data={"visit_at": typed(wrong)})
    with pytest.raises(NotAllowed):
        move(job, "plan_visit", by=cast.rita, data={"visit_at": typed(later(hours=2))})
    move(job, "plan_visit", by=cast.will, data={"visit_at": typed(later(hours=2))})
    told = Notice.objects.get(to=cast.rita, verb="plan_visit")
    assert told.title == "王建平约定 今天 11:00 上门：203 教室 顶灯不亮"
    page = as_(cast.rita).get(f"/repairs/tickets/{job.number}/").content.decode()
    assert "约定 今天 11:00 上门" in page and "<dt>约定上门</dt><dd>今天 11:00</dd>" in page


def test_an_agreed_visit_ends_with_the_job_given_to_somebody_else(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    move(job, "plan_visit", by=cast.will, data={"visit_at": typed(MONDAY + timedelta(hours=2))})
    move(job, "reassign", by=cast.dora, data={"assignee": cast.wang.pk, "reason": "他在忙"})
    assert Ticket.objects.get(pk=job.pk).visit_at is None
