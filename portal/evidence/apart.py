"""iPhone photos (HEIC) and PDF pages, read in a process of their own: a malformed one can bring down the C library that reads it.

As a program it knows nothing of the portal: a file comes in, one line of facts and the drawn picture go out.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from PIL import Image

SECONDS, PAGE_SECONDS = 20, 6  # for a photo, for one page
MEMORY = 1 << 30  # bytes of address space: 26 megapixels take about a third of it


class Unreadable(OSError):
    """The file is broken, takes too long, or brought its reader down."""


def read_heic(file: IO[bytes], *, most_pixels: int, edge: int) -> tuple[tuple[int, int], Image.Image | None]:
    """The photo's own size, and the picture upright and at most `edge` long; none where it has more pixels than allowed."""
    facts, picture = _read("heic", file, most_pixels, edge, SECONDS)
    if picture is not None and facts["exif"]:
        picture.info["exif"] = b64decode(facts["exif"])
    return (facts["size"][0], facts["size"][1]), picture


def read_page(file: IO[bytes], *, page: int, edge: int) -> tuple[int, bool, Image.Image | None]:
    """How many pages a PDF has, whether it is locked by a password, and this page (0 is the first) drawn `edge` long."""
    facts, picture = _read("pdf", file, page, edge, PAGE_SECONDS)
    return facts["pages"], facts["locked"], picture


def _read(
    reader: str, file: IO[bytes], number: int, edge: int, seconds: int
) -> tuple[dict[str, Any], Image.Image | None]:
    file.seek(0)
    command = [sys.executable, "-I", str(Path(__file__)), reader, str(number), str(edge)]
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}  # no secrets
    try:
        done = subprocess.run(  # noqa: S603 - this very file, with a word of ours and two numbers
            command, input=file.read(), capture_output=True, env=kept, timeout=seconds, check=True
        )
    except subprocess.SubprocessError as error:
        raise Unreadable from error
    line, _, pixels = done.stdout.partition(b"\n")
    facts: dict[str, Any] = json.loads(line)
    return facts, Image.frombytes(facts["mode"], tuple(facts["shrunk"]), pixels) if pixels else None


def heic(body: bytes, most_pixels: int, edge: int) -> tuple[dict[str, Any], Image.Image | None]:
    """In the process apart: a HEIC's facts and its picture, none with more pixels than allowed."""
    import pi_heif

    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    image: Image.Image = pi_heif.HeifImageFile(BytesIO(body))
    size, exif = image.size, image.info.get("exif") or b""
    facts = {"size": size, "exif": b64encode(exif[: 1 << 16]).decode()}
    if size[0] * size[1] > most_pixels:
        return facts, None
    image.thumbnail((edge, edge), Image.Resampling.BICUBIC, reducing_gap=1.5)
    return facts, image.convert("RGBA" if image.mode.endswith("A") else "RGB")


def pdf(body: bytes, page: int, edge: int) -> tuple[dict[str, Any], Image.Image | None]:
    """In the process apart: how many pages, and one of them drawn on white; nothing in it is followed or run."""
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            return {"pages": 0, "locked": True}, None
        raise
    facts = {"pages": len(document), "locked": False}
    if page >= len(document):
        return facts, None
    one = document[page]
    width, height = one.get_size()
    scale = edge / max(width, height, 1.0)
    picture: Image.Image = one.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    picture.thumbnail((edge, edge))  # a side may be a pixel over, being rounded up
    return facts, picture


def main() -> None:
    """Reads standard input, writes standard output; dies of anything unexpected, which its parent takes for a refusal."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = {"heic": heic, "pdf": pdf}[sys.argv[1]]
    facts, picture = reader(sys.stdin.buffer.read(), int(sys.argv[2]), int(sys.argv[3]))
    if picture is not None:
        facts |= {"mode": picture.mode, "shrunk": picture.size}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + (picture.tobytes() if picture else b""))


if __name__ == "__main__":
    main()
