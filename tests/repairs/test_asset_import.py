"""A register from Excel: shown before it is written, every bad line named, nothing half-written, the second time nothing."""

from time import monotonic
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.ledger.queries import chain_of
from portal.sheets.out import MIME
from portal.stickers.models import Sticker
from repairs.actions.assets import change_asset, enter_asset
from repairs.forms.asset_lines import ASSETS, HOW
from repairs.models import Asset
from tests.district import Cast, District, hire
from tests.portal.api.program import Program
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")
WHERE = "/repairs/assets/import/"
BOARD = [
    "ZC-001",
    "一体机",
    "通用设备",
    "86 英寸",
    16800,
    1,
    "2024-03-05",
    "购置",
    "县电教",
    "203 教室",
    "林晓芸",
    "",
    "在用",
]
DESKS = ["ZC-002", "课桌", "家具用具装具动植物", "", "", 45, "", "", "", "教学楼 204 教室", "", "", ""]


def sheet(*rows: list[Any]) -> bytes:
    return ASSETS.template(HOW, rows)


def sent(client: Client, place: District, body: bytes) -> Any:
    return client.post(WHERE, {"school": place.school.pk, "file": SimpleUploadedFile("assets.xlsx", body, MIME)})


def confirmed(client: Client, place: District, page: Any) -> Any:
    said = {"school": place.school.pk, "piece": page.context["piece"].pk, "seen": page.context["plan"].digest}
    return client.post(WHERE, said)


def test_a_register_is_shown_then_written_and_the_second_time_changes_nothing(place: District, cast: Cast) -> None:
    client = as_(cast.wu)
    page = sent(client, place, sheet(BOARD, DESKS))
    assert ((page.context["plan"].new, page.context["plan"].mistakes), Asset.objects.count()) == ((2, []), 0)
    assert confirmed(client, place, page)["Location"] == "/repairs/assets/"
    rows = Asset.objects.order_by("code").values_list("code", "kind", "price", "quantity", "unit", "keeper", "state")
    assert list(rows) == [
        ("ZC-001", "2", 16800, 1, place.room.pk, cast.rita.pk, "in_use"),
        ("ZC-002", "6", None, 45, place.other_room.pk, None, "in_use"),
    ]
    assert Sticker.objects.exclude(about="").count() == 2
    one = Asset.objects.get(code="ZC-001")
    assert [event.verb for event in chain_of(one.address)] == ["entered"]
    again = sent(client, place, sheet(BOARD, DESKS))
    assert (again.context["plan"].same, again.context["plan"].shown) == (2, [])
    confirmed(client, place, again)
    assert [event.verb for event in chain_of(one.address)] == ["entered"]


def test_what_is_there_is_changed_with_its_sticker_and_blank_cells_leave_it(place: District, cast: Cast) -> None:
    one = enter_asset(unit=place.room, by=cast.wu, code="ZC-002", name="课桌", kind="6", price="120", keeper=cast.rita)
    page = sent(as_(cast.wu), place, sheet(DESKS))
    assert page.context["plan"].changes[0].words == "数量 1 → 45；地点 教学楼 203 教室 → 教学楼 204 教室"
    confirmed(as_(cast.wu), place, page)
    one.refresh_from_db()
    assert (one.quantity, one.unit, one.price, one.keeper) == (45, place.other_room, 120, cast.rita)
    assert Sticker.objects.get(about=one.address).unit == place.other_room


def test_every_bad_line_is_named_and_nothing_is_written(place: District, cast: Cast) -> None:
    hire("rita2", "林晓芸", place.school, ("teacher", place.school))
    gone = enter_asset(unit=place.room, by=cast.wu, code="ZC-009", name="旧电视", kind="2")
    change_asset(gone, by=cast.wu, reason="报废", state="disposed")
    bad = [
        BOARD,
        ["ZC-003", "柜", "柜子类", *DESKS[3:]],
        ["ZC-004", "柜", "通用设备", *DESKS[3:9], "不存在的房间", "", "", ""],
        ["", *DESKS[1:]],
        ["ZC-002", *DESKS[1:]], ["ZC-002", *DESKS[1:]],
        ["ZC-009", "电视", "通用设备", *DESKS[3:]],
    ]  # fmt: skip
    page = sent(as_(cast.wu), place, sheet(*bad))
    kinds = "房屋构筑物、通用设备、专用设备、文物陈列品、图书档案、家具用具装具动植物"
    assert [str(one) for one in page.context["plan"].mistakes] == [
        "第 2 行：“保管人”写的“林晓芸”：本校有几位叫这个名字，请写工号。",
        f"第 3 行：“分类”没有“柜子类”，请写：{kinds}。",
        "第 4 行：“存放地点”写的“不存在的房间”：系统里没有这个地点。",
        "第 5 行：请填写“资产编号”。",
        "第 7 行：和第 6 行重复。",
        "第 8 行：这件资产已处置，卡片不能再改。",
    ]
    assert confirmed(as_(cast.wu), place, page).status_code == 422
    assert list(Asset.objects.values_list("code", "name")) == [("ZC-009", "旧电视")]


def test_the_export_reads_back_as_it_is(place: District, cast: Cast) -> None:
    enter_asset(unit=place.room, by=cast.wu, code="ZC-001", name="一体机", kind="2", price="16800.50", keeper=cast.rita)
    body = as_(cast.wu).get("/repairs/assets/excel/").content
    page = sent(as_(cast.wu), place, body)
    assert (page.context["plan"].same, page.context["plan"].mistakes) == (1, [])
    assert as_(cast.wu).get("/repairs/assets/template.xlsx").status_code == 200


def test_two_thousand_assets_within_reason(place: District, cast: Cast) -> None:
    rows = [[f"K-{n:04d}", "课桌", "家具用具装具动植物", *DESKS[3:]] for n in range(2000)]
    body, client, began = sheet(*rows), as_(cast.wu), monotonic()
    page = sent(client, place, body)
    assert confirmed(client, place, page).status_code == 302
    assert monotonic() - began < 40  # about five seconds on an idle machine
    assert (Asset.objects.count(), Sticker.objects.exclude(about="").count()) == (2000, 2000)


def test_programs_import_as_pages_do(place: District, cast: Cast) -> None:
    program = Program.of(cast.wu)
    file = SimpleUploadedFile("assets.xlsx", sheet(BOARD), MIME)
    piece = program.upload({"file": file, "kind": "document"}).json()["id"]
    said = {"school": place.school.pk, "piece": piece}
    plan = program.post("/api/v1/repairs/assets/import", said).json()
    assert (plan["new"], plan["mistakes"], Asset.objects.count()) == (1, [], 0)
    assert program.post("/api/v1/repairs/assets/import", said | {"seen": plan["seen"]}).status_code == 200
    assert Asset.objects.get().code == "ZC-001"
    assert program.post("/api/v1/repairs/assets/import", said | {"school": place.far_school.pk}).status_code == 422
    assert Program.of(cast.rita).post("/api/v1/repairs/assets/import", said).status_code == 403
