"""Excel in: what is read of a file, and what is refused before anything opens it."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django import forms

from portal.errors import BadInput
from portal.sheets.importing import Importer, Plan
from portal.sheets.out import Column, Kind, Sheet, workbook
from portal.sheets.reading import rows_of

pytestmark = pytest.mark.django_db  # a workbook carries the moment it was made
PARTS = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def packed(parts: dict[str, bytes]) -> BytesIO:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as whole:
        for name, body in parts.items():
            whole.writestr(name, body)
    return held


def test_cells_are_read_as_people_see_them() -> None:
    columns = [Column("品名"), Column("数量", Kind.NUMBER), Column("价", Kind.NUMBER)]
    file = BytesIO(workbook([Sheet("表", columns, [[" 灯管 ", 3, 2.5], [None, None, 1]])], instructions=["说明"]))
    assert rows_of(file, sheet="表") == [["品名", "数量", "价"], ["灯管", 3, 2.5], ["", "", 1]]


@pytest.mark.parametrize(
    "file",
    [
        BytesIO(b""),
        BytesIO(b"no zip at all"),
        packed({"word/document.xml": b"<w/>"}),
        packed(PARTS),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(file: BytesIO) -> None:
    with pytest.raises(BadInput, match="打不开"):
        rows_of(file)


def test_a_bomb_is_refused_by_what_its_directory_says() -> None:
    with pytest.raises(BadInput, match="展开以后太大"):
        rows_of(packed(PARTS | {"xl/worksheets/sheet1.xml": b"0" * (81 * 1024 * 1024)}))


def test_a_directory_that_lies_is_refused() -> None:
    held = packed(PARTS | {"xl/worksheets/sheet1.xml": b"0" * 3_000_000})
    body = held.getvalue().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(BadInput, match="打不开"):
        rows_of(BytesIO(body))


def test_one_long_text_in_a_million_cells_is_refused() -> None:
    strings = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b'<c t="s"><v>0</v></c>' * 200_000
    with pytest.raises(BadInput, match="内容太长"):
        rows_of(packed(PARTS | {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": cells}))


def test_too_many_rows_are_refused() -> None:
    file = BytesIO(workbook([Sheet("表", [Column("品名")], ([str(n)] for n in range(30)))]))
    with pytest.raises(BadInput, match="最多 20 行"):
        rows_of(file, most_rows=20)


class Line(forms.Form):
    """A name and a number."""

    name = forms.CharField(label="品名", max_length=5)
    number = forms.IntegerField(label="数", required=False)


IMPORTER = Importer("表", Line, Line.base_fields, key=("name",), kinds={"number": Kind.NUMBER})


def file_of(*rows: list[object], heading: tuple[str, ...] = ("数", "品名")) -> BytesIO:
    return BytesIO(workbook([Sheet("表", [Column(one) for one in heading], rows)]))


def test_every_bad_line_is_named_by_its_number_in_excel() -> None:
    table = IMPORTER.read(file_of([1, "灯"], ["x", "锁"], [None, None], [2, "灯"], [3, "六个字的名称"]))
    assert [(line.number, line.clean) for line in table.lines] == [(2, {"name": "灯", "number": 1})]
    assert [str(one) for one in table.mistakes] == [
        "第 3 行：输入整数。",
        "第 5 行：和第 2 行重复。",
        "第 6 行：确保该变量包含不超过 5 字符 (目前字符数 6)。",
    ]


def test_a_file_without_its_headings_or_lines_is_refused() -> None:
    with pytest.raises(BadInput, match="缺少这些列：品名"):
        IMPORTER.read(file_of([1], heading=("数",)))
    with pytest.raises(BadInput, match="没有内容"):
        IMPORTER.read(file_of([None, None]))


def test_a_template_reads_back() -> None:
    assert IMPORTER.read(BytesIO(IMPORTER.template(["怎么填"], [["灯", 5]]))).lines[0].clean == {
        "name": "灯",
        "number": 5,
    }


def test_another_plan_has_another_digest() -> None:
    one, two = (IMPORTER.read(file_of([n, "灯"])) for n in (1, 2))
    assert Plan(mistakes=one.mistakes).digest == Plan(mistakes=two.mistakes).digest
    assert Plan().digest != Plan(mistakes=IMPORTER.read(file_of(["x", "灯"])).mistakes).digest
