"""Covering parts of a photo: real pixels, who may, what is left beneath, and two people at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from PIL import Image

from portal import clock
from portal.errors import BadInput, NotAllowed, NotThere
from portal.evidence import gates
from portal.evidence.actions import COVERED_MEANWHILE, attach, purge, take_in
from portal.evidence.covering import cover, uncover
from portal.evidence.erasing import erase
from portal.evidence.gates import Keeper, on_cover
from portal.evidence.grids import Grid
from portal.evidence.models import Piece
from portal.evidence.proof import check
from portal.ledger.actions import append
from portal.ledger.models import Event
from portal.ledger.verification import Checked
from portal.orgs.actions import appoint, plant
from portal.orgs.models import Appointment, User
from tests.portal.cases.test_pages import as_

from .conftest import Slip, files_in, person
from .pictures import drawn, encoded, pixel, upload

PhotoBy = Callable[[Any], Piece]
SIZE = (600, 400)  # 12 columns and 8 rows of 50 pixels


def photo_of(by: Any, size: tuple[int, int] = SIZE) -> Piece:
    return take_in(upload(encoded(drawn(size), quality=95)), by=by)


def at(media: Path, stored: str, column: float, row: float, of: Grid | None = None) -> str:
    """The colour in the middle of a cell, counted from 0."""
    grid = of or Grid(*SIZE)
    return pixel((media / stored).read_bytes(), (column + 0.5) / grid.columns, (row + 0.5) / grid.rows)


def colours(media: Path, stored: str) -> list[str]:
    return [at(media, stored, *cell) for cell in ((0, 0), (1, 0), (6, 1), (6, 6))]


@pytest.fixture
def holder(rita: User) -> Appointment:
    school = plant(
        name="柳溪镇中心小学",
        kind="school",
        parent=plant(name="教育局", kind="bureau", by="clock"),
        code="LX01",
        by="clock",
    )
    return appoint(person=rita, role="teacher", unit=school, by="clock")


@pytest.fixture
def kept(holder: Appointment, rita: User, will: User) -> Iterator[Keeper]:
    """Of what is attached to appointments: everybody sees it, Rita and Will cover, Will looks beneath."""

    def locked(address: str) -> Appointment:
        return Appointment.objects.select_for_update().get(pk=address.partition(":")[2])

    names = {rita.pk, will.pk}
    keeper = Keeper(
        covers=lambda by, piece: getattr(by, "pk", 0) in names,
        uncovers=lambda by, piece: by == will,
        locked=locked,
        page=lambda address: "/the/page/",
    )
    gates.on_view("appointment", lambda by, address: isinstance(by, User))
    on_cover("appointment", keeper)
    yield keeper
    gates._gates.pop("appointment")
    gates._keepers.pop("appointment")


def attached(piece: Piece, holder: Appointment, by: User) -> Piece:
    now = clock.now()
    (piece,) = attach([piece], to=holder.address, role="before", by=by, at=now)
    append(Appointment.objects.get(pk=holder.pk), "proved", by=by, at=now, facts={"photos": {"before": [piece.sha256]}})
    return piece


@pytest.mark.parametrize(
    ("size", "columns", "rows"),
    [((4000, 3000), 12, 9), ((1536, 2048), 12, 16), ((2048, 300), 12, 2), ((500, 2048), 6, 24), ((1, 1), 12, 12)],
)
def test_the_grid_has_near_square_cells_and_leaves_no_pixel_out(size: tuple[int, int], columns: int, rows: int) -> None:
    grid = Grid(*size)
    assert (grid.columns, grid.rows) == (columns, rows)
    boxes = grid.boxes(range(grid.size))
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) == size[0] * size[1]
    assert [grid.number(grid.name(one)) for one in range(grid.size)] == list(range(grid.size))
    assert [grid.number(odd) for odd in ("0-1", f"{rows + 1}-1", f"1-{columns + 1}", "1", "-1-1", "1-1-1", "")] == [
        None
    ] * 7


def test_before_it_is_sent_nothing_is_left_of_what_was_covered(rita: User, media: Path) -> None:
    photo = photo_of(rita)
    assert colours(media, photo.stored) == ["red", "red", "green", "white"]
    done = cover(photo.pk, [0, Grid(*SIZE).number("2-7") or 0], by=rita)
    assert (done.covered, done.shown) == ([0, 18], "")
    assert done.sha256 != photo.sha256 and done.pk == photo.pk
    fresh = Piece.objects.get(pk=photo.pk)
    assert fresh.front == (done.stored, done.thumbnail, done.sha256)
    for stored in (fresh.stored, fresh.thumbnail):
        assert colours(media, stored) == ["black", "red", "black", "white"]
    assert b"Exif" not in (media / fresh.stored).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_the_old_files_go_when_the_covered_ones_are_written(media: Path) -> None:
    rita = person("Rita")
    photo = photo_of(rita)
    before = files_in(media)
    done = cover(photo.pk, [0], by=rita)
    assert files_in(media) == sorted([done.stored, done.thumbnail])
    assert not set(before) & set(files_in(media))
    assert purge().orphans == 0 and files_in(media) == sorted([done.stored, done.thumbnail])


def test_once_sent_the_original_stays_and_everybody_is_shown_the_covered_one(
    rita: User, will: User, sam: User, holder: Appointment, kept: Keeper, media: Path
) -> None:
    photo = attached(photo_of(rita), holder, rita)
    first = cover(photo.pk, [0], by=rita)
    second = cover(photo.pk, [1], by=will)
    assert (second.stored, second.sha256, second.covered) == (photo.stored, photo.sha256, [0, 1])
    assert colours(media, second.stored) == ["red", "red", "green", "white"]
    assert [colours(media, one)[:3] for one in (second.shown, second.shown_thumbnail)] == [
        ["black", "black", "green"]
    ] * 2
    for name, stored in (("photo", second.shown), ("thumbnail", second.shown_thumbnail), ("download", second.shown)):
        for who in (rita, will, sam):
            answer = as_(who).get(reverse(f"evidence:{name}", args=[photo.pk]))
            assert b"".join(answer.streaming_content) == (media / stored).read_bytes()  # type: ignore[attr-defined]
            assert second.shown_sha256 in answer["ETag"]
    told = {"piece": str(photo.pk), "photo": photo.sha256, "blocks": 1}
    events = Event.objects.filter(address=holder.address, verb="covered").order_by("seq")
    assert [(one.who, one.facts) for one in events] == [
        (f"person:{rita.pk}", told | {"shown": first.shown_sha256, "instead_of": photo.sha256}),
        (f"person:{will.pk}", told | {"shown": second.shown_sha256, "instead_of": first.shown_sha256}),
    ]
    assert check() == Checked(1)


def test_covering_what_is_covered_changes_nothing(rita: User, holder: Appointment, kept: Keeper) -> None:
    photo = attached(photo_of(rita), holder, rita)
    once = cover(photo.pk, [3, 4], by=rita)
    again = cover(photo.pk, [4, 3], by=rita)
    assert (again.shown_sha256, again.covered) == (once.shown_sha256, [3, 4])
    assert Event.objects.filter(address=holder.address, verb="covered").count() == 1


def test_who_may_not_cover_is_refused_and_strangers_find_nothing(
    rita: User, will: User, sam: User, holder: Appointment, kept: Keeper, gate: Any
) -> None:
    waiting, hers = photo_of(rita), attached(photo_of(rita), holder, rita)
    with pytest.raises(NotAllowed):
        cover(hers.pk, [0], by=sam)
    for by in (will, sam, Slip("a" * 64), None):
        with pytest.raises(NotThere):
            cover(waiting.pk, [0], by=by)
    (unkept,) = attach([photo_of(rita)], to="thing:1", role="before", by=rita, at=clock.now())
    gate["thing:1"] = {rita}
    with pytest.raises(NotAllowed):
        cover(unkept.pk, [0], by=rita)
    document = take_in(upload(b"%PDF-1.7\n%%EOF", "说明.pdf"), by=rita, kinds=("document",))
    with pytest.raises(NotThere):
        cover(document.pk, [0], by=rita)


def test_a_look_at_the_original_is_written_down_and_only_for_those_entitled(
    rita: User, will: User, sam: User, holder: Appointment, kept: Keeper, media: Path
) -> None:
    photo = attached(photo_of(rita), holder, rita)
    where = reverse("evidence:original", args=[photo.pk])
    assert as_(will).post(where).status_code == 404  # nothing lies beneath
    cover(photo.pk, [0], by=rita)
    assert [as_(who).post(where).status_code for who in (rita, sam)] == [403, 403]
    assert as_(will).get(where).status_code == 405
    answer = as_(will).post(where)
    assert b"".join(answer.streaming_content) == (media / photo.stored).read_bytes()  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "no-store"
    looks = Event.objects.filter(address=holder.address, verb="saw_original").values_list("who", "facts")
    assert list(looks) == [(f"person:{will.pk}", {"piece": str(photo.pk), "photo": photo.sha256})]
    with pytest.raises(NotThere):
        uncover(photo_of(rita).pk, by=rita)


def test_the_page_works_without_script_and_says_what_is_wrong(
    rita: User, will: User, holder: Appointment, kept: Keeper
) -> None:
    photo = attached(photo_of(rita), holder, rita)
    where = reverse("evidence:cover", args=[photo.pk])
    page = as_(rita).get(where).content.decode()
    assert page.count('type="checkbox"') == 96
    assert 'aria-label="第 8 行第 12 列"' in page and "/the/page/" in page and "看原图" not in page
    for said in ({}, {"cells": ["9-1"]}, {"cells": ["第一格"]}, {"cells": ["1-1", "1-13"]}):
        answer = as_(rita).post(where, said)
        assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert Piece.objects.get(pk=photo.pk).covered == []
    assert as_(rita).post(where, {"cells": ["1-1", "8-12"]}).status_code == 302
    assert Piece.objects.get(pk=photo.pk).covered == [0, 95]
    assert "checked disabled" in as_(rita).get(where).content.decode()
    assert "看原图，并记入经过" in as_(will).get(where).content.decode()


def test_a_photo_covered_while_it_is_being_sent_is_refused_once(rita: User, holder: Appointment) -> None:
    read = photo_of(rita)
    cover(read.pk, [0], by=rita)
    with pytest.raises(BadInput, match=COVERED_MEANWHILE):
        attach([read], to=holder.address, role="before", by=rita, at=clock.now())
    assert attach([read.pk], to=holder.address, role="before", by=rita, at=clock.now())[0].covered == [0]


def test_verify_finds_a_cover_taken_off_swapped_or_lost(
    rita: User, holder: Appointment, kept: Keeper, media: Path
) -> None:
    photo = cover(attached(photo_of(rita), holder, rita).pk, [0], by=rita)
    body = (media / photo.shown).read_bytes()
    (media / photo.shown).write_bytes(body + b" ")
    assert "被改动过" in str(check().flaw)
    (media / photo.shown).write_bytes(body)
    Piece.objects.filter(pk=photo.pk).update(shown_sha256="0" * 64)
    assert "遮挡" in str(check().flaw)
    Piece.objects.filter(pk=photo.pk).update(shown="", shown_sha256="", shown_thumbnail="")
    assert "遮挡不见了" in str(check().flaw)


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_takes_both_pictures_along_and_verify_is_content(media: Path) -> None:
    rita = person("Rita")
    school = plant(
        name="柳溪镇中心小学",
        kind="school",
        parent=plant(name="教育局", kind="bureau", by="clock"),
        code="LX01",
        by="clock",
    )
    holder = appoint(person=rita, role="teacher", unit=school, by="clock")
    gates.on_view("appointment", lambda by, address: True)
    on_cover(
        "appointment",
        Keeper(
            lambda by, piece: True, lambda by, piece: True, lambda address: Appointment.objects.get(), lambda a: "/"
        ),
    )
    try:
        photo = attached(photo_of(rita), holder, rita)
        cover(photo.pk, [0], by=rita)
        assert len(files_in(media)) == 4
        append(
            Appointment.objects.get(), "gone", by=rita, at=clock.now(), facts={"erased": erase(holder.address, by=rita)}
        )
    finally:
        gates._gates.pop("appointment")
        gates._keepers.pop("appointment")
    assert (files_in(media), check()) == ([], Checked(0))


@pytest.mark.django_db(transaction=True)
def test_of_those_who_cover_at_once_everybody_has_their_way(media: Path) -> None:
    rita = person("Rita")
    photo, ready = photo_of(rita), Barrier(4)

    def go(n: int) -> None:
        try:
            ready.wait()
            cover(photo.pk, [n, n + 4], by=rita)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(go, range(4)))
    fresh = Piece.objects.get(pk=photo.pk)
    assert fresh.covered == list(range(8))
    assert [at(media, fresh.stored, column, 0) for column in range(9)] == ["black"] * 8 + ["green"]
    assert Image.open(media / fresh.stored).size == SIZE
