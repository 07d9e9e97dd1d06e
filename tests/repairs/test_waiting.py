"""A job that waits for materials may be handed over, helped and merged; what it waits for goes where the job goes."""

import pytest

from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.cases.models import CaseLink, CaseParty, Deadline
from portal.errors import NotAllowed, Refused
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.actions import appoint
from repairs.models import Materials, Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported
from tests.repairs.test_materials import asked, at_work, fresh, in_store, lines

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def waiting(place: District, cast: Cast) -> tuple[Ticket, Materials]:
    """Will's job, waiting for what he has asked for."""
    job = at_work(place, cast)
    in_store(place, cast)
    return job, asked(job, cast.will)


def followers(case: Materials) -> list[str]:
    return list(CaseParty.objects.filter(case=case.pk, as_what="follower").values_list("person__username", flat=True))


@pytest.mark.parametrize("step", ["hand_over", "reassign"])
def test_whoever_gets_the_job_answers_for_what_it_waits_for(
    step: str, waiting: tuple[Ticket, Materials], cast: Cast
) -> None:
    job, request = waiting
    by = cast.will if step == "hand_over" else cast.dora
    move(job, step, by=by, data={"assignee": cast.wang.pk, "reason": "要电工证"})
    standing = Deadline.objects.get(case=job, clock="resolve", done_at=None)
    assert (fresh(job).state, fresh(job).assignee, standing.paused_at is not None) == ("waiting", cast.wang, True)
    assert (fresh(request).opener, followers(request)) == (cast.wang, ["will"])
    facts = Event.objects.get(address=request.address, verb="passed_on").facts
    assert facts == {"from": job.pk, "opener": cast.wang.pk}
    assert "随原来的事项转给汪强负责" in as_(cast.wang).get(address_of(request)).content.decode()
    with pytest.raises(NotAllowed):
        move(request, "recall", by=cast.will)
    move(request, "recall", by=cast.wang)
    assert (fresh(job).state, fresh(request).state) == ("working", "recalled")


def test_who_asked_first_still_does_not_approve(waiting: tuple[Ticket, Materials], place: District, cast: Cast) -> None:
    job, request = waiting
    move(job, "hand_over", by=cast.will, data={"assignee": cast.wang.pk, "reason": "要电工证"})
    appoint(person=cast.will, role="logistics_head", unit=place.school, by="clock")
    with pytest.raises(Refused) as refused:
        move(request, "approve", by=cast.will)
    assert refused.value.rule == "申请人与审批人不能是同一人"
    assert fresh(request).state == "to_head"


def test_somebody_helps_while_the_job_waits(waiting: tuple[Ticket, Materials], cast: Cast) -> None:
    job, request = waiting
    move(job, "call_help", by=cast.will, data={"helper": cast.wang.pk})
    assert (fresh(job).state, fresh(job).assignee, fresh(request).opener) == ("waiting", cast.will, cast.will)


def test_a_job_merged_while_it_waits_leaves_its_materials_to_the_other(
    waiting: tuple[Ticket, Materials], place: District, cast: Cast
) -> None:
    job, request = waiting
    other = reported(place, cast.vera)
    move(other, "accept", by=cast.dora, data={"reply": "好"})
    move(other, "assign", by=cast.dora, data={"assignee": cast.wang.pk})
    move(job, "merge", by=cast.dora, data={"into": other.number})
    assert (fresh(job).state, fresh(request).state, fresh(request).opener) == ("merged", "to_head", cast.wang)
    assert list(CaseLink.objects.filter(kind="materials").values_list("source", "target")) == [(request.pk, other.pk)]
    assert list(Notice.objects.filter(verb="merge", to=cast.will).values_list("title", flat=True)) == [
        f"多兰把这一件并入 {other.number}：203 教室 顶灯不亮"
    ]
    move(request, "approve", by=cast.lin)
    move(request, "hand_out", by=cast.wu, data={"lines": lines(request, quantity="2")})
    assert (fresh(job).cost, fresh(other).cost, fresh(other).state) == (0, 25, "assigned")


def test_a_job_that_waits_for_two_goes_on_with_the_last(waiting: tuple[Ticket, Materials], cast: Cast) -> None:
    job, first = waiting
    move(job, "resume", by=cast.will)
    move(job, "request_materials", by=cast.will, data={
        "category": "water", "reason": "还要阀", "lines": [{"item": "角阀", "quantity": "1", "measure": "个", "price": "9"}],
    })  # fmt: skip
    second = Materials.objects.exclude(pk=first.pk).get()
    move(first, "recall", by=cast.will)
    assert fresh(job).state == "waiting"
    move(second, "recall", by=cast.will)
    assert fresh(job).state == "working"
