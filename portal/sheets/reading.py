"""Excel in: the cells of one sheet as plain values, read only after the file has shown that it is no bomb.

Limits: 10 MB as uploaded, 80 MB unpacked, 200 columns, and so many cells of such a length as fit into 200 MB.
"""

import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineWorkbook

from portal.errors import BadInput

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 500
MOST_COLUMNS = 200
MOST_HELD = 200 * 1024 * 1024  # cells times the longest text they may share
BLOCK = 1 << 16
ODD = "这个文件打不开。请用模板填写，存成 xlsx 再上传。"
Row = list[Any]


def rows_of(file: IO[bytes], *, sheet: str = "", most_rows: int = 20_000) -> list[Row]:
    """The rows of the sheet called so, else of the last one, the heading first; texts are trimmed, empty cells are "".

    Refused with a sentence: no xlsx, a bomb, no sheet, too many rows or columns.
    """
    refuse_bombs(file)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        names = [one.name for one in book.sheets_metadata if "Visible" in str(one.visible)]
        if not names:
            raise BadInput(ODD)
        page = book.get_sheet_by_name(sheet if sheet in names else names[-1])
        if page.total_height > most_rows + 1 or page.total_width > MOST_COLUMNS:
            raise BadInput(f"这张表有 {page.total_height} 行，最多 {most_rows} 行。请分几次导入。")
        return [[_plain(cell) for cell in row] for row in page.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError) as wrong:
        raise BadInput(ODD) from wrong


def refuse_bombs(file: IO[bytes]) -> None:
    """Unpacks every part once, block by block, and refuses what grows beyond the limits or lies about its length."""
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise BadInput(f"这个文件太大，上限是 {MOST_BYTES // 1024 // 1024} MB。请分几次导入。")
    file.seek(0)
    try:
        with ZipFile(file) as whole:
            _refuse_directory(whole.infolist())
            cells, longest = 0, 1
            for part in whole.infolist():
                for block in _blocks(whole, part):
                    cells += block.count(b"<c ") + block.count(b"<c>") if "worksheets/" in part.filename else 0
                    longest = max(longest, _longest(block)) if "sharedStrings" in part.filename else longest
            if cells * longest > MOST_HELD:
                raise BadInput("这张表的内容太长，请分几次导入。")
    except (BadZipFile, RuntimeError, zlib.error, EOFError) as wrong:
        raise BadInput(ODD) from wrong


def _refuse_directory(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadInput("这个文件展开以后太大，不能导入。请用模板填写，只留要导入的一张表。")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise BadInput(ODD)


def _blocks(whole: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """The part's contents; never more than its directory said, or its checksum fails."""
    with whole.open(part) as inside:
        while block := inside.read(BLOCK):
            yield block


def _longest(block: bytes) -> int:
    return max(map(len, block.split(b"<")))


def _plain(cell: Any) -> Any:
    """A cell as people see it: whole numbers without a point, days without midnight, texts trimmed."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date()
    return cell.strip() if isinstance(cell, str) else cell


def as_text(cell: Any) -> str:
    """What a form reads from a cell."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    return cell.isoformat() if isinstance(cell, date) else str(cell if cell is not None else "")
