"""Fixtures every room shares."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal import clock
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.orgs.models import User
from tests.chromium import chromium
from tests.district import MONDAY, Cast, District, build_district, cast_of
from tests.portal.ledger.flush import let_flush_truncate

__all__ = ["chromium"]  # a fixture written elsewhere


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, which tests with real commits may empty again although the ledger refuses TRUNCATE."""
    with django_db_blocker.unblock():
        let_flush_truncate()


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    """The clock stands at Monday, 16 November 2026, 09:00."""
    with clock.at(MONDAY):
        yield


@pytest.fixture
def place(db: None) -> District:
    """The small district."""
    return build_district()


@pytest.fixture
def cast(place: District) -> Cast:
    """The cast in their posts."""
    return cast_of(place)


def jpeg(colour: str = "teal", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small real photo."""
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "JPEG")
    return held.getvalue()


def photo_of(person: User, colour: str = "teal") -> Piece:
    """A photo this person has just uploaded."""
    return take_in(SimpleUploadedFile("photo.jpg", jpeg(colour), "image/jpeg"), by=person)
