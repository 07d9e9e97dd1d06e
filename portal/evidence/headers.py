"""What a file is, from its first bytes. Nothing is decoded; its name and its declared type are not believed."""

from struct import unpack_from

HEAD = 64  # bytes that are enough to know a file by

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def format_of(head: bytes) -> str:
    """`jpeg`, `png`, `webp`, `heic`, `pdf` or `zip`; empty for everything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "heic"
    if head.startswith(b"%PDF-"):
        return "pdf"
    return "zip" if head.startswith(b"PK\x03\x04") else ""


def declared_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as a PNG or WebP declares them up front; None where the header does not say."""
    if len(head) < 30:
        return None
    if head[12:16] == b"IHDR":
        width, height = unpack_from(">II", head, 16)
        return width, height
    chunk = head[12:16] if head[:4] == b"RIFF" else b""
    if chunk == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
