"""Programs of the cast."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from portal.orgs.models import User
from tests.district import Cast, District

from .program import TICKETS, Program


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Any) -> Iterator[None]:
    """Photos of a test go into its own folder."""
    settings.MEDIA_ROOT = tmp_path
    yield


@pytest.fixture
def program() -> Callable[[User], Program]:
    """A program for a person."""
    return Program.of


@pytest.fixture
def reported(monday: None, place: District, cast: Cast) -> str:
    """The number of a ticket Rita has just reported."""
    answer = Program.of(cast.rita).post(TICKETS, {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮"})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["number"])
