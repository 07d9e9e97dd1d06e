"""Who is barred from a case, or outside its circle: not told, not shown it by another way, and no post of theirs counts."""

import pytest
from django.test import Client

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, CaseLink, CaseParty, Escalation
from portal.cases.queries import opened
from portal.cases.sweep import sweep
from portal.errors import NotAllowed
from portal.hall.desk import risen
from portal.notices.models import Notice
from portal.orgs.actions import relieve
from portal.orgs.models import Appointment, User
from repairs.models import Ticket
from tests.district import Cast, District, later
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def bar(ticket: Ticket, *people: User) -> None:
    for one in people:
        CaseParty.objects.create(case=ticket, person=one, as_what=CaseParty.BARRED)


def told_about(ticket: Ticket) -> set[User]:
    return {notice.to for notice in Notice.objects.filter(about=ticket.address).select_related("to")}


def test_nobody_barred_is_told_of_a_step(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    Notice.objects.all().delete()
    for one in (cast.vera, cast.hu):
        CaseParty.objects.create(case=ticket, person=one, as_what=CaseParty.FOLLOWER)
    bar(ticket, cast.hu, cast.dora)
    move(ticket, "comment", by=cast.rita, data={"words": "还在漏"})
    assert told_about(ticket) == {cast.vera}


def test_the_ladder_passes_whoever_is_barred(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    Notice.objects.all().delete()
    bar(ticket, cast.lin)
    with clock.at(later(hours=2)):
        sweep()
    rows = Escalation.objects.filter(case=ticket).order_by("rung").values_list("role", "told", "vacant")
    assert list(rows) == [
        ("holder", [cast.dora.pk], False), ("logistics_head", [], True), ("vice_principal", [cast.vera.pk], False),
    ]  # fmt: skip
    assert told_about(ticket) == {cast.dora, cast.vera}


def test_what_one_opened_is_no_longer_shown_once_one_is_barred(place: District, cast: Cast) -> None:
    ticket, other = reported(place, cast.rita), reported(place, cast.rita)
    bar(ticket, cast.rita)
    assert list(opened(cast.rita)) == [Case.objects.get(pk=other.pk)]


def test_in_a_closed_circle_no_other_post_counts(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.dora)
    Case.objects.filter(pk=ticket.pk).update(circle="private")
    with pytest.raises(NotAllowed):
        move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    assert move(ticket, "comment", by=cast.dora, data={"words": "补充"}).state == "reported"


def test_a_head_outside_the_circle_does_not_sign_off_for_an_opener_who_has_left(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    CaseParty.objects.create(case=ticket, person=cast.hu, as_what=CaseParty.HELPER)
    Case.objects.filter(pk=ticket.pk).update(circle="private")
    User.objects.filter(pk=cast.rita.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        move(ticket, "withdraw", by=cast.hu)


def test_a_case_names_only_those_linked_cases_its_reader_may_see(place: District, cast: Cast) -> None:
    ticket, shown, hidden = (reported(place, cast.rita, words=words) for words in ("灯", "门", "窗"))
    for other in (shown, hidden):
        CaseLink.objects.create(source=ticket, target=other, kind="merged")
    Case.objects.filter(pk=hidden.pk).update(circle="private", opener=cast.will)

    def named(client: Client) -> list[bool]:
        page = client.get(f"/repairs/tickets/{ticket.number}/").content.decode()
        return [other.number in page for other in (shown, hidden)]

    assert {one.username: named(as_(one)) for one in (cast.dora, cast.rita)} == {
        "dora": [True, False],
        "rita": [True, False],
    }


def test_what_rose_to_somebody_who_was_relieved_is_no_longer_on_their_page(place: District, cast: Cast) -> None:
    reported(place, cast.rita)
    with clock.at(later(hours=2)):
        sweep()
        assert len(risen(User.objects.get(pk=cast.lin.pk))) == 1
        relieve(Appointment.objects.get(person=cast.lin), by="clock")
        assert risen(User.objects.get(pk=cast.lin.pk)) == []
