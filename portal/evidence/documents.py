"""PDF and Office files: told by their bytes, kept as they came, only ever downloaded."""

import re
import unicodedata
from pathlib import PurePosixPath
from struct import unpack_from
from typing import IO

from portal.errors import BadInput

from .headers import HEAD, format_of

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MAIN_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_TAIL = 22 + 65_535  # a zip's end record with the longest comment
_LONGEST_DIRECTORY = 1 << 20


def document_type(file: IO[bytes], size: int) -> str:
    """`pdf`, `docx` or `xlsx`; anything else, and Office files with macros, are refused."""
    file.seek(0)
    kind = format_of(file.read(HEAD))
    if kind == "pdf":
        return "pdf"
    names = _names_in(file, size) if kind == "zip" else set()
    found = [office for part, office in _MAIN_PART.items() if part in names]
    if len(found) != 1 or "[Content_Types].xml" not in names:
        raise BadInput("这里只收 PDF、Word（docx）和 Excel（xlsx）文件。老格式请先另存为新格式。")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise BadInput("这个文件里有宏，为了安全不能收。请另存为不带宏的文件再上传。")
    return found[0]


def clean_name(name: str, suffix: str) -> str:
    """The file's own name without folders, control or direction signs, at most 80 characters, ending in what it is."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r"\.(pdf|docx|xlsx)$", "", re.sub(r'[<>:"|?*]', "", plain), flags=re.IGNORECASE).strip(" .")
    return f"{stem[:80] or '文件'}.{suffix}"


def _names_in(file: IO[bytes], size: int) -> set[str]:
    """The names in a zip's directory, read without opening any of them; empty for a directory that is odd or huge."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return set()
    length, start = unpack_from("<II", tail, end + 12)
    if length > _LONGEST_DIRECTORY or start + length > size:
        return set()
    file.seek(start)
    directory, names, at = file.read(length), set(), 0
    while directory[at : at + 4] == b"PK\x01\x02" and len(directory) >= at + 46:
        name, extra, comment = unpack_from("<HHH", directory, at + 28)
        names.add(directory[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names
