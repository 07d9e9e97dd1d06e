"""The grid's page, a spot's page, its forms, gaps, paper, Excel and API: the same for everybody who may."""

import io
import re
import time as wall
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import clock
from portal.cases.actions import filled, move
from portal.orgs.actions import Sketch, leave, plant, plant_many, record_absence
from portal.orgs.models import Unit
from portal.sheets.reading import rows_of
from safety_grid.actions import hold, mark_out
from safety_grid.actions.plans import set_plan
from safety_grid.actions.rounds import open_rounds
from safety_grid.flow import ROUNDS
from safety_grid.forms.sheet import GRID, HOW
from safety_grid.models import Cell, Holding, RoundSpot
from safety_grid.queries.gaps import gaps
from safety_grid.queries.grid import counts_of, tree_of
from tests.district import MONDAY, Cast, District, hire, later
from tests.safety_grid.cast import Grid
from tests.signing import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TODAY = MONDAY.date()
PLAN: dict[str, Any] = {
    "who": "", "rule": {"every": "day", "time": ["08:00"], "school_days": False}, "hours": Decimal(9),
    "items": [{"code": "HZ-01-2", "title": "疏散通道畅通", "category": "HZ-01"}],
}  # fmt: skip
GATE = {"begins": time(7, 20), "ends": time(7, 50)}


@pytest.fixture
def cells(place: District, cast: Cast, grid: Grid) -> list[Cell]:
    """The school, held by Hu; a room, held by Rita with Vera behind her; the gate, held by Rita until today; a gap."""
    school, room = mark_out(unit=place.school, by="clock"), mark_out(unit=place.room, by="clock")
    gate = mark_out(unit=place.school, title="校门口", days="school", by="clock", **GATE)
    empty = mark_out(unit=place.other_room, by="clock")
    hold(cell=school, person=cast.hu, by="clock")
    hold(cell=room, person=cast.rita, substitute=cast.vera, by="clock")
    hold(cell=gate, person=cast.rita, until=TODAY, by="clock")
    return [school, room, gate, empty]


def test_the_tree_has_every_spot_with_its_name_in_four_queries(
    cells: list[Cell], place: District, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        root, count = tree_of(place.school, to=cells[1])
        found = [(one.unit.name, one.is_open, one.vacant) for one in (root, *root.below, *root.below[0].below)]
    assert (count, found) == (
        4, [("柳溪镇中心小学", True, 1), ("教学楼", True, 1), ("203 教室", True, 0), ("204 教室", False, 1)],
    )  # fmt: skip
    with django_assert_num_queries(1):
        assert counts_of([place.school, place.far_school]) == [(place.school, 4, 1), (place.far_school, 0, 0)]


def test_the_page_says_what_is_missing_and_leads_to_the_spots(cells: list[Cell], cast: Cast, grid: Grid) -> None:
    page = browser_of(cast.rita).get("/safety_grid/").content.decode()
    for words in (
        "三级网格 柳溪镇中心小学",
        "第一责任人 胡启明",
        "覆盖 75.0%",
        "203 教室",
        "无人",
        "校门口",
        "7:20—7:50",
    ):
        assert words in page
    assert "用 Excel 导入" not in page
    assert "用 Excel 导入" in browser_of(grid.an).get("/safety_grid/").content.decode()


def test_the_grid_costs_the_same_however_much_is_in_it_and_counts_todays_rounds(
    place: District, cast: Cast, grid: Grid, django_assert_num_queries: Any
) -> None:
    head, officer = browser_of(grid.an), browser_of(grid.song)
    for n in range(3):
        room = plant(name=f"点位 {n}", kind="room", parent=place.building, by="clock")
        hold(cell=mark_out(unit=room, by="clock"), person=cast.rita, by="clock")
        plan = set_plan(None, **PLAN | {"title": f"日查 {n}"}, unit=place.school, places=[room], by=grid.an)
        data = {"unit": place.school.pk, "plan": plan.pk}
        made = open_rounds(filled(ROUNDS, ROUNDS.opening, case=None, by="clock", data=data), by="clock")
        if n == 1:
            move(made[0], "close_missed", by="clock")
        for who, asked, count in ((head, "", 10), (officer, "", 10), (officer, f"?in={place.school.pk}", 13)):
            with django_assert_num_queries(count):
                page = who.get(f"/safety_grid/{asked}").context
            told = {one.title: (one.value, one.unit, one.note) for one in page["stats"]}
            assert told["今天巡查"] == (
                0,
                f"/ {n + 1}",
                ("漏查 1 次，还有 1 次没查完", "漏查 1 次，还有 2 次没查完")[n - 1] if n else "还有 1 次没查完",
            )


def test_an_office_sees_its_schools_level_by_level(cells: list[Cell], place: District, grid: Grid) -> None:
    officer = browser_of(grid.song)
    town = officer.get("/safety_grid/").content.decode()
    assert "柳溪镇" in town and "1 处无人" in town and "203 教室" not in town
    below = officer.get(f"/safety_grid/?in={place.town.pk}").content.decode()
    assert "柳溪镇中心小学" in below and "还没有点位" in below


def test_a_spots_page_answers_who_was_there_on_that_day_at_that_hour(cells: list[Cell], cast: Cast) -> None:
    browser = browser_of(cast.rita)
    address = f"/safety_grid/cells/{cells[3].pk}/"
    page = browser.get(address, {"day": "2026-11-16", "time": "09:30"}).content.decode()
    assert "没有责任人" in page and "胡启明" in page.partition('role="status"')[2]
    before = browser.get(address, {"day": "2025-11-16", "time": "09:30"}).content.decode()
    assert "那时没有人负责这里。" in before
    assert "请填日期和时间。" in browser.get(address, {"day": "x", "time": ""}).content.decode()


def test_a_spots_page_says_how_it_is_walked_round_to_those_who_see_its_rounds(
    cells: list[Cell], place: District, cast: Cast, grid: Grid
) -> None:
    plan = set_plan(
        None, **PLAN | {"title": "日查"}, unit=place.school, places=[place.room, place.other_room], by=grid.an
    )
    said = {"unit": place.school.pk, "plan": plan.pk}
    address, shown = f"/safety_grid/cells/{cells[1].pk}/", []
    for day, end in enumerate(("done", "excuse", "close_missed", "")):
        with clock.at(later(days=day, hours=2)):
            form = filled(ROUNDS, ROUNDS.opening, case=None, by="clock", data=said)
            made = next(one for one in open_rounds(form, by="clock") if one.assignee == cast.rita)
            shown.append(walked(browser_of(grid.an).get(address)))
            if end == "done":
                RoundSpot.objects.filter(round=made).update(done_at=clock.now(), proof="none")
            elif end:
                move(made, end, by="clock" if end == "close_missed" else grid.an, data={"reason": "停课"})
            shown.append(walked(browser_of(cast.rita).get(address)))
    words = "日查 · 每天 08:00 · 一次 1 个点位 · 本月 {} / {}"
    assert shown == [
        ("今天还没巡", words.format(0, 1)), ("今天已巡", words.format(1, 1)),
        ("今天还没巡", words.format(1, 2)), ("有人负责", words.format(1, 1)),
        ("今天还没巡", words.format(1, 2)), ("今天漏查", words.format(1, 2)),
        ("今天还没巡", words.format(1, 3)), ("今天还没巡", words.format(1, 3)),
    ]  # fmt: skip
    with clock.at(later(days=3, hours=2)):
        assert walked(browser_of(grid.gao).get(address)) == ("有人负责", "")


def walked(page: Any) -> tuple[str, str]:
    """The chip beside the spot's name, and the words on its rounds."""
    said = page.content.decode()
    chip = re.search(r'<h1 id="spot">.*?</svg>([^<]+)</span>', said, re.DOTALL)
    words = re.search(r"<dt>巡查</dt><dd>([^<]+)</dd>", said)
    return chip[1] if chip else "", words[1] if words else ""


def test_a_spot_is_set_up_changed_handed_on_and_closed_by_forms(place: District, cast: Cast, grid: Grid) -> None:
    browser = browser_of(grid.an)
    at = f"/safety_grid/cells/add/?at={place.room.pk}"
    said = {"level": "4", "days": "school", "begins": "07:20", "ends": "07:50", "person": "林晓芸", "duties": "楼道"}
    made = browser.post(at, said | {"key": "k" * 20})
    cell = Cell.objects.get()
    assert made["Location"] == f"/safety_grid/cells/{cell.pk}/"
    assert Holding.objects.get().person == cast.rita
    twice = browser.post(at, said | {"key": "l" * 20})
    assert twice.status_code == 422 and "已经有一个同样时段的网格" in twice.content.decode()
    handed = {"person": "vera", "since": "2026-11-16", "instead": "on", "key": "m" * 20}
    browser.post(f"/safety_grid/cells/{cell.pk}/hold/", handed)
    live = Holding.objects.get(ended_at=None)
    assert (live.person, Holding.objects.count()) == (cast.vera, 2)
    browser.post(f"/safety_grid/holdings/{live.pk}/substitute/", {"substitute": "rita", "key": "n" * 20})
    changed = {"level": "4", "days": "every", "key": "o" * 20, "version": "0"}
    browser.post(f"/safety_grid/cells/{cell.pk}/edit/", changed)
    after = Cell.objects.get(closed_on=None)
    live = Holding.objects.get(ended_at=None)
    assert (after.follows, after.hours, live.cell, live.substitute) == (cell, "", after, cast.rita)
    browser.post(f"/safety_grid/holdings/{live.pk}/release/", {"until": "2026-11-20", "key": "p" * 20})
    browser.post(f"/safety_grid/cells/{after.pk}/close/", {"key": "q" * 20, "version": "0"})
    assert (Cell.objects.filter(closed_on=None).count(), Holding.objects.filter(ended_at=None).count()) == (0, 0)
    nobody = browser.post(f"/safety_grid/cells/{cell.pk}/hold/", handed | {"person": "没有的人", "key": "r" * 20})
    assert nobody.status_code == 422 and "没有找到“没有的人”" in nobody.content.decode()


def test_gaps_both_ways_each_with_the_form_that_mends_it(
    cells: list[Cell], place: District, cast: Cast, grid: Grid, django_assert_max_num_queries: Any
) -> None:
    record_absence(person=cast.hu, substitute=cast.lin, since=TODAY, until=TODAY, by="clock")
    leave(cast.lin, by="clock")
    with clock.at(later(hours=1)), django_assert_max_num_queries(20):
        found = {kind: [(one.title, one.url) for one in gaps(kind, place.school)] for kind in ("places", "times")}
        people = [one.title for one in gaps("people", place.town)]
    assert found == {
        "places": [("204 教室", f"/safety_grid/cells/{cells[3].pk}/hold/")],
        "times": [("校门口 7:20—7:50", f"/safety_grid/cells/{cells[2].pk}/hold/")],
    }
    assert "林晓芸" not in people and {"多兰", "田甜", "高勤"} < set(people)
    with clock.at(later(days=1)):
        record_absence(
            person=cast.hu, substitute=cast.wu, since=later(days=1).date(), until=later(days=2).date(), by="clock"
        )
        leave(cast.wu, by="clock")
    with clock.at(later(days=2)):
        assert [one.note for one in gaps("away", place.bureau)] == ["胡启明 11月18日请假，没有人接替"]
        left = gaps("places", place.bureau)
        assert [one.note for one in left] == ["林晓芸 2026-11-16 起不再负责", "还没有人负责过"]
        assert [one.title for one in gaps("places", place.bureau, after=left[0].mark)] == [left[1].title]
        hold(
            cell=cells[2], person=cast.rita, by="clock"
        )  # the gate, with nobody behind her; Vera is behind her in the room
        days = [later(days=n).date() for n in (8, 9, 14)]
        record_absence(person=cast.rita, substitute=grid.gao, since=days[0], until=days[2], by="clock")
        record_absence(person=grid.gao, substitute=cast.dora, since=days[1], until=days[2], by="clock")
        asked = gaps("away", place.school)
        assert [one.note for one in asked] == [
            "胡启明 11月18日请假，没有人接替", "林晓芸 11月25日至27日、11月30日请假，没有人接替",
        ]  # fmt: skip
        assert gaps("away", place.school, after=asked[0].mark) == asked[1:]


def test_the_board_and_the_cards_carry_every_name(cells: list[Cell], place: District, cast: Cast) -> None:
    browser = browser_of(cast.rita)
    board = browser.get(f"/safety_grid/board/?in={place.room.pk}").content.decode()
    cards = browser.get(f"/safety_grid/cards/?in={place.school.pk}").content.decode()
    for words in ("胡启明", "林晓芸", "空缺", "共 4 个点位", "board-large"):
        assert words in board
    assert cards.count('class="post-card"') == 4
    assert browser.get(f"/safety_grid/board/?in={place.far_school.pk}").status_code == 404


def sent(browser: Client, rows: list[list[Any]], **more: str) -> Any:
    """Uploads a filled-in file."""
    file = SimpleUploadedFile("grid.xlsx", GRID.template(HOW, rows), "application/vnd.ms-excel")
    return browser.post("/safety_grid/cells/import/", {"file": file} | more)


def test_3552_spots_come_in_by_excel_in_under_30_s_and_the_same_file_again_changes_nothing(
    place: District, cast: Cast, grid: Grid
) -> None:
    plant_many(
        [Sketch(f"{n}号楼", "building", tuple(Sketch(f"{r}室", "room") for r in range(98))) for n in range(36)],
        parent=place.school,
        by="clock",
    )
    people = [hire(f"t{n}", f"老师{n}", place.school, ("teacher", place.school)) for n in range(12)]
    labels = list(
        Unit.objects.filter(school=place.school)
        .exclude(pk=place.school.pk)
        .order_by("path")
        .values_list("label", flat=True)
    )
    rows = [
        ["LX01", label, "", "", "", "", "", people[at % 12].username, "", "", "", ""]
        for at, label in enumerate(labels[:3552])
    ]
    browser = browser_of(grid.an)
    began = wall.perf_counter()
    shown = sent(browser, rows)
    assert "新设 3552 个点位" in shown.content.decode()
    plan, piece = shown.context["plan"], shown.context["piece"]
    browser.post("/safety_grid/cells/import/", {"piece": str(piece.pk), "seen": plan.digest})
    took = wall.perf_counter() - began
    assert (Cell.objects.count(), Holding.objects.count()) == (3552, 3552)
    again = sent(browser, rows)
    assert (again.context["plan"].same, "不用导入" in again.content.decode()) == (3552, True)
    assert took < 30, took


def test_every_bad_row_is_named_and_nothing_is_written(
    cells: list[Cell], place: District, cast: Cast, grid: Grid
) -> None:
    rows = [
        ["", "教学楼 999 教室", "", "", "", "", "", "", "", "", "", ""],
        ["石门小学", "101 教室", "", "", "", "", "", "", "", "", "", ""],
        ["", "教学楼", "", "五级", "", "", "", "", "", "", "", ""],
        ["", "教学楼", "", "", "周二", "", "", "", "", "", "", ""],
        ["", "教学楼", "", "", "", "07:20", "", "", "", "", "", ""],
        ["", "教学楼", "", "", "", "七点", "", "", "", "", "", ""],
        ["", "教学楼", "", "", "", "", "", "nobody", "", "", "", ""],
        ["", "教学楼", "", "", "", "", "", "rita", "孟岚", "", "", ""],
        ["", "教学楼", "", "", "", "", "", "", "", "vera", "", ""],
        ["", "教学楼", "", "四级", "每天", "", "", "vera", "孟岚", "rita", "", "楼道"],
        ["", "教学楼", "", "", "", "", "", "", "", "", "", ""],
    ]
    page = sent(browser_of(grid.an), rows)
    assert [one.number for one in page.context["plan"].mistakes] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    said = page.content.decode()
    for words in (
        "没有地点“教学楼 999 教室”",
        "没有单位“石门小学”",
        "没有“五级”",
        "要一起填",
        "工号 rita 是林晓芸",
        "和第 11 行重复",
    ):
        assert words in said
    assert Cell.objects.count() == 4


def test_what_is_exported_comes_back_unchanged_and_changes_are_shown_before_they_are_made(
    cells: list[Cell], place: District, cast: Cast, grid: Grid
) -> None:
    browser = browser_of(grid.an)
    out = browser.get("/safety_grid/cells/export.xlsx")
    rows = rows_of(io.BytesIO(out.content), sheet="网格")[1:]
    assert [row[:2] + row[5:10] for row in rows] == [
        ["LX01", "", "07:20", "07:50", "rita", "林晓芸", ""],
        ["LX01", "", "", "", "hu", "胡启明", ""],
        ["LX01", "教学楼 203 教室", "", "", "rita", "林晓芸", "vera"],
        ["LX01", "教学楼 204 教室", "", "", "", "", ""],
    ]
    assert sent(browser, rows).context["plan"].same == 4
    rows[2][7:10], rows[3][7] = ["dora", "", ""], "vera"
    shown = sent(browser, rows)
    assert [change.words for change in shown.context["plan"].shown] == ["责任人 林晓芸 → 多兰", "责任人 无 → 孟岚"]
    browser.post(
        "/safety_grid/cells/import/", {"piece": str(shown.context["piece"].pk), "seen": shown.context["plan"].digest}
    )
    live = Holding.objects.filter(ended_at=None).order_by("cell").values_list("cell", "person__username")
    assert list(live) == [(cells[0].pk, "hu"), (cells[1].pk, "dora"), (cells[2].pk, "rita"), (cells[3].pk, "vera")]


def test_programs_do_what_pages_do(place: District, cast: Cast, grid: Grid) -> None:
    browser = browser_of(grid.an)
    at = "/api/v1/safety_grid"

    def post(url: str, key: str, **said: Any) -> Any:
        return browser.post(f"{at}/{url}", said, content_type="application/json", headers={"Idempotency-Key": key * 20})

    made = post("cells", "a", unit=place.room.pk, level=4, days="school", begins="07:20", ends="07:50", person="rita")
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]
    held = post(f"cells/{pk}/holders", "b", person="vera", since="2026-11-16", instead=True).json()
    assert (held["username"], held["since"]) == ("vera", "2026-11-16")
    asked = browser.get(f"{at}/holders", {"unit": place.room.pk, "day": "2026-11-17", "time": "07:30"}).json()
    assert [(one["person"], one["away"], one["substitute"]) for one in asked] == [("孟岚", False, None)]
    other = post(f"holdings/{held['id']}/substitute", "c", substitute="rita").json()
    changed = post(f"cells/{pk}", "d", level=4, days="every", version=0).json()
    assert (other["substitute"], changed["begins"], changed["id"] != pk) == ("林晓芸", None, True)
    assert [one["id"] for one in browser.get(f"{at}/cells").json()["results"]] == [changed["id"]]
    past = browser.get(f"{at}/cells/{changed['id']}/holders").json()
    assert [one["person"] for one in past] == ["孟岚", "孟岚", "孟岚", "林晓芸"]
    assert post(f"holdings/{past[0]['id']}/release", "e").json()["ended_at"] is not None
    left = browser.get(f"{at}/gaps", {"unit": place.school.pk, "kind": "places"}).json()
    assert [one["title"] for one in left["results"]] == ["203 教室"]
    assert post(f"cells/{changed['id']}/close", "f").json()["closed_on"] == "2026-11-16"


def test_a_leader_is_tied_to_a_town_and_shown_at_its_spots(cells: list[Cell], cast: Cast, grid: Grid) -> None:
    page = browser_of(cast.rita).get(f"/safety_grid/cells/{cells[1].pk}/").content.decode()
    assert "梁山（柳溪镇）" in page
