"""Files out: through the gate of what they are attached to, with the headers that keep them private and harmless."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.errors import NotThere
from portal.evidence import who
from portal.evidence.actions import attach, take_in
from portal.evidence.gates import on_view, open_piece
from portal.evidence.models import Piece
from portal.orgs.models import User

from .conftest import Slip
from .pictures import telling, upload

pytestmark = pytest.mark.urls("tests.portal.evidence.routes")
PhotoBy = Callable[[Any], Piece]
Gate = dict[str, set[Any]]


def browser(person: User | None = None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def at(name: str, piece: Piece) -> str:
    return reverse(f"evidence:{name}", args=[piece.pk])


def pieces_of(person: User) -> tuple[Piece, Piece]:
    """A photo and a document of this person."""
    document = take_in(upload(b"%PDF-1.7\n%%EOF", "说明.pdf"), by=person, kinds=("document",))
    return take_in(upload(telling("JPEG")), by=person), document


def sees(by: Any, piece: Piece) -> bool:
    try:
        return open_piece(piece.pk, by=by) == piece
    except NotThere:
        return False


def test_before_it_is_attached_only_its_uploader_sees_it(rita: User, sam: User, photo_by: PhotoBy) -> None:
    hers, slips = photo_by(rita), photo_by(Slip("a" * 64))
    everybody = (rita, sam, Slip("a" * 64), Slip("b" * 64), Slip(""), "clock", None)
    assert [sees(by, hers) for by in everybody] == [True] + [False] * 6
    assert [sees(by, slips) for by in everybody] == [False, False, True, False, False, False, False]


def test_once_attached_the_gate_alone_decides(rita: User, will: User, sam: User, photo_by: PhotoBy, gate: Gate) -> None:
    photo = attach([photo_by(rita).pk], to="thing:1", role="before", by=rita, at=clock.now())[0]
    assert [sees(by, photo) for by in (rita, will, sam, None)] == [False] * 4
    gate["thing:1"] = {will, Slip("a" * 64)}
    gate["thing:2"] = {sam}
    assert [sees(by, photo) for by in (rita, will, sam, Slip("a" * 64), Slip("b" * 64))] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_what_is_attached_where_nobody_keeps_the_gate_is_seen_by_nobody(rita: User, photo_by: PhotoBy) -> None:
    photo = attach([photo_by(rita).pk], to="strange:1", role="before", by=rita, at=clock.now())[0]
    assert not sees(rita, photo)


def test_a_gate_has_one_keeper(gate: Gate) -> None:
    with pytest.raises(RuntimeError, match="two gates for thing"):
        on_view("thing", lambda by, address: True)


def test_the_photo_its_thumbnail_and_the_download_say_how_to_treat_them(rita: User, media: Any) -> None:
    photo, document = pieces_of(rita)
    client = browser(rita)
    served = {
        "photo": (photo, photo.stored, f'"{photo.sha256}"', "image/jpeg", f'inline; filename="{photo.pk.hex[:8]}.jpg"'),
        "thumbnail": (
            photo,
            photo.thumbnail,
            f'"{photo.sha256}-thumb"',
            "image/jpeg",
            f'inline; filename="{photo.pk.hex[:8]}.jpg"',
        ),
        "download": (
            photo,
            photo.stored,
            f'"{photo.sha256}"',
            "image/jpeg",
            f'attachment; filename="{photo.pk.hex[:8]}.jpg"',
        ),
    }
    named = "attachment; filename*=utf-8''%E8%AF%B4%E6%98%8E.pdf"
    answers = [(name, *rest) for name, rest in served.items()]
    answers.append(("download", document, document.stored, f'"{document.sha256}"', "application/pdf", named))
    for name, piece, stored, tag, kind, disposition in answers:
        answer = client.get(at(name, piece), headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == (media / stored).read_bytes()  # type: ignore[attr-defined]
        assert answer["ETag"] == tag
        assert answer["Content-Type"] == kind
        assert answer["Content-Disposition"] == disposition
        assert answer["Cache-Control"] == "private, max-age=3600"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "Cookie" in answer["Vary"]
        assert "Content-Encoding" not in answer
        again = client.get(at(name, piece), headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_a_document_is_never_shown_in_a_page(rita: User) -> None:
    document = pieces_of(rita)[1]
    assert [browser(rita).get(at(name, document)).status_code for name in ("photo", "thumbnail")] == [404, 404]


def test_the_server_in_front_is_told_where_the_file_is(rita: User, photo_by: PhotoBy, settings: Any) -> None:
    settings.MEDIA_ACCEL = "/protected/"
    photo = photo_by(rita)
    answer = browser(rita).get(at("photo", photo))
    assert (answer["X-Accel-Redirect"], answer.content) == (f"/protected/{photo.stored}", b"")
    assert (answer["Content-Type"], answer["ETag"]) == ("image/jpeg", f'"{photo.sha256}"')


def test_anothers_unknown_and_lost_are_the_same_page(
    rita: User, sam: User, photo_by: PhotoBy, media: Any, gate: Gate
) -> None:
    waiting, attached, lost = photo_by(rita), photo_by(rita), photo_by(sam)
    attach([attached.pk], to="thing:1", role="before", by=rita, at=clock.now())
    (media / lost.stored).unlink()
    client = browser(sam)
    addresses = [at(name, piece) for piece in (waiting, attached) for name in ("photo", "thumbnail", "download")]
    addresses += [at("photo", lost), reverse("evidence:photo", args=[uuid4()])]
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [404] * 8
    # Somebody else's digest in hand proves nothing either.
    assert client.get(at("photo", waiting), headers={"If-None-Match": f'"{waiting.sha256}"'}).status_code == 404


def test_a_stranger_is_asked_to_sign_in_and_a_receipt_opens_its_own(
    photo_by: PhotoBy, db: None, monkeypatch: Any
) -> None:
    photo = photo_by(Slip("a" * 64))
    assert browser().get(at("photo", photo)).status_code == 302

    def visitor(request: HttpRequest) -> Slip | None:
        return Slip("a" * 64) if "receipt" in request.GET else None

    monkeypatch.setattr(who, "_visitors", [])
    assert who.on_visitor(visitor) is visitor
    assert browser().get(at("photo", photo)).status_code == 302
    assert browser().get(at("photo", photo) + "?receipt=1").status_code == 200


def test_the_upload_answers_with_what_the_page_needs(rita: User) -> None:
    answer = browser(rita).post(reverse("evidence:upload"), {"file": upload(telling("PNG")), "kinds": "photo"})
    piece = Piece.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(piece.pk),
        "kind": "photo",
        "name": "",
        "sha256": piece.sha256,
        "bytes": piece.bytes,
        "url": f"/evidence/{piece.pk}",
        "thumbnail_url": f"/evidence/{piece.pk}/thumb",
        "more": [],
    }
    assert piece.uploader == rita


def test_the_upload_takes_a_document_only_where_the_field_does(rita: User) -> None:
    def post(**more: str) -> int:
        return (
            browser(rita).post(reverse("evidence:upload"), {"file": upload(b"%PDF-1.7", "a.pdf"), **more}).status_code
        )

    said = browser(rita).post(
        reverse("evidence:upload"), {"file": upload(b"%PDF-1.7")}, headers={"Accept": "application/problem+json"}
    )
    assert (said.status_code, said.json()["detail"][:9]) == (422, "这个文件不是照片。")
    assert [post(), post(kinds="photo"), post(kinds="x"), post(kinds="document")] == [422, 422, 422, 201]
    assert Piece.objects.get().name == "a.pdf"


def test_the_upload_refuses_strangers_forgers_and_nothing(rita: User) -> None:
    address = reverse("evidence:upload")
    assert browser().post(address, {"file": upload(telling("PNG"))}).status_code == 302
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(rita)
    assert forger.post(address, {"file": upload(telling("PNG"))}).status_code == 403
    assert browser(rita).post(address, {"file": "a word"}).status_code == 422
    assert browser(rita).get(address).status_code == 405
    assert not Piece.objects.exists()
