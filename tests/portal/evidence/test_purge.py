"""Clearing away: what was never used goes after a day, row before file; what is attached never does."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal import clock
from portal.evidence.actions import Cleared, attach, purge
from portal.evidence.models import Piece
from portal.evidence.tasks import purge as purge_task

from .conftest import Slip, files_in, person

PhotoBy = Callable[[Any], Piece]
pytestmark = pytest.mark.django_db(transaction=True)


def age(media: Path, hours: float = 25) -> None:
    """As if everything had been uploaded that long ago."""
    then = clock.now() - timedelta(hours=hours)
    Piece.objects.update(uploaded_at=then)
    for path in media.rglob("*"):
        if path.is_file():
            os.utime(path, (then.timestamp(), then.timestamp()))


def test_what_nobody_used_for_a_day_goes_with_its_files(media: Path, photo_by: PhotoBy) -> None:
    rita = person("Rita")
    used, unused, slips = photo_by(rita), photo_by(rita), photo_by(Slip("a" * 64))
    attach([used.pk], to="thing:1", role="before", by=rita, at=clock.now())
    age(media)
    young = photo_by(rita)
    assert purge() == Cleared(pieces=2, orphans=0)
    assert set(Piece.objects.all()) == {used, young}
    assert files_in(media) == sorted([used.stored, used.thumbnail, young.stored, young.thumbnail])
    assert not Piece.objects.filter(pk__in=[unused.pk, slips.pk]).exists()


def test_nothing_under_a_day_old_goes(media: Path, photo_by: PhotoBy) -> None:
    photo = photo_by(person("Rita"))
    age(media, hours=23.9)
    assert purge() == Cleared(0, 0)
    assert files_in(media) == [photo.stored, photo.thumbnail]


def test_files_a_crash_left_behind_are_found(media: Path, photo_by: PhotoBy) -> None:
    rita = person("Rita")
    kept, rowless = photo_by(rita), photo_by(rita)
    attach([kept.pk], to="thing:1", role="before", by=rita, at=clock.now())
    Piece.objects.filter(pk=rowless.pk).delete()
    (media / rowless.stored).with_suffix(".jpg.part").write_bytes(b"half a pho")
    beside = (media / kept.stored).with_name("strange")
    beside.write_bytes(b"?")
    age(media)
    half_written = (media / kept.stored).with_suffix(".jpg.part")
    half_written.write_bytes(b"being written now")
    assert purge() == Cleared(pieces=0, orphans=4)
    assert files_in(media) == sorted([kept.stored, kept.thumbnail, str(half_written.relative_to(media))])


def test_a_row_without_its_files_goes_too(media: Path, photo_by: PhotoBy) -> None:
    photo = photo_by(person("Rita"))
    age(media)
    (media / photo.stored).unlink()
    assert purge() == Cleared(1, 0)
    assert files_in(media) == []


def test_the_task_may_run_twice(media: Path, photo_by: PhotoBy) -> None:
    photo_by(person("Rita"))
    age(media)
    purge_task()
    purge_task()
    assert (Piece.objects.count(), files_in(media)) == (0, [])
