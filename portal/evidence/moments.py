"""When a photo was taken: the one fact of its EXIF that is kept."""

import re
from datetime import datetime, timedelta

from PIL.Image import Exif

from portal.clock import SCHOOL_TIME

_INNER, _TAKEN, _DIGITISED, _CHANGED = 0x8769, 0x9003, 0x9004, 0x0132
_TAKEN_ZONE, _DIGITISED_ZONE, _CHANGED_ZONE = 0x9011, 0x9012, 0x9010
_FIRST_PHONE = datetime(2000, 1, 1, tzinfo=SCHOOL_TIME)


def moment_taken(exif: Exif, said: str, *, at: datetime) -> datetime | None:
    """The camera's own time, else what the browser read before compressing; None when absent, absurd or to come."""
    inner = exif.get_ifd(_INNER)
    places = ((inner, _TAKEN, _TAKEN_ZONE), (inner, _DIGITISED, _DIGITISED_ZONE), (exif, _CHANGED, _CHANGED_ZONE))
    stated = [(str(where.get(time, "")), str(inner.get(zone, ""))) for where, time, zone in places]
    for text, zone in [*stated, (said, "")]:
        moment = _read(text, zone)
        if moment is not None and _FIRST_PHONE <= moment <= at + timedelta(days=1):
            return moment
    return None


def _read(text: str, zone: str) -> datetime | None:
    """`2026:09:01 08:00:00` and `+08:00`; China's time where no zone is said."""
    if not re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d\0?", text):
        return None
    offset = re.match(r"[+-]\d\d:\d\d", zone)
    try:
        return datetime.strptime(text[:19] + (offset[0] if offset else "+08:00"), "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return None
