"""Attaching: one's own, once, within a day; everything else is the same sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from portal import clock
from portal.errors import BadInput
from portal.evidence.actions import attach
from portal.evidence.gates import attached_to
from portal.evidence.models import Piece
from portal.orgs.models import User

from .conftest import Slip, person

PhotoBy = Callable[[Any], Piece]
GONE = "有一张照片已失效，请重新上传"


def refused(ids: list[Any], by: Any, **more: Any) -> str:
    with pytest.raises(BadInput) as no:
        attach(ids, to="thing:9", role="before", by=by, at=more.get("at") or clock.now())
    return no.value.sentence


def test_own_photos_are_attached_in_the_order_given(
    rita: User, photo_by: PhotoBy, django_assert_num_queries: Any
) -> None:
    first, second, third = photo_by(rita), photo_by(rita), photo_by(rita)
    at = clock.now()
    with django_assert_num_queries(4):  # savepoint, lock, update, release
        taken = attach([third.pk, str(first.pk)], to="thing:1", role="before", by=rita, at=at)
    assert taken == [third, first]
    assert [(one.address, one.role, one.attached_at, one.attached_by) for one in taken] == [
        ("thing:1", "before", at, rita)
    ] * 2
    assert set(Piece.objects.filter(address="thing:1", role="before", attached_at=at, attached_by=rita)) == {
        first,
        third,
    }
    assert Piece.objects.get(pk=second.pk).address == ""
    assert attach([], to="thing:1", role="before", by=rita, at=at) == []


def test_what_is_attached_is_found_by_address_and_role(
    rita: User, photo_by: PhotoBy, django_assert_num_queries: Any
) -> None:
    before, after, elsewhere = photo_by(rita), photo_by(rita), photo_by(rita)
    attach([before.pk], to="thing:1", role="before", by=rita, at=clock.now())
    attach([after.pk], to="thing:1", role="after", by=rita, at=clock.now())
    attach([elsewhere.pk], to="thing:2", role="before", by=rita, at=clock.now())
    photo_by(rita)
    with django_assert_num_queries(1):
        assert attached_to(["thing:1"]) == [before, after]
    assert attached_to(["thing:1"], role="after") == [after]
    assert attached_to(["thing:2", "thing:1", ""]) == [before, after, elsewhere]
    assert attached_to([""]) == []


def test_everything_else_is_one_sentence_and_nothing_is_attached(rita: User, sam: User, photo_by: PhotoBy) -> None:
    mine, his, slips, used, old = (photo_by(by) for by in (rita, sam, Slip("a" * 64), rita, rita))
    attach([used.pk], to="thing:1", role="before", by=rita, at=clock.now())
    Piece.objects.filter(pk=old.pk).update(uploaded_at=clock.now() - timedelta(hours=24))
    for wrong in (
        his.pk,
        slips.pk,
        used.pk,
        old.pk,
        uuid4(),
        "17",
        "",
        "' or 1=1",
        "\0",
        None,
        5,
        {"id": str(mine.pk)},
    ):
        assert refused([mine.pk, wrong], rita) == GONE
        assert Piece.objects.get(pk=mine.pk).address == ""
    assert [refused([mine.pk], by) for by in (sam, Slip("a" * 64), Slip(""), "clock", None)] == [GONE] * 5
    assert attach([mine.pk], to="thing:1", role="before", by=rita, at=clock.now()) == [mine]


def test_a_photo_is_attached_while_it_is_under_24_hours_old(rita: User, photo_by: PhotoBy) -> None:
    photo = photo_by(rita)
    assert refused([photo.pk], rita, at=photo.uploaded_at + timedelta(hours=24)) == GONE
    almost = photo.uploaded_at + timedelta(hours=24) - timedelta(seconds=1)
    assert attach([photo.pk], to="thing:1", role="before", by=rita, at=almost) == [photo]


def test_a_receipt_attaches_its_own_and_nobody_is_named(db: None, photo_by: PhotoBy) -> None:
    photo = photo_by(Slip("a" * 64))
    assert refused([photo.pk], Slip("b" * 64)) == GONE
    attach([photo.pk], to="thing:1", role="before", by=Slip("a" * 64), at=clock.now())
    assert Piece.objects.filter(pk=photo.pk, address="thing:1", attached_by=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_attach_the_same_photos_at_once_one_wins(photo_by: PhotoBy) -> None:
    rita = person("Rita")
    for round in range(5):
        ids = [photo_by(rita).pk for _ in range(3)]
        ready = Barrier(8)

        def go(n: int, ids: list[Any] = ids, round: int = round, ready: Barrier = ready) -> bool:
            try:
                ready.wait()
                mixed = ids[n % 3 :] + ids[: n % 3]  # each asks in another order: no deadlock either
                attach(mixed, to=f"thing:{round}{n}", role="before", by=rita, at=clock.now())
            except BadInput:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(go, range(8)))
        assert won.count(True) == 1
        assert {one.address for one in Piece.objects.filter(pk__in=ids)} == {f"thing:{round}{won.index(True)}"}
