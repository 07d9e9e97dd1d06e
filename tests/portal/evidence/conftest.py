"""Two people of one school, Sam of another, and an empty folder for the files of each test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from portal.evidence import gates
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.orgs.models import User

from .pictures import drawn, encoded, upload


@dataclass(frozen=True)
class Slip:
    """A receipt, as a higher room makes them."""

    digest: str


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def person(name: str) -> User:
    return User.objects.create_user(name.lower(), name, "sunny-day-9")


@pytest.fixture
def rita(db: None) -> User:
    return person("Rita")


@pytest.fixture
def will(db: None) -> User:
    return person("Will")


@pytest.fixture
def sam(db: None) -> User:
    return person("Sam")


@pytest.fixture
def photo_by() -> Callable[[Any], Piece]:
    """Takes in one small photo for somebody, each a little wider than the one before."""
    widths = count(96)
    return lambda by: take_in(upload(encoded(drawn((next(widths), 64)))), by=by)


@pytest.fixture
def gate() -> Iterator[dict[str, set[Any]]]:
    """Who may see which `thing:…`; nobody, until a test says so."""
    seen: dict[str, set[Any]] = {}
    gates.on_view("thing", lambda by, address: by in seen.get(address, set()))
    yield seen
    gates._gates.pop("thing")


def files_in(media: Path) -> list[str]:
    """Every file below the folder, relative to it."""
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())
