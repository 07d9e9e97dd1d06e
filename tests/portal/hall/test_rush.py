"""A public page lies ready for two seconds; what is anybody's own never does."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from portal.hall.rush import MOST, Rush
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_the_second_reader_of_a_public_page_asks_nothing_and_what_is_ones_own_is_asked_each_time(
    place: District, cast: Cast, settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.RUSH_SECONDS = 60
    public, reader = "/canteen/answered/LX01/", Client()
    zipped = {"accept-encoding": "gzip"}
    first = reader.get(public, headers=zipped)
    with django_assert_num_queries(0):
        again = reader.get(public, headers=zipped)
    assert (again.status_code, again.content, again["Cache-Control"]) == (200, first.content, first["Cache-Control"])
    assert "Content-Security-Policy" in again and again["Content-Encoding"] == "gzip"
    assert reader.get(public).content != first.content  # for those who read no gzip it is another answer
    hu = as_(cast.hu)
    board = hu.get("/p/LX01/")  # looks at who asks
    assert (
        board["Cache-Control"] == "private, no-store" and cast.hu.name not in Client().get("/p/LX01/").content.decode()
    )
    rita = as_(cast.rita)
    assert [cast.hu.name in one.get("/").content.decode() for one in (hu, rita)] == [True, False]
    settings.RUSH_SECONDS = 0
    with django_assert_num_queries(2):
        reader.get(public, headers=zipped)


def test_no_more_lie_ready_than_there_is_room_for(settings: Any) -> None:
    settings.RUSH_SECONDS = 60
    answers = {"/own/": "private", "/all/": "public"}
    said = Rush(
        lambda request: HttpResponse(request.path, headers={"Cache-Control": answers.get(request.path, "public")})
    )
    for n in range(MOST + 5):
        said(RequestFactory().get(f"/{n}/"))
    assert len(said.ready) == 5
    for path in ("/own/", "/all/"):
        said(RequestFactory().get(path))
    said(RequestFactory().post("/posted/"))
    assert {path for _, path, _ in said.ready} - {f"/{n}/" for n in range(MOST + 5)} == {"/all/"}
