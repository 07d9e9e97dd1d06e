"""Excel out: what stands in the file, read back by another library."""

import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.sheets.out import MOST_SIGNS, Column, Kind, Sheet, answer, workbook

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def read(content: bytes, title: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(title).to_python()


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(BytesIO(content)).read(name).decode()


def test_each_kind_comes_back_as_what_it_was() -> None:
    kinds = (Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.SHARE, Kind.DATE, Kind.DATETIME)
    row = ("00017", -3, Decimal("-12.50"), 0.256, date(2026, 9, 1), AT)
    content = workbook([Sheet("表", [Column(one.value, one) for one in kinds], [row])], at=AT)
    assert read(content, "表") == [
        ["text", "number", "money", "share", "date", "datetime"],
        ["00017", -3, -12.5, 0.256, date(2026, 9, 1), datetime(2026, 11, 22, 12, 0)],  # noqa: DTZ001 - as Excel has it
    ]


def test_what_begins_like_a_formula_is_quoted_text_and_no_formula() -> None:
    typed = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "平常"]
    content = workbook([Sheet("表", [Column("说")], [[one] for one in typed])], at=AT)
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    styles = re.findall(r'<c r="A\d+" s="(\d+)" t="inlineStr"', sheet)
    quoted = re.findall(r"<xf [^>]*>", part(content, "xl/styles.xml").split("<cellXfs")[1])
    assert ["quotePrefix" in quoted[int(one)] for one in styles] == [False, *[True] * 6, False]
    assert [row[0] for row in read(content, "表")[1:5]] == ["=1+1", "+86", "-2", "@SUM(A1)"]


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_makes_a_file_that_opens(texts: list[str]) -> None:
    content = workbook([Sheet(texts[0], [Column(one) for one in texts], [texts])], at=AT)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert len(book.sheet_names) == 1
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")


def test_names_of_sheets_are_made_to_fit() -> None:
    content = workbook(
        [Sheet("a/b:c", [Column("x")]), Sheet("A B C", [Column("x")]), Sheet("长" * 40, [Column("x")])], at=AT
    )
    assert CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names == ["a b c", "A B C 2", "长" * 31]


def test_a_template_has_its_instructions_and_drop_downs_short_and_long() -> None:
    long = [f"第{n}号储藏室" for n in range(80)]
    columns = [Column("类别", required=True, choices=["水", "电"]), Column("地点", choices=long)]
    content = workbook([Sheet("导入", columns)], instructions=["第一行不要改。"], at=AT)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["填写说明", "导入", "选项"]
    assert read(content, "填写说明") == [["第一行不要改。"]]
    rules = part(content, "xl/worksheets/sheet2.xml")
    assert '<formula1>"水,电"</formula1>' in rules
    assert "<formula1>'选项'!$A$1:$A$80</formula1>" in rules
    assert [row[0] for row in read(content, "选项")] == long


def test_too_long_a_text_is_cut_at_what_a_cell_holds() -> None:
    content = workbook([Sheet("表", [Column("说")], [["长" * (MOST_SIGNS + 9)]])], at=AT)
    assert read(content, "表")[1] == ["长" * MOST_SIGNS]


def test_the_answer_is_a_download_with_a_chinese_name() -> None:
    response = answer(b"x", "报修 第12周")
    assert unquote(response["Content-Disposition"]) == "attachment; filename*=utf-8''报修 第12周.xlsx"
    assert response["Cache-Control"] == "private, no-store"
