"""Fixtures every room shares."""

import gc
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from PIL import Image
from playwright.sync_api import Browser

from portal import clock
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.orgs.models import User
from tests.chromium import chromium
from tests.district import MONDAY, Cast, District, build_district, cast_of
from tests.emptying import begin, empty
from tests.slowing import SLOW, slowed

__all__ = ["chromium"]  # a fixture written elsewhere

# How long an example takes is the machine's affair; whatever else is said in CI (no chance there) goes on holding.
settings.register_profile("suite", settings(), deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("suite")
gc.set_threshold(50_000, 20, 50)  # tests are short, and leave little behind
PATIENCE = 30  # seconds a request may still take after its browser has left


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, emptied our own way after tests with real commits."""
    with django_db_blocker.unblock():
        begin()
    gc.collect()
    gc.freeze()  # what is here now stays to the end: nobody looks through it for rubbish again and again
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty())
        yield


@pytest.fixture
def live_server(live_server: Any, transactional_db: None, chromium: Browser) -> Iterator[Any]:
    """The portal at an address; the database is emptied only when every browser has left and every request is answered."""
    server, app = live_server.thread.httpd, live_server.thread.httpd.get_app()
    if SLOW:
        server.set_app(slowed(app))
    yield live_server
    for context in chromium.contexts:
        context.close()
    last = time.monotonic() + PATIENCE
    while left := [one.name for one in threading.enumerate() if "process_request_thread" in one.name]:
        assert time.monotonic() < last, f"still being answered after {PATIENCE} s: {left}"
        time.sleep(0.01)
    server.set_app(app)


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


def photo_of(person: User, colour: str = "teal", size: tuple[int, int] = (64, 48)) -> Piece:
    """A photo this person has just uploaded."""
    return take_in(SimpleUploadedFile("photo.jpg", jpeg(colour, size), "image/jpeg"), by=person)
