"""并入: a duplicate ends, its reporters follow the other ticket, receipts lead there; nothing else can be merged into."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from portal.cases.actions import move
from portal.cases.models import Case, CaseLink, CaseParty
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.queries import chain_of, intact
from portal.notices.models import Notice
from portal.orgs.models import User
from repairs.models import Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported


@pytest.fixture
def pair(monday: None, place: District, cast: Cast) -> tuple[Ticket, Ticket]:
    """The same lamp reported by Rita and by Vera; Ouyang follows the second report."""
    first, second = reported(place, cast.rita), reported(place, cast.vera, words="灯坏了")
    move(second, "follow", by=cast.ouyang)
    return first, second


def followers(case: Case) -> set[str]:
    return set(CaseParty.objects.filter(case=case, as_what="follower").values_list("person__username", flat=True))


def test_a_duplicate_ends_and_its_people_follow_the_other(pair: tuple[Ticket, Ticket], cast: Cast) -> None:
    first, second = pair
    merged = move(second, "merge", by=cast.dora, data={"into": first.number.lower()})
    assert (merged.state, merged.is_open, merged.due_at) == ("merged", False, None)
    assert [(one.source_id, one.target_id) for one in CaseLink.objects.filter(kind="merged")] == [(second.pk, first.pk)]
    assert followers(first) == {"vera", "ouyang"}
    told = Notice.objects.filter(verb="merge").order_by("to__username").values_list("to__username", "title")
    assert list(told) == [(who, f"多兰把这一件并入 {first.number}：203 教室 灯坏了") for who in ("ouyang", "vera")]
    move(first, "accept", by=cast.dora, data={"reply": "好"})
    heard = Notice.objects.filter(verb="accept").values_list("to__username", flat=True)
    assert set(heard) == {"rita", "vera", "ouyang"}
    assert list(chain_of(first.address).values_list("verb", flat=True)) == ["report", "absorbed", "accept"]
    fresh = Case.objects.get(pk=first.pk)
    assert intact(fresh.address, fresh.chain_head).sound


def test_both_pages_say_so_and_lead_to_each_other(pair: tuple[Ticket, Ticket], cast: Cast) -> None:
    first, second = pair
    move(second, "merge", by=cast.dora, data={"into": first.number})
    page = as_(cast.vera).get(f"/repairs/tickets/{second.number}/").content.decode()
    assert f"这一件已并入 {first.number}" in page and f"/repairs/tickets/{first.number}/" in page
    page = as_(cast.vera).get(f"/repairs/tickets/{first.number}/").content.decode()
    assert f"并入了 {second.number}" in page


def test_only_an_open_ticket_of_the_same_school_can_be_merged_into(
    pair: tuple[Ticket, Ticket], place: District, cast: Cast
) -> None:
    first, second = pair
    far, over = reported(place, cast.tess, unit=place.far_room.pk), reported(place, cast.rita)
    move(over, "withdraw", by=cast.rita)
    for number in (second.number, far.number, over.number, "BX-LX01-2026-99999", ""):
        with pytest.raises(BadInput) as refused:
            move(second, "merge", by=cast.dora, data={"into": number})
        assert list(refused.value.errors) == ["into"]
    with pytest.raises(NotAllowed):
        move(second, "merge", by=cast.vera, data={"into": first.number})
    assert not CaseLink.objects.exists()


def test_what_was_merged_before_goes_along(pair: tuple[Ticket, Ticket], place: District, cast: Cast) -> None:
    first, second = pair
    third = reported(place, cast.hu)
    move(second, "merge", by=cast.dora, data={"into": first.number})
    move(first, "merge", by=cast.dora, data={"into": third.number})
    assert followers(third) == {"rita", "vera", "ouyang"}
    assert set(CaseLink.objects.filter(target=third).values_list("source", flat=True)) == {first.pk, second.pk}


def test_a_receipt_leads_to_the_other_ticket_and_grants_nothing_there(
    monday: None, place: District, cast: Cast
) -> None:
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "灯坏了", "walk_in": "on"}
    page = as_(cast.dora).post("/repairs/report/", said, follow=True).content.decode()
    code = page.partition("回执码 ")[2][:19]
    walked_in = Ticket.objects.get()
    first = reported(place, cast.rita)
    move(walked_in, "merge", by=cast.dora, data={"into": first.number})
    visitor = Client()
    answer = visitor.post("/receipt/", {"code": code})
    assert answer["Location"] == f"/repairs/tickets/{first.number}/"
    assert visitor.get(answer["Location"]).status_code == 200
    assert visitor.get(f"/repairs/tickets/{walked_in.number}/").status_code == 200
    assert visitor.post(f"/repairs/tickets/{first.number}/withdraw/", {}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_tickets_are_never_merged_into_each_other(place: District, cast: Cast) -> None:
    for _ in range(5):
        pair = reported(place, cast.rita), reported(place, cast.vera)
        together = Barrier(2)

        def merge(one: Ticket, other: Ticket, by: User, together: Barrier = together) -> str:
            together.wait()
            try:
                return move(one, "merge", by=by, data={"into": other.number}).state
            except Refused as refused:
                return str(refused.sentence)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(merge, pair, pair[::-1], [cast.dora, cast.dora]))
        assert said.count("merged") <= 1
        assert Case.objects.filter(pk__in=[one.pk for one in pair], is_open=True).count() == 2 - said.count("merged")
