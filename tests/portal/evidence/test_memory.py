"""A 12-megapixel photo from a telephone takes little memory: it is read at half size."""

import os
import subprocess
import sys

PROGRAM = """
import re, sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from PIL import Image
from portal.evidence.photos import develop

def kilobytes(what):
    return int(re.search(what + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

noise = Image.frombytes("RGB", (504, 378), Random(7).randbytes(504 * 378 * 3)).resize((4032, 3024))
held = BytesIO()
noise.save(held, "JPEG", quality=90, exif=b"Exif\\0\\0MM\\0*\\0\\0\\0\\x08\\0\\1\\1\\x12\\0\\3\\0\\0\\0\\1\\0\\6\\0\\0\\0\\0\\0\\0")
del noise
small = BytesIO()
Image.new("RGB", (64, 64)).save(small, "JPEG")
at = datetime(2026, 11, 16, tzinfo=UTC)
develop(small, at=at)
Path("/proc/self/clear_refs").write_text("5")
before = kilobytes("VmRSS")
photo = develop(held, at=at)
print(photo.width, photo.height, len(held.getvalue()) // 1024, (kilobytes("VmHWM") - before) // 1024)
"""


def test_a_12_megapixel_photo_needs_at_most_30_mb_beside_itself() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + PROGRAM],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "MALLOC_TRIM_THRESHOLD_": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    width, height, size, extra = map(int, said.stdout.split())
    assert (width, height) == (1512, 2016)
    assert size > 2000  # KB: a real photo's weight
    assert extra <= 30
