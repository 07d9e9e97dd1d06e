"""双线报送 of hazards: which, when, what is said, what the case's page says; and that nothing of a closed circle goes."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.cases.actions import move
from portal.cases.page import facts_for
from portal.cases.queries import find
from portal.outbound.actions import set_up, switch
from portal.outbound.models import Line, Report, System
from portal.sheets.out import Column, Sheet, workbook
from portal.sheets.reading import rows_of
from safety_grid.flow import FLOW
from safety_grid.models import Hazard
from tests.district import Cast, District, later
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import five, proof, raised, registered, reported

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def system(place: District, cast: Cast, grid: Grid) -> System:
    """The emergency authority's system without an interface, told of major hazards at three moments, on."""
    made = set_up(
        by=grid.song, unit=place.bureau, kind="safety_grid.hazard", code="yingji", name="应急自助系统", connector="by_hand",
        endpoint="", sorts=["major"], moments=["registered", "supervised", "closed_out"],
    )  # fmt: skip
    return switch(made, on=True, by=grid.song)


def told() -> list[tuple[int, str, str]]:
    return list(Report.objects.order_by("line", "seq").values_list("seq", "moment", "line__state"))


def shown(hazard: Hazard, by: Any) -> list[str]:
    found = find(FLOW, hazard.number, by=by, shown=True)
    return [words for label, words in facts_for(found, by) if label == "报送应急自助系统"]


def test_a_major_hazard_is_reported_when_registered_supervised_and_closed_out(
    place: District, cast: Cast, grid: Grid, system: System
) -> None:
    hazard = registered(place, grid, cast.rita, grade="major", topic="HZ-01", words="安全出口上锁")
    assert (told(), shown(hazard, cast.hu)) == ([(1, "registered", "waiting")], ["待报"])
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
    move(hazard, "accept", by=grid.song)
    move(hazard, "recheck_ok", by=grid.an)
    assert [one[1] for one in told()] == ["registered", "supervised", "closed_out"]
    said = json.loads(Report.objects.get(seq=2).body)
    assert said["type"] == "safety_grid.hazard.supervised"
    assert said["data"] | {"opened_at": "", "place": ""} == {
        "number": "YH-LX01-2026-00001", "seq": 2, "school": {"code": "LX01", "name": "柳溪镇中心小学"}, "place": "",
        "sort": "major", "state": {"code": "supervised", "title": "挂牌督办"}, "opened_at": "", "closed_at": None,
        "category": "HZ-01", "category_title": "消防安全", "item": "", "grade": "major", "grade_title": "重大隐患",
        "colour": "", "rule": said["data"]["rule"], "rule_title": said["data"]["rule_title"], "found_on": "2026-11-16",
        "due_on": "2026-11-21", "money": "320.00", "closed_on": None, "recurrences": 0,
    }  # fmt: skip
    assert "高勤" not in Report.objects.get(seq=2).body  # no person's name


def test_a_general_one_is_not_until_it_is_graded_major(place: District, cast: Cast, grid: Grid, system: System) -> None:
    hazard = registered(place, grid, cast.rita)
    assert (told(), shown(hazard, cast.hu)) == ([], ["未报"])
    move(hazard, "regrade", by=cast.hu, data={"grade": "major", "reason": "复核后认定为重大"})
    assert (told(), shown(hazard, cast.hu)) == ([(1, "registered", "waiting")], ["待报"])


def test_a_lead_on_a_student_and_an_unvouched_report_have_no_record_anywhere(
    place: District, cast: Cast, grid: Grid, system: System
) -> None:
    raised(place, cast.rita)
    hazard = reported(place, cast.rita)
    Line.objects.all().delete()
    Hazard.objects.filter(pk=hazard.pk).update(circle="visitors", state="unconfirmed", turn="safety_head")
    move(hazard, "vouch", by=grid.an)
    assert Line.objects.values_list("case__kind", flat=True).get() == "safety_grid.hazard"
    assert told() == []


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def officer(grid: Grid, settings: Any) -> Client:
    """The officer's browser."""
    settings.DEMO = True  # no second factor here
    return browser(grid.song)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("due.xlsx", content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def test_excel_goes_out_and_brings_receipt_numbers_back_once(
    place: District, cast: Cast, grid: Grid, system: System, officer: Client
) -> None:
    hazards = [registered(place, grid, cast.rita, grade="major", topic="HZ-01") for _ in range(2)]
    due = officer.get(reverse("outbound-due", args=[system.pk]))
    heads, *rows = rows_of(BytesIO(due.content), sheet="待报")
    assert [row[0] for row in rows] == [one.number for one in hazards]
    rows[0][heads.index("回执号")] = "应急〔2026〕17号"
    rows[1][heads.index("退回原因")] = "单位代码不在库中"
    filled_in = workbook([Sheet("待报", [Column(one) for one in heads], rows)])
    address = reverse("outbound-receipts", args=[system.pk])
    preview = officer.post(address, {"file": upload(filled_in)})
    assert preview.context["plan"].new == 2
    assert {one[2] for one in told()} == {"waiting"}
    said = {"piece": str(preview.context["piece"].pk), "seen": preview.context["plan"].digest}
    assert officer.post(address, said).status_code == 302
    assert list(Line.objects.order_by("pk").values_list("state", "receipt", "reason")) == [
        ("accepted", "应急〔2026〕17号", ""), ("refused", "", "单位代码不在库中"),
    ]  # fmt: skip
    assert shown(hazards[0], cast.hu) == ["已回执 应急〔2026〕17号"]
    again = officer.post(address, {"file": upload(filled_in)}).context["plan"]
    assert (again.new, again.same, list(again.mistakes)) == (0, 2, [])


def test_an_admin_keeps_systems_but_takes_no_contents_out(
    place: District, cast: Cast, grid: Grid, system: System, settings: Any
) -> None:
    settings.DEMO = True
    ada = browser(cast.ada)
    assert ada.get(reverse("outbound-system", args=[system.pk])).status_code == 200
    assert ada.get(reverse("outbound-due", args=[system.pk])).status_code == 403
    assert ada.get(reverse("outbound-receipts", args=[system.pk])).status_code == 403


@pytest.mark.parametrize("n", [1, 3])
def test_the_lists_ask_a_constant_number_of_questions(
    place: District, cast: Cast, grid: Grid, system: System, officer: Client, n: int
) -> None:
    for _ in range(n):
        registered(place, grid, cast.rita, grade="major", topic="HZ-01")
    for address, budget in ((reverse("outbound"), 7), (reverse("outbound-system", args=[system.pk]), 9)):
        officer.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert officer.get(address).status_code == 200
        assert len(asked) == budget, [one["sql"][:160] for one in asked.captured_queries]


def test_a_system_is_set_up_changed_and_switched_in_the_browser(place: District, grid: Grid, officer: Client) -> None:
    said = {
        "unit": place.town.pk, "name": "应急直报", "code": "zhibao", "kind": "safety_grid.hazard", "connector": "signed_json",
        "endpoint": "http://inside/r", "sorts": ["major"], "moments": ["registered"], "key": "k-12345678901234567890",
    }  # fmt: skip
    refused = officer.post(reverse("outbound-add"), said)
    assert (refused.status_code, "https://" in refused.content.decode()) == (422, True)
    made = officer.post(
        reverse("outbound-add"),
        said | {"endpoint": "https://hazards.example.gov.cn/r", "key": "k-22345678901234567890"},
    )
    system = System.objects.get()
    assert (made.status_code, system.code, system.on, system.made_at) == (302, "zhibao", False, later())
    officer.post(reverse("outbound-switch", args=[system.pk]), {"on": "1"})
    fields = {name: said[name] for name in ("name", "connector", "moments")}
    officer.post(
        reverse("outbound-edit", args=[system.pk]),
        fields
        | {
            "sorts": ["major", "general"],
            "endpoint": "https://hazards.example.gov.cn/r",
            "key": "k-32345678901234567890",
        },
    )
    assert System.objects.values_list("on", "sorts").get() == (True, ["major", "general"])
    page = officer.get(reverse("outbound-system", args=[system.pk])).content.decode()
    assert "没有登记密钥" in page
