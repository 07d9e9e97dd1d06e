"""Covering parts of a photo on a phone: by dragging, cell by cell, without script, and while a report is being typed."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from tests.browser.conftest import Meet
from tests.district import Cast, District
from tests.portal.evidence.pictures import drawn, encoded, upload
from tests.repairs.test_loop import reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHOTO = encoded(drawn((600, 450)), quality=95)  # 12 by 9 cells, red on the left


def dark(piece: Piece, media: Path) -> list[str]:
    """The cells of the covered picture whose middle is black, by name."""
    picture = Image.open(media / piece.front.stored).convert("L")
    return [
        f"{row + 1}-{column + 1}"
        for row in range(9)
        for column in range(12)
        if picture.getpixel((column * 50 + 25, row * 50 + 25)) < 20  # type: ignore[operator]
    ]


def dragged(page: Page, first: tuple[int, int], last: tuple[int, int]) -> None:
    """A drag from one cell to another, each (row, column) from 1."""
    page.wait_for_load_state()
    box = page.locator(".cover-grid").bounding_box()
    assert box is not None
    for step, (row, column) in enumerate((first, last)):
        page.mouse.move(box["x"] + (column - 0.5) * box["width"] / 12, box["y"] + (row - 0.5) * box["height"] / 9)
        if step == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_face_is_covered_from_the_case_page_by_dragging(
    place: District, cast: Cast, meet: Meet, settings: object
) -> None:
    media = Path(settings.MEDIA_ROOT)  # type: ignore[attr-defined]
    ticket = reported(place, cast.rita, photos=[take_in(upload(PHOTO), by=cast.rita).pk])
    dora = meet(cast.dora, 390)
    dora.go(f"/repairs/tickets/{ticket.number}/")
    dora.press("遮挡")
    dragged(dora.page, (2, 3), (3, 5))
    expect(dora.page.locator("[data-said]")).to_have_text("选了 6 格，还没有遮。")
    dora.page.get_by_label("第 9 行第 12 列").click()
    dora.page.get_by_label("第 3 行第 5 列").click()  # not that one
    expect(dora.page.locator("[data-said]")).to_have_text("选了 6 格，还没有遮。")
    dora.look("covering")
    dora.press("遮住选中的格子")
    expect(dora.page.get_by_text("已遮住 6 格。")).to_be_visible()
    piece = Piece.objects.get(address=ticket.address)
    assert dark(piece, media) == ["2-3", "2-4", "2-5", "3-3", "3-4", "9-12"]
    dora.press("返回")
    expect(dora.page.get_by_text("已遮挡 6 格")).to_be_visible()
    dora.look("covered-case")


@pytest.mark.parametrize("size", [(2048, 1536), (1536, 2048), (600, 450), (400, 1600), (1600, 300)])
def test_the_grid_lies_exactly_over_the_photo(size: tuple[int, int], place: District, cast: Cast, meet: Meet) -> None:
    photo = take_in(upload(encoded(drawn(size), quality=60)), by=cast.rita)
    rita = meet(cast.rita, 390)
    for width in (390, 1440):
        rita.widen(width)
        page = rita.go(f"/evidence/{photo.pk}/cover")
        page.wait_for_load_state()
        photo_box, grid_box = (page.locator(where).bounding_box() for where in (".cover img", ".cover-grid"))
        assert photo_box is not None and grid_box is not None
        assert {side: round(at) for side, at in photo_box.items()} == {side: round(at) for side, at in grid_box.items()}
        assert photo_box["x"] + photo_box["width"] <= width
        first = page.locator(".cover-grid input").first.bounding_box()
        assert first is not None and min(first["width"], first["height"]) >= 24


def test_it_works_without_script(place: District, cast: Cast, chromium: Browser, meet: Meet, settings: object) -> None:
    ticket = reported(place, cast.rita, photos=[take_in(upload(PHOTO), by=cast.rita).pk])
    piece = Piece.objects.get(address=ticket.address)
    signed = meet(cast.rita, 390)
    context = chromium.new_context(
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        storage_state=signed.page.context.storage_state(),
    )
    page = context.new_page()
    page.goto(f"{signed.base}/evidence/{piece.pk}/cover")
    page.get_by_role("button", name="遮住选中的格子").click()
    expect(page.get_by_role("alert")).to_have_text("请先点选要遮住的格子。")
    page.get_by_label("第 1 行第 1 列").check()
    page.get_by_role("button", name="遮住选中的格子").click()
    expect(page.get_by_label("第 1 行第 1 列，已遮住")).to_be_disabled()
    fresh = Piece.objects.get(pk=piece.pk)
    assert dark(fresh, Path(settings.MEDIA_ROOT)) == ["1-1"]  # type: ignore[attr-defined]


def test_a_photo_of_a_report_being_typed_is_covered_beside_it(
    place: District, cast: Cast, meet: Meet, settings: object
) -> None:
    rita = meet(cast.rita, 390)
    page = rita.go(f"/repairs/report/?at={place.room.pk}")
    page.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PHOTO})
    small = page.locator("[data-evidence] .shot img")
    expect(small).to_have_count(1)
    before = small.get_attribute("src")
    rita.look("covering-beside")
    with page.context.expect_page() as opened:
        page.locator(".mask").click()
    beside = opened.value
    beside.get_by_label("第 1 行第 1 列", exact=True).check()
    beside.get_by_role("button", name="遮住选中的格子").click()
    expect(beside.get_by_text("已遮住 1 格。")).to_be_visible()
    beside.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(small).not_to_have_attribute("src", str(before))
    piece = Piece.objects.get()
    assert dark(piece, Path(settings.MEDIA_ROOT)) == ["1-1"]  # type: ignore[attr-defined]
    answer = page.request.get(str(small.get_attribute("src")))
    assert Image.open(BytesIO(answer.body())).convert("L").getpixel((5, 5)) < 20  # type: ignore[operator]
