"""Pictures inside announcements: taken in like all evidence, safe, said in words, under the digest, for their readers alone."""

import json
import re
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from portal.errors import BadInput
from portal.evidence.models import Piece
from portal.evidence.store import digest_on_disk
from portal.ledger.verification import verify
from portal.publications.actions import retract
from portal.publications.announcing import amend
from portal.publications.markup import html_of
from portal.publications.models import Announcement, Publication
from portal.publications.pictures import name_of
from portal.publications.rich import Drawn, shown
from portal.publications.verifying import by_file
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_

from .test_announcements import drafted, out

pytestmark = pytest.mark.usefixtures("monday")
ID = "7f3a91c2-0000-4000-8000-000000000001"


def text_with(*pieces: Piece, alt: str = "运动会开幕式") -> str:
    return "\n\n".join(["开幕了。", *(f"![{alt}]({name_of(piece)})" for piece in pieces), "欢迎来看。"])


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        (
            '甲\n![a" onerror="alert(1)](7f3a91c2)\n乙',
            f'<p>甲</p><figure><img src="picture:{ID}" alt="a&quot; onerror=&quot;alert(1)">'
            '<figcaption>a" onerror="alert(1)</figcaption></figure><p>乙</p>',
        ),
        (
            "![<img src=x onerror=alert(1)> \\] **粗**](7f3a91c2)",
            f'<figure><img src="picture:{ID}" alt="&lt;img src=x onerror=alert(1)&gt; ] **粗**">'
            "<figcaption>&lt;img src=x onerror=alert(1)&gt; ] **粗**</figcaption></figure>",
        ),
        ("![别人的](00000000)", "<p>![别人的](00000000)</p>"),
        ("![网上的](https://evil.cn/x.png)", '<p>!<a href="https://evil.cn/x.png" rel="noopener noreferrer nofollow">网上的</a></p>'),
        ("![坏](javascript:alert(1))", "<p>![坏](javascript:alert(1))</p>"),
    ],
)  # fmt: skip
def test_a_picture_is_a_mark_and_nothing_in_it_runs(typed: str, html: str) -> None:
    assert html_of(typed, {"7f3a91c2": ID}) == html


@pytest.mark.parametrize(
    "stored",
    [
        '<img src=x onerror=alert(1)>', '<img src="https://evil.cn/x.png">', '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
        f'<img src="picture:{ID}/../x">', '<a href="picture:x">点</a>', '<figure onclick=alert(1)><svg onload=alert(1)></figure>',
    ],
)  # fmt: skip
def test_whatever_reached_the_database_nothing_foreign_is_fetched_or_runs(stored: str) -> None:
    page = shown(stored, {ID: Drawn("/p/x.jpg", 4, 3)}.get)
    assert re.findall(r"src=|href=|on\w+=|<svg", page) == []


def test_a_picture_is_published_with_its_digest_and_keeps_its_place_free_on_the_page(
    place: District, cast: Cast, client: Client
) -> None:
    piece = photo_of(cast.hu, size=(3000, 1500))
    one = out(place.school, cast.hu, audience="public", asks_receipt=False, drawn=[piece], text=text_with(piece))
    made = Publication.objects.get()
    said = json.loads(made.payload)["content"]
    piece.refresh_from_db()
    assert said["pictures"] == [
        {"id": str(piece.pk), "alt": "运动会开幕式", "sha256": piece.sha256, "bytes": piece.bytes, "width": 2048, "height": 1024}
    ]  # fmt: skip
    assert (said["summary"], digest_on_disk(piece.stored)) == ("开幕了。 欢迎来看。", piece.sha256)
    where = f"/p/LX01/announcements.public/{made.issue.period}/1/pictures/{piece.pk}.jpg"
    page = client.get(f"/p/LX01/announcements.public/{made.issue.period}/").content.decode()
    assert re.findall(r"<img [^>]+>", page.partition("pub-text")[2]) == [
        f'<img loading="lazy" decoding="async" width="2048" height="1024" src="{where}" alt="运动会开幕式">'
    ]
    answer = client.get(where)
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        200, "image/jpeg", "nosniff", "public, no-cache",
    )  # fmt: skip
    with Image.open(BytesIO(answer.content)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((2048, 1024), {})
    assert client.get(where, headers={"if-none-match": answer["ETag"]}).status_code == 304
    other = photo_of(cast.hu)
    foreign = where.replace(str(piece.pk), str(other.pk))
    assert (client.get(foreign).status_code, client.get(f"/evidence/{piece.pk}").status_code) == (404, 302)
    poster = client.get(where.partition("pictures/")[0] + "poster/").content.decode()
    assert where in poster
    assert by_file(made.payload.replace(piece.sha256, "0" * 64).encode()).answer == "changed"
    assert verify(overdue=False).flaw is None
    keeps = amend(
        one, reason="改时间", by=cast.hu, seen=one.version, category="notice", title="改", text=text_with(piece)
    )
    assert json.loads(keeps.payload)["content"]["pictures"] == said["pictures"]
    assert client.get(where.replace("/1/", "/2/")).status_code == 200
    now = Announcement.objects.get()
    again = amend(now, reason="换图", by=cast.hu, seen=now.version, category="notice", title="换",
                  drawn=[other], text=text_with(other))  # fmt: skip
    assert [client.get(path).status_code for path in (where.replace("/1/", "/3/"), foreign.replace("/1/", "/3/"), where)] == [
        404, 200, 200,
    ]  # fmt: skip
    assert verify(overdue=False).flaw is None
    retract(again.issue, reason="发错了", by=cast.hu, seen=3)
    assert [client.get(path).status_code for path in (where, foreign.replace("/1/", "/3/"))] == [404, 404]


def test_a_picture_for_staff_or_parents_is_served_to_them_alone(place: District, cast: Cast, client: Client) -> None:
    piece = photo_of(cast.rita)
    draft = drafted(place.school, cast.rita, drawn=[piece], text=text_with(piece))
    waiting = f"/evidence/{piece.pk}"
    assert [as_(who).get(waiting).status_code for who in (cast.rita, cast.hu, cast.tess)] == [200, 404, 404]
    seen = as_(cast.rita).get(f"/publishing/{draft.pk}/").content.decode()
    assert f'src="{waiting}" alt="运动会开幕式"' in seen
    for audience, readers in (("staff", [200, 404, 404, 302]), ("parents", [200, 404, 404, 302])):
        mine = photo_of(cast.hu)
        one = out(place.school, cast.hu, audience=audience, drawn=[mine], text=text_with(mine))
        assert one.issue is not None
        where = f"/p/LX01/announcements.{audience}/{one.issue.period}/1/pictures/{mine.pk}.jpg"
        found = [as_(who).get(where).status_code for who in (cast.will, cast.tess, cast.ping)]
        assert [*found, client.get(where).status_code] == readers
        answer = as_(cast.will).get(where)
        assert (answer["Cache-Control"], answer["Vary"]) == ("private, no-cache", "Cookie, Accept-Encoding")
        elsewhere = where.replace(f"announcements.{audience}", "announcements.public")
        assert client.get(elsewhere).status_code == 404


def test_each_picture_says_what_it_shows_and_belongs_to_the_text(place: District, cast: Cast) -> None:
    piece, spare = photo_of(cast.hu), photo_of(cast.hu)
    for text, drawn, words in (
        (text_with(piece, alt=""), [piece], "说明"),
        (text_with(piece, alt="长" * 101), [piece], "100"),
        (text_with(piece, spare), [piece], "不在这一篇里"),
        (text_with(piece), [piece, spare], "没有写进正文"),
        (text_with(piece, piece), [photo_of(cast.rita)], "失效"),
    ):
        with pytest.raises(BadInput, match=words):
            drafted(place.school, cast.hu, drawn=drawn, text=text)
    assert Piece.objects.exclude(address="").count() == 0


def test_without_script_a_picture_sent_along_asks_for_its_words_and_nothing_is_lost(
    place: District, cast: Cast
) -> None:
    hu, body = as_(cast.hu), BytesIO()
    Image.new("RGB", (40, 30), "green").save(body, "PNG")
    body.seek(0)
    body.name = "a.png"
    form = {"unit": place.school.pk, "audience": "public", "category": "news", "title": "运动会", "text": "开幕了。"}
    first = hu.post("/publishing/add/", form | {"pictures": body})
    piece = Piece.objects.get()
    mark = f"![]({name_of(piece)})"
    page = first.content.decode()
    assert (first.status_code, f"开幕了。\n\n{mark}" in page.replace("\r", ""), "请给每张图写上说明" in page) == (
        422,
        True,
        True,
    )
    assert f'value="{piece.pk}"' in page and f'src="/evidence/{piece.pk}"' in page
    said = form | {"text": f"开幕了。\n\n{mark.replace('[]', '[入场]')}", "pictures": str(piece.pk)}
    assert hu.post("/publishing/add/", said).status_code == 302
    one = Announcement.objects.get()
    piece.refresh_from_db()
    assert (piece.address, piece.role) == (one.address, "pictures")
    assert hu.post(f"/publishing/{one.pk}/edit/", said | {"version": one.version, "pictures": []}).status_code == 302
