"""Covering photos of a repair: who may cover which, who looks beneath, and what page, trail and programs say of it."""

from typing import Any

import pytest
from django.test import Client

from portal.evidence.covering import cover
from portal.evidence.models import Piece
from portal.ledger.models import Event
from portal.orgs.models import User
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.api.program import TICKETS, Program
from tests.portal.cases.test_pages import as_
from tests.repairs.strangers import sticker_of, visited
from tests.repairs.test_day import assigned
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def job(place: District, cast: Cast) -> Ticket:
    """Rita's report with a photo, dispatched to Will."""
    return assigned(place, cast, cast.will, photos=[photo_of(cast.rita).pk])


def photo(job: Ticket) -> Piece:
    return Piece.objects.get(address=job.address)


def page(who: User, path: str) -> str:
    return str(as_(who).get(path).content.decode())


def statuses(people: list[User], path: str, **said: Any) -> list[int]:
    return [as_(who).post(path, said).status_code for who in people]


def test_uploader_handler_desk_and_heads_cover_and_other_readers_do_not(job: Ticket, cast: Cast) -> None:
    where = f"/evidence/{photo(job).pk}/cover"
    may = [cast.rita, cast.will, cast.dora, cast.lin, cast.vera, cast.hu]
    assert statuses(may, where, cells=["1-1"]) == [302] * 6
    assert statuses([cast.ouyang, cast.wu, cast.sam, cast.tess], where, cells=["1-2"]) == [403, 403, 404, 404]
    assert photo(job).covered == [0]


def test_the_case_page_offers_it_to_those_and_says_what_happened(job: Ticket, cast: Cast) -> None:
    one, where = photo(job), f"/repairs/tickets/{job.number}/"
    link = f'href="/evidence/{one.pk}/cover"'
    assert [link in page(who, where) for who in (cast.rita, cast.dora, cast.hu, cast.ouyang)] == [
        True,
        True,
        True,
        False,
    ]
    done = cover(one.pk, [0, 1, 2], by=cast.dora)
    as_(cast.hu).post(f"/evidence/{one.pk}/original")
    seen = page(cast.ouyang, where)
    assert f"/evidence/{one.pk}/thumb?v={done.shown_sha256[:12]}" in seen and "已遮挡 3 格" in seen
    assert "遮挡了一张照片，遮住 3 格" in seen and "看了一张照片遮挡前的原图" in seen


def test_the_original_is_for_the_desk_and_the_heads_alone(job: Ticket, cast: Cast) -> None:
    cover(photo(job).pk, [0], by=cast.rita)
    where = f"/evidence/{photo(job).pk}/original"
    assert statuses([cast.rita, cast.will, cast.ouyang, cast.sam], where) == [403, 403, 403, 404]
    assert statuses([cast.dora, cast.lin, cast.hu], where) == [200, 200, 200]
    looks = Event.objects.filter(address=job.address, verb="saw_original").order_by("seq")
    assert [one.who for one in looks] == [f"person:{who.pk}" for who in (cast.dora, cast.lin, cast.hu)]


def test_of_a_private_report_even_a_head_neither_covers_nor_looks(place: District, cast: Cast) -> None:
    job = assigned(place, cast, cast.will, item="插座", discreet="on", photos=[photo_of(cast.rita).pk])
    cover(photo(job).pk, [0], by=cast.will)
    for path in (f"/evidence/{photo(job).pk}/cover", f"/evidence/{photo(job).pk}/original"):
        assert statuses([cast.hu, cast.ouyang], path, cells=["1-2"]) == [404, 404]
    assert statuses([cast.dora, cast.lin], f"/evidence/{photo(job).pk}/original") == [200, 200]


def test_what_was_covered_before_sending_says_so_in_the_trail(place: District, cast: Cast) -> None:
    piece = cover(photo_of(cast.rita).pk, [0, 1], by=cast.rita)
    job = reported(place, cast.rita, photos=[piece.pk])
    facts = Event.objects.get(address=job.address, verb="report").facts
    assert (facts["photos"], facts["covered"]) == ({"photos": [piece.sha256]}, {piece.sha256: 2})
    assert "附照片 1 张（1 张发送前遮挡过）" in page(cast.rita, f"/repairs/tickets/{job.number}/")
    assert statuses([cast.dora], f"/evidence/{piece.pk}/original") == [404]


def test_a_reporter_without_account_covers_their_own_and_the_desk_before_it_vouches(
    place: District, cast: Cast
) -> None:
    ticket = visited(sticker_of(place.room, cast.lin))
    piece, stranger = photo(ticket), Client()
    assert stranger.post("/receipt/", {"code": "WXYZ-WXYZ-WXYZ-WXYZ"}).status_code == 302
    link = f'href="/evidence/{piece.pk}/cover"'
    assert link in stranger.get(f"/repairs/tickets/{ticket.number}/").content.decode()
    page_of = stranger.get(f"/evidence/{piece.pk}/cover").content.decode()
    assert "看原图" not in page_of and f'href="/repairs/tickets/{ticket.number}/"' in page_of
    assert stranger.post(f"/evidence/{piece.pk}/cover", {"cells": ["1-1"]}).status_code == 302
    assert statuses([cast.dora, cast.hu], f"/evidence/{piece.pk}/cover", cells=["1-2"]) == [302, 404]
    assert stranger.post(f"/evidence/{piece.pk}/original").status_code == 403
    events = Event.objects.filter(address=ticket.address, verb="covered").order_by("seq")
    assert [one.who for one in events] == ["anonymous", f"person:{cast.dora.pk}"]
    assert photo(ticket).covered == [0, 1]


def test_programs_cover_by_the_same_form(job: Ticket, cast: Cast) -> None:
    dora, url = Program.of(cast.dora), f"/api/v1/evidence/{photo(job).pk}"
    grid = dora.get(f"{url}/cover").json()
    assert (grid["columns"], grid["covered"], grid["cells"]) == (12, 0, [])
    for body in ({}, {"cells": []}, {"cells": ["99-1"]}, {"cells": "1-1"}, {"cells": ["1-1"], "more": 1}):
        assert dora.post(f"{url}/cover", body).status_code == 422
    told = dora.post(f"{url}/cover", {"cells": ["1-1", "1-3"]}).json()
    assert (told["covered"], told["cells"], told["sha256"]) == (2, ["1-1", "1-3"], photo(job).shown_sha256)
    rows = dora.get(f"{TICKETS}/{job.number}/events").json()["results"]
    shown = [one for row in rows for one in row["photos"]]
    assert [(one["sha256"], one["covered"]) for one in shown] == [(photo(job).shown_sha256, 2)]
    assert dora.post(f"{url}/original", {})["Content-Type"] == "image/jpeg"
    assert Program.of(cast.will).post(f"{url}/original", {}).status_code == 403
