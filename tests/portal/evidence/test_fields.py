"""Photos in forms: only one's own, nothing lost when something else is wrong, with and without script."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.evidence.actions import attach, take_in
from portal.evidence.fields import contents
from portal.evidence.models import Piece
from portal.orgs.models import User

from .pictures import drawn, encoded, telling, upload
from .routes import Report, bound

pytestmark = pytest.mark.urls("tests.portal.evidence.routes")
PhotoBy = Callable[[Any], Piece]
GONE = {"photos": ["有一张照片已失效，请重新上传。"]}


def errors(photos: Any, by: Any, **more: Any) -> dict[str, list[str]]:
    form = bound({"words": "灯不亮", "photos": photos, **more}, by=by)
    return {name: [str(line) for line in lines] for name, lines in form.errors.items()}


def cleaned(data: Any, by: Any) -> list[Piece]:
    form = bound(data, by=by)
    assert form.errors == {}
    return list(form.cleaned_data["photos"])


def test_a_form_and_a_program_name_photos_alike(rita: User, photo_by: PhotoBy) -> None:
    first, second = photo_by(rita), photo_by(rita)
    typed = QueryDict(f"words=x&photos={second.pk}&photos={first.pk}&photos={second.pk}")
    assert cleaned(typed, rita) == [second, first]
    assert cleaned({"words": "x", "photos": [str(second.pk), str(first.pk)]}, rita) == [second, first]
    assert cleaned({"words": "x", "photos": str(first.pk)}, rita) == [first]


def test_too_few_and_too_many_are_said_with_their_numbers(rita: User, photo_by: PhotoBy) -> None:
    ids = [str(photo_by(rita).pk) for _ in range(4)]
    least = {"photos": ["请至少上传 1 张照片。"]}
    assert [errors(none, rita) for none in ([], None, "", [None], ["", " "])] == [least] * 5
    assert errors(ids, rita) == {"photos": ["最多 3 张照片，请去掉几张。"]}
    assert errors(ids[:3], rita) == {}


def test_only_ones_own_waiting_photos_are_known(rita: User, sam: User, photo_by: PhotoBy) -> None:
    mine, his, used = photo_by(rita), photo_by(sam), photo_by(rita)
    attach([used.pk], to="thing:1", role="before", by=rita, at=clock.now())
    wrongs = [his.pk, used.pk, uuid4(), "17", "a\0b", "😀", 5, {"a": 1}, [str(mine.pk)], True, 1.5]
    assert [errors([str(mine.pk), wrong], rita) for wrong in wrongs] == [GONE] * len(wrongs)
    assert errors([str(mine.pk)], rita) == {}
    assert [errors([str(mine.pk)], by) for by in (sam, None, "clock")] == [GONE] * 3


def test_a_field_takes_only_the_kinds_it_asks_for(rita: User, photo_by: PhotoBy) -> None:
    photo = photo_by(rita)
    paper = take_in(upload(b"%PDF-1.7", "说明.pdf"), by=rita, kinds=("document",))
    assert errors([str(paper.pk)], rita) == GONE
    assert errors([str(photo.pk)], rita, papers=[str(photo.pk)]) == {"papers": GONE["photos"]}
    assert errors([str(photo.pk)], rita, papers=[str(paper.pk)]) == {}


def test_a_step_that_needs_a_photo_makes_a_free_field_necessary(rita: User) -> None:
    form = Report({"words": "x", "photos": []})
    form.fields["papers"].bind(rita, needed=True)  # type: ignore[attr-defined]
    form.fields["photos"].bind(rita)  # type: ignore[attr-defined]
    assert form.errors["papers"] == ["请至少上传 1 个文件。"]
    assert Report.base_fields["papers"].required is False


@pytest.fixture
def browser(rita: User) -> Client:
    client = Client()
    client.force_login(rita)
    return client


def send(browser: Client, **data: Any) -> str:
    return browser.post(reverse("report"), data).content.decode()


def test_a_good_photo_survives_a_mistake_elsewhere_and_a_bad_photo(browser: Client, rita: User, sam: User) -> None:
    good, text = upload(telling("JPEG")), SimpleUploadedFile("窗户.jpg", b"hello", "image/jpeg")
    page = send(browser, words="太长" * 20, photos=[good, text])
    kept = Piece.objects.get()
    assert (kept.uploader, kept.address) == (rita, "")
    assert (
        f'<input class="sr keep" type="checkbox" name="photos" value="{kept.pk}" id="keep-{kept.pk}" checked>' in page
    )
    assert reverse("evidence:thumbnail", args=[kept.pk]) in page
    assert "窗户.jpg：这个文件不是照片。" in page
    assert f'value="{"太长" * 20}"' in page
    again = send(browser, words="灯不亮", photos=[str(kept.pk), upload(encoded(drawn((50, 50))), "b.jpg")])
    assert again.split(",")[0] == str(kept.pk)
    assert Piece.objects.count() == 2


def test_a_refused_file_keeps_the_form_from_going_through(browser: Client) -> None:
    big = SimpleUploadedFile("大.jpg", telling("JPEG") + bytes(30 * 1024 * 1024), "image/jpeg")
    page = send(browser, words="灯不亮", photos=[upload(telling("JPEG")), big])
    assert "大.jpg：这个文件有 30 MB，上限是 20 MB。" in page
    assert 'value="灯不亮"' in page
    assert Piece.objects.count() == 1


def test_only_the_ticked_ones_come_along_and_dead_ones_are_not_drawn(
    browser: Client, rita: User, photo_by: PhotoBy
) -> None:
    first, second = photo_by(rita), photo_by(rita)
    assert send(browser, words="x", photos=[str(second.pk)]) == str(second.pk)
    page = send(browser, words="x", photos=[str(first.pk), str(uuid4())])
    assert GONE["photos"][0] in page
    assert page.count('class="sr keep"') == 1


def test_files_for_fields_that_take_none_are_left_alone(browser: Client) -> None:
    page = send(browser, words=upload(telling("JPEG")), strange=upload(telling("PNG")), papers=upload(telling("JPEG")))
    assert Piece.objects.count() == 0
    assert "这里只收 PDF、Word（docx）和 Excel（xlsx）文件。" in page


def test_two_equal_submissions_have_equal_contents_though_not_equal_ids(rf: Any) -> None:
    def sent(*bodies: bytes) -> Any:
        return rf.post("/report", {"words": "x", "photos": [upload(body) for body in bodies]})

    first, again, other = sent(telling("JPEG")), sent(telling("JPEG")), sent(telling("PNG"), telling("JPEG"))
    assert contents(first) == contents(again) != contents(other)
    assert {name: len(digests) for name, digests in contents(other).items()} == {"photos": 2}


def test_an_empty_form_has_a_chooser_for_several_photos_tied_to_its_label(browser: Client) -> None:
    page = browser.get(reverse("report")).content.decode()
    assert '<input type="file" name="photos" accept="image/*" multiple' in page
    assert '<input type="file" name="papers" accept=".pdf,.docx,.xlsx" multiple' in page
    assert f'data-upload="{reverse("evidence:upload")}"' in page
