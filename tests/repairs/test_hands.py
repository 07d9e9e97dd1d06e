"""Handing over, helping, contractors: who works on a job sees it, and nobody sees more than that."""

import pytest

from portal.cases.actions import move
from portal.cases.models import Case, CaseParty
from portal.errors import BadInput, NotAllowed, NotThere
from portal.notices.models import Notice
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import Cast, District, hire
from tests.portal.api.program import TICKETS, Program
from tests.portal.cases.test_pages import as_
from tests.repairs.test_day import assigned
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def told(who: object, verb: str) -> list[str]:
    return list(Notice.objects.filter(to=who, verb=verb).values_list("title", flat=True))


def test_a_job_handed_over_keeps_its_clock_and_tells_the_next_one(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    move(job, "arrive", by=cast.will)
    handed = move(job, "hand_over", by=cast.will, data={"assignee": cast.wang.pk, "reason": "要电工证"})
    assert (handed.state, handed.assignee, handed.due_at) == ("assigned", cast.wang, job.due_at)
    assert told(cast.wang, "hand_over") == ["王建平转交给汪强：203 教室 顶灯不亮"]
    assert told(cast.dora, "hand_over") == ["王建平转交给汪强：203 教室 顶灯不亮"]
    with pytest.raises(NotThere):
        move(job, "arrive", by=cast.will)


def test_a_job_is_handed_over_by_who_has_it_to_somebody_else(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    with pytest.raises(BadInput) as refused:
        move(job, "hand_over", by=cast.will, data={"assignee": cast.will.pk, "reason": "忙"})
    assert list(refused.value.errors) == ["assignee"]
    for wrong in (cast.rita, cast.sam):
        with pytest.raises(BadInput):
            move(job, "hand_over", by=cast.will, data={"assignee": wrong.pk, "reason": "忙"})
    with pytest.raises(NotAllowed):
        move(job, "hand_over", by=cast.rita, data={"assignee": cast.wang.pk, "reason": "忙"})


def test_who_helps_sees_the_case_writes_to_it_and_is_told_of_every_step(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    assert as_(cast.wang).get(f"/repairs/tickets/{job.number}/").status_code == 404
    move(job, "call_help", by=cast.will, data={"helper": cast.wang.pk, "note": "带梯子"})
    assert told(cast.wang, "call_help") == ["王建平请汪强协助：203 教室 顶灯不亮"]
    page = as_(cast.wang).get(f"/repairs/tickets/{job.number}/").content.decode()
    assert "<dt>协助人</dt><dd>汪强</dd>" in page and "请汪强协助" in page
    move(job, "comment", by=cast.wang, data={"words": "梯子带来了", "photos": [photo_of(cast.wang).pk]})
    move(job, "arrive", by=cast.will)
    assert len(told(cast.wang, "arrive")) == 1
    with pytest.raises(NotAllowed):
        move(job, "finish", by=cast.wang, data={"after": [photo_of(cast.wang).pk]})


def test_nobody_is_asked_twice_nor_the_one_who_does_the_work(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will)
    move(job, "call_help", by=cast.will, data={"helper": cast.wang.pk})
    for again in (cast.wang, cast.will):
        with pytest.raises(BadInput) as refused:
            move(job, "call_help", by=cast.will, data={"helper": again.pk})
        assert list(refused.value.errors) == ["helper"]
    assert CaseParty.objects.filter(as_what="helper").count() == 1


def test_a_contractor_works_like_a_technician_and_sees_nothing_else(place: District, cast: Cast) -> None:
    conny = hire("conny", "丁大勇", None, ("contractor", place.town))
    mine, other = assigned(place, cast, conny), assigned(place, cast, cast.will, words="别的灯")
    client, program = as_(conny), Program.of(conny)
    assert client.get(f"/repairs/tickets/{mine.number}/").status_code == 200
    assert client.get(f"/repairs/tickets/{other.number}/").status_code == 404
    seen = {
        path: client.get(path).content.decode() for path in ("/", "/desk/", "/repairs/", "/repairs/today/", "/inbox/")
    }
    assert [path for path, page in seen.items() if other.number in page or "别的灯" in page] == []
    assert mine.number in seen["/repairs/today/"]
    assert [one["number"] for one in program.get(TICKETS).json()["results"]] == [mine.number]
    assert [one["number"] for one in program.get("/api/v1/repairs/today").json()["results"]] == [mine.number]
    for closed in ("/settings/", "/settings/people/", "/repairs/dispatching/"):
        assert client.get(closed).status_code in (403, 404)
    move(mine, "arrive", by=conny)
    assert move(mine, "finish", by=conny, data={"after": [photo_of(conny).pk]}).state == "finished"
    assert Case.objects.visible_to(conny).count() == 1
    assert reported(place, cast.rita).pk not in Ticket.objects.filter(assignee=conny).values_list("pk", flat=True)
