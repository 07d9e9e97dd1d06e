"""The world of the table, built once for all of its tests."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from .world import World, held


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """One district in one transaction, with its own folder for photos."""
    before: Path = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    logging.disable(logging.WARNING)  # a line for each of thousands of refusals helps nobody
    try:
        with django_db_blocker.unblock(), held() as made:
            yield made
    finally:
        logging.disable(logging.NOTSET)
        settings.MEDIA_ROOT = before
