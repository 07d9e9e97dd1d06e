"""派工规则: nearest place and kind first; of the team, who is here and has the fewest jobs; proposed or done by itself."""

import pytest

from portal import clock
from portal.cases.actions import move
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.queries import chain_of
from portal.orgs.actions import record_absence
from portal.orgs.models import User
from repairs.actions.dispatching import set_rule
from repairs.models import DispatchRule, Ticket
from repairs.queries.dispatching import proposal_for
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_day import assigned
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def proposed(ticket: Ticket) -> tuple[User, int, int] | None:
    found = proposal_for(ticket)
    return (found.person, found.present, found.load) if found else None


def test_the_nearest_place_wins_and_a_kind_before_all_kinds(place: District, cast: Cast) -> None:
    lamp, chair = reported(place, cast.rita), reported(place, cast.rita, topic="RP-05", unit=place.other_room.pk)
    assert proposed(lamp) is None
    set_rule(unit=place.school, people=[cast.will], by=cast.dora)
    assert (proposed(lamp), proposed(chair)) == ((cast.will, 1, 0), (cast.will, 1, 0))
    set_rule(unit=place.building, topic="RP-03", people=[cast.wang], by=cast.lin)
    assert (proposed(lamp), proposed(chair)) == ((cast.wang, 1, 0), (cast.will, 1, 0))
    set_rule(unit=place.building, topic="RP-03", people=[], by=cast.lin)
    assert proposed(lamp) is None


def test_of_a_team_the_one_with_the_fewest_jobs_who_is_here_today(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    set_rule(unit=place.school, people=[cast.will, cast.wang], by=cast.dora)
    assert proposed(ticket) == (cast.will, 2, 0)
    assigned(place, cast, cast.will)
    assert proposed(ticket) == (cast.wang, 2, 0)
    today = clock.today()
    record_absence(person=cast.wang, substitute=cast.dora, since=today, until=today, by="clock")
    assert proposed(ticket) == (cast.will, 1, 1)
    record_absence(person=cast.will, substitute=cast.lin, since=today, until=today, by="clock")
    assert proposed(ticket) is None


def test_a_rule_proposes_on_the_form(place: District, cast: Cast) -> None:
    set_rule(unit=place.school, people=[cast.wang], by=cast.dora)
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    page = as_(cast.dora).get(f"/repairs/tickets/{ticket.number}/assign/").content.decode()
    assert f'<option value="{cast.wang.pk}" selected>汪强' in page
    assert "按派工规则建议 汪强：今天在岗 1 人，手上 0 件，最少。" in page


def test_a_rule_dispatches_by_itself_where_the_school_wants_it_and_says_why(place: District, cast: Cast) -> None:
    set_rule(unit=place.school, people=[cast.will, cast.wang], by_itself=True, by=cast.dora)
    ticket = reported(place, cast.rita)
    done = move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    assert (done.state, done.assignee) == ("assigned", cast.will)
    assert list(chain_of(ticket.address).values_list("verb", "who")) == [
        ("report", f"person:{cast.rita.pk}"), ("accept", f"person:{cast.dora.pk}"), ("assign_by_rule", "clock"),
    ]  # fmt: skip
    page = as_(cast.rita).get(f"/repairs/tickets/{ticket.number}/").content.decode()
    assert "按派工规则派给王建平：今天在岗 2 人，手上 0 件，最少" in page


def test_every_change_is_a_version_in_the_ledger(place: District, cast: Cast) -> None:
    set_rule(unit=place.school, people=[cast.will], by=cast.dora, seen=0)
    with pytest.raises(Stale):
        set_rule(unit=place.school, people=[cast.wang], by=cast.lin, seen=0)
    rule = set_rule(unit=place.school, people=[cast.wang], by=cast.lin, seen=1)
    assert rule.version == 2
    facts = chain_of(rule.address).get().facts
    assert facts == {
        "unit": place.school.pk, "topic": "", "people": [cast.wang.pk], "by_itself": False, "version": 2,
    }  # fmt: skip


def test_rules_are_set_by_the_desk_of_the_place_for_those_who_repair_there(place: District, cast: Cast) -> None:
    for by in (cast.rita, cast.will, cast.sam, cast.hu):
        with pytest.raises(NotAllowed):
            set_rule(unit=place.school, people=[cast.will], by=by)
    with pytest.raises(BadInput):
        set_rule(unit=place.school, people=[cast.rita], by=cast.dora)
    with pytest.raises(BadInput):
        set_rule(unit=place.school, topic="RP-77", people=[cast.will], by=cast.dora)
    assert not DispatchRule.objects.exists()


def test_the_page_sets_and_changes_a_rule(place: District, cast: Cast) -> None:
    client = as_(cast.dora)
    said = {"unit": place.building.pk, "topic": "RP-03", "people": [cast.will.pk, cast.wang.pk], "by_itself": "on"}
    assert client.post("/repairs/dispatching/", said).status_code == 302
    page = client.get("/repairs/dispatching/").content.decode()
    assert "柳溪镇中心小学 教学楼 · 供电照明" in page and "派给 汪强、王建平，受理后直接派" in page
    rule = DispatchRule.objects.get()
    assert 'name="seen" value="1"' in client.get(f"/repairs/dispatching/?rule={rule.pk}").content.decode()
    assert client.post("/repairs/dispatching/", said | {"unit": place.far_school.pk}).status_code == 422
    assert client.post("/repairs/dispatching/", said | {"seen": 0}).status_code == 422
    assert as_(cast.rita).get("/repairs/dispatching/").status_code == 403
