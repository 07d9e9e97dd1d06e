"""iPhone photos (HEIC), read in a process of their own: a malformed one can bring down the C library that reads it.

As a program it knows nothing of the portal: a HEIC comes in, one line of facts and the shrunk picture go out.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import IO

import pi_heif
from PIL import Image

SECONDS = 20
MEMORY = 1 << 30  # bytes of address space: 26 megapixels take about a third of it


class Unreadable(OSError):
    """The file is broken, takes too long, or brought its reader down."""


def read_apart(file: IO[bytes], *, most_pixels: int, edge: int) -> tuple[tuple[int, int], Image.Image | None]:
    """The photo's own size, and the picture upright and at most `edge` long; none where it has more pixels than allowed."""
    file.seek(0)
    command = [sys.executable, "-I", str(Path(__file__)), str(most_pixels), str(edge)]
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}  # no secrets
    try:
        done = subprocess.run(  # noqa: S603 - this very file, with two numbers
            command, input=file.read(), capture_output=True, env=kept, timeout=SECONDS, check=True
        )
    except subprocess.SubprocessError as error:
        raise Unreadable from error
    line, _, pixels = done.stdout.partition(b"\n")
    facts = json.loads(line)
    size = facts["size"][0], facts["size"][1]
    if not pixels:
        return size, None
    picture = Image.frombytes(facts["mode"], tuple(facts["shrunk"]), pixels)
    if facts["exif"]:
        picture.info["exif"] = b64decode(facts["exif"])
    return size, picture


def main() -> None:
    """Reads standard input, writes standard output; dies of anything unexpected, which its parent takes for a refusal."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most_pixels, edge = int(sys.argv[1]), int(sys.argv[2])
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    image: Image.Image = pi_heif.HeifImageFile(BytesIO(sys.stdin.buffer.read()))
    size, exif = image.size, image.info.get("exif") or b""
    facts = {"size": size, "exif": b64encode(exif[: 1 << 16]).decode()}
    if size[0] * size[1] <= most_pixels:
        image.thumbnail((edge, edge), Image.Resampling.BICUBIC, reducing_gap=1.5)
        image = image.convert("RGBA" if image.mode.endswith("A") else "RGB")
        facts |= {"mode": image.mode, "shrunk": image.size}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + (image.tobytes() if "mode" in facts else b""))


if __name__ == "__main__":
    main()
