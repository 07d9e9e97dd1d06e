"""The files themselves: hashed folders below MEDIA_ROOT, written whole or not at all, readable by the portal alone."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from portal.errors import NotThere

ROOM = "evidence"
_PART = ".part"  # a file still being written


@dataclass(frozen=True)
class Kept:
    """A file on disk: where (relative to MEDIA_ROOT), its SHA-256 and its length in bytes."""

    stored: str
    sha256: str
    bytes: int


def address_of(piece: UUID, suffix: str) -> str:
    """Where a piece's file lies, relative to MEDIA_ROOT: two folders of two signs, then its id."""
    return f"{ROOM}/{piece.hex[:2]}/{piece.hex[2:4]}/{piece.hex}.{suffix}"


def piece_of(stored: str) -> UUID | None:
    """Whose file this is, by its name."""
    name = Path(stored).name.partition(".")[0]
    return UUID(name) if re.fullmatch("[0-9a-f]{32}", name) else None


def keep(stored: str, blocks: Iterable[bytes]) -> Kept:
    """Writes a file: beside its place, flushed to disk, then renamed, so that nobody ever reads half of it."""
    target = _path(stored)
    Path(settings.MEDIA_ROOT).mkdir(mode=0o750, parents=True, exist_ok=True)
    for folder in reversed(target.parents[: stored.count("/")]):
        folder.mkdir(mode=0o750, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    part = target.with_name(target.name + _PART)
    part.touch(mode=0o640, exist_ok=False)
    with part.open("wb") as file:
        for block in blocks:
            digest.update(block)
            size += len(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)
    return Kept(stored, digest.hexdigest(), size)


def opened(stored: str) -> BinaryIO:
    """The file for reading; a file that has gone missing is not there (`manage.py verify` names it)."""
    try:
        return _path(stored).open("rb")
    except FileNotFoundError as error:
        raise NotThere from error


def digest_on_disk(stored: str) -> str:
    """SHA-256 of the file as it lies on disk; empty when it is missing."""
    try:
        with _path(stored).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def drop(stored: Iterable[str]) -> None:
    """Removes files; those already gone are no error."""
    for one in stored:
        if one:
            _path(one).unlink(missing_ok=True)


def folders(before: datetime) -> Iterator[list[str]]:
    """Folder by folder, the files last written before `before`, relative to MEDIA_ROOT."""
    root, moment = Path(settings.MEDIA_ROOT), before.timestamp()
    for folder in sorted((root / ROOM).glob("??/??")):
        old = [path for path in sorted(folder.iterdir()) if path.stat().st_mtime < moment]
        if old:
            yield [str(path.relative_to(root)) for path in old]


def _path(stored: str) -> Path:
    return Path(settings.MEDIA_ROOT) / stored
