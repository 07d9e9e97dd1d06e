"""Photos under `verify`: swapped, changed, added, lost; each is found and named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import clock
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.evidence.proof import check
from portal.ledger.actions import append
from portal.ledger.verification import Checked, Finding
from portal.orgs.actions import appoint, plant
from portal.orgs.models import User

PhotoBy = Callable[[Any], Piece]


@pytest.fixture
def proved(rita: User, photo_by: PhotoBy) -> list[Piece]:
    """Two photos attached to a row with a chain that names them, and one attached to nothing."""
    school = plant(
        name="柳溪镇中心小学",
        kind="school",
        parent=plant(name="教育局", kind="bureau", by="clock"),
        code="LX01",
        by="clock",
    )
    holder = appoint(person=rita, role="teacher", unit=school, by="clock")
    pieces = attach([photo_by(rita).pk, photo_by(rita).pk], to=holder.address, role="before", by=rita, at=clock.now())
    facts = {"photos": {"before": [piece.sha256 for piece in pieces]}}
    append(holder, "proved", by=rita, at=clock.now(), facts=facts)
    photo_by(rita)
    return pieces


def test_photos_as_their_chain_names_them_are_sound(proved: list[Piece]) -> None:
    assert check() == Checked(2)


def test_a_changed_file_is_named(proved: list[Piece], media: Path) -> None:
    (media / proved[1].stored).write_bytes(b"\xff\xd8\xff another picture")
    flaw = check().flaw
    assert flaw == Finding(proved[1].address, f"照片 {proved[1].pk} 的文件的内容与它的摘要不符，被改动过。")


def test_a_lost_file_is_named(proved: list[Piece], media: Path) -> None:
    (media / proved[0].stored).unlink()
    assert check().flaw == Finding(proved[0].address, f"照片 {proved[0].pk} 的文件不见了。")


def test_a_photo_swapped_with_its_digest_is_found_against_the_chain(proved: list[Piece]) -> None:
    Piece.objects.filter(pk=proved[0].pk).update(sha256="0" * 64)
    flaw = check().flaw
    assert flaw is not None
    assert flaw.row == proved[0].address


def test_a_deleted_row_is_found_against_the_chain(rita: User, proved: list[Piece]) -> None:
    Piece.objects.filter(address=proved[0].address).delete()
    digest = min(piece.sha256 for piece in proved)[:12]
    assert check().flaw == Finding(proved[0].address, f"记录里的一张照片或文件不见了。（{digest}）")


def test_a_photo_slipped_in_later_is_found(rita: User, proved: list[Piece], photo_by: PhotoBy) -> None:
    Piece.objects.filter(address="").update(
        address=proved[0].address, role="before", attached_at=clock.now(), sha256="f" * 64
    )
    sentence = "有一张照片或文件不在这件事的记录里，是后来换上的。（ffffffffffff）"
    assert check() == Checked(0, Finding(proved[0].address, sentence))
