"""单位与地点: walking down, adding, naming, moving, closing; a refusal keeps what was typed."""

import re

import pytest

from portal.orgs.actions import plant, plant_many
from portal.orgs.actions.bulk import Sketch
from portal.orgs.models import Unit
from repairs.models import Ticket
from tests.district import Cast, District
from tests.repairs.test_loop import reported

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")


def names_below(unit: Unit) -> list[str]:
    return list(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1).values_list("name", flat=True))


def test_a_unit_shows_its_children_its_posts_and_what_is_vacant(desk: Desk, place: District) -> None:
    page = words(desk.ada, f"/settings/units/{place.far_school.pk}/")
    for said in ("101 教室", "沈三", "报修调度", "空缺", "总务主任", "分管副校长", "校长", "SM01", "小学 · 公办"):
        assert said in page
    full = words(desk.ada, f"/settings/units/{place.school.pk}/")
    assert set(re.findall('aria-label="任命(.+?)"', full)) == {
        "安全办主任", "包联领导", "心理与德育专员", "食堂管理员", "采购员", "保管员", "验收员", "厨师长", "食堂会计",
        "食品安全员", "食品安全总监", "膳食委员会",
    }  # fmt: skip
    assert "胡启明" in full


def test_a_post_of_many_is_counted_not_listed(desk: Desk, place: District) -> None:
    from tests.district import hire

    for number in range(7):
        hire(f"t{number}", f"教师{number}", place.school, ("teacher", place.school))
    page = words(desk.sal, f"/settings/units/{place.school.pk}/")
    assert "8 人" in page and "教师3" not in page


def test_a_thousand_children_come_in_pages_and_are_found_by_a_word(desk: Desk, place: District) -> None:
    plant_many([Sketch(f"{number:04d} 室", "room") for number in range(1000)], parent=place.building, by="clock")
    where = f"/settings/units/{place.building.pk}/"
    first = words(desk.sal, where)
    assert first.count('class="tile"') == 30 and "203 教室" in first and len(first) < 40_000
    mark = first.split("?after=")[1].split('"')[0]
    second = words(desk.sal, f"{where}?after={mark}")
    assert second.count('class="tile"') == 30 and "0027 室" not in second and "0028 室" in second
    assert words(desk.sal, f"{where}?q=0999").count('class="tile"') == 1
    assert "没有名字里有" in words(desk.sal, f"{where}?q=9999")


def test_rooms_are_added_one_a_line(desk: Desk, place: District) -> None:
    where = f"/settings/units/{place.building.pk}/add/"
    kinds = words(desk.sal, where)
    assert "?kind=room" in kinds and "?kind=school" not in kinds
    answer = desk.sal.post(f"{where}?kind=room", {"name": "205 教室\n\n 206 教室 ", "key": "k1"})
    assert answer["Location"] == f"/settings/units/{place.building.pk}/"
    assert names_below(place.building) == ["203 教室", "204 教室", "205 教室", "206 教室"]
    assert Unit.objects.get(name="206 教室").label == "教学楼 206 教室"


def test_the_same_submission_twice_plants_once(desk: Desk, place: District) -> None:
    where, said = f"/settings/units/{place.building.pk}/add/?kind=room", {"name": "205 教室", "key": "k1"}
    first, second = desk.sal.post(where, said), desk.sal.post(where, said)
    assert (first.status_code, second.status_code) == (302, 302)
    assert names_below(place.building) == ["203 教室", "204 教室", "205 教室"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("203 教室\n211 教室", "这里已经有或写了两次：203 教室。"), ("301\n301", "写了两次：301"), ("", "请填写“名称”"),
     ("\n".join(f"{n} 室" for n in range(101)), "一次最多 100 个"), ("长" * 61, "每个名称最多 60 个字")],
)  # fmt: skip
def test_names_that_do_not_fit_are_refused_and_kept(desk: Desk, place: District, said: str, sentence: str) -> None:
    answer = desk.sal.post(f"/settings/units/{place.building.pk}/add/?kind=room", {"name": said})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and said in page
    assert names_below(place.building) == ["203 教室", "204 教室"]


def test_a_school_is_added_with_its_code(desk: Desk, place: District) -> None:
    where = f"/settings/units/{place.town.pk}/add/?kind=school"
    said = {"name": "青山中学", "code": "qs01", "stage": "JUN", "public": "on", "phone": "0571-1234"}
    assert desk.ada.post(where, said).status_code == 302
    made = Unit.objects.get(name="青山中学")
    assert (made.code, made.stage, made.public, made.phone, made.school_id) == (
        "QS01",
        "JUN",
        True,
        "0571-1234",
        made.pk,
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("LX01", "编码 LX01 已被另一所学校使用"), ("校01", "编码只用字母和数字"), ("", "请填写“编码”")],
)
def test_a_school_code_in_use_is_refused_and_kept(desk: Desk, place: District, code: str, sentence: str) -> None:
    said = {"name": "青山中学", "code": code, "stage": "JUN"}
    answer = desk.ada.post(f"/settings/units/{place.town.pk}/add/?kind=school", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "青山中学" in page
    assert not Unit.objects.filter(name="青山中学").exists()


def test_a_kind_that_has_no_place_here_is_not_offered(desk: Desk, place: District) -> None:
    assert "?kind=school" not in words(desk.sal, f"/settings/units/{place.school.pk}/add/?kind=school")
    classroom = plant(name="2026级1班", kind="class", parent=place.school, entry_year=2026, by="clock")
    assert "这里不能再往下加" in words(desk.sal, f"/settings/units/{classroom.pk}/add/")


def test_a_name_changes_with_the_labels_below(desk: Desk, place: District) -> None:
    where = f"/settings/units/{place.building.pk}/edit/"
    assert 'value="教学楼"' in words(desk.sal, where)
    assert desk.sal.post(where, {"name": "求知楼", "version": 0}).status_code == 302
    assert Unit.objects.get(pk=place.room.pk).label == "求知楼 203 教室"
    assert "修改了 求知楼 的名称" in words(desk.sal, f"/settings/units/{place.building.pk}/")


def test_a_school_keeps_its_phone_and_code_where_they_are_corrected(desk: Desk, place: District) -> None:
    said = {"name": "柳溪小学", "code": "LX09", "phone": "8001", "version": 0}
    assert desk.sal.post(f"/settings/units/{place.school.pk}/edit/", said).status_code == 302
    now = Unit.objects.get(pk=place.school.pk)
    assert (now.name, now.code, now.phone, now.stage) == ("柳溪小学", "LX09", "8001", "PRI")


def test_who_comes_second_sees_what_is_there_now_and_keeps_what_they_typed(desk: Desk, place: District) -> None:
    where = f"/settings/units/{place.building.pk}/edit/"
    desk.ada.post(where, {"name": "求知楼", "version": 0})
    answer = desk.sal.post(where, {"name": "勤学楼", "version": 0})
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "求知楼刚刚被别人改过" in page and "您想改成" in page and 'value="勤学楼"' in page
    assert '<input type="hidden" name="version" value="1">' in page
    assert Unit.objects.get(pk=place.building.pk).name == "求知楼"
    assert desk.sal.post(where, {"name": "勤学楼", "version": 1}).status_code == 302


def test_a_neighbours_name_is_refused(desk: Desk, place: District) -> None:
    answer = desk.sal.post(f"/settings/units/{place.room.pk}/edit/", {"name": "204 教室", "version": 0})
    assert answer.status_code == 422 and "这里已经有“204 教室”" in answer.content.decode()


def test_a_move_says_what_follows_and_takes_all_along(desk: Desk, place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    town = plant(name="石桥镇", kind="town", parent=place.bureau, by="clock")
    where = f"/settings/units/{place.school.pk}/move/"
    page = words(desk.ada, f"{where}?under={town.pk}")
    for said in ("石桥镇", "下面的 3 个单位", "1 件在办事项"):
        assert said in page
    assert desk.ada.post(where, {"under": town.pk, "version": 0}).status_code == 302
    moved = Unit.objects.get(pk=place.school.pk)
    assert moved.is_under(Unit.objects.get(pk=town.pk).path) and moved.version == 1
    assert Ticket.objects.get(pk=ticket.pk).unit_path.startswith(moved.path)


@pytest.mark.parametrize("to", ["room", "far_school", "bureau"])
def test_a_move_to_where_it_has_no_place_is_refused(desk: Desk, place: District, to: str) -> None:
    """Below itself, to another's school, or up to the bureau: none of them is offered to a school's admin."""
    answer = desk.sal.post(f"/settings/units/{place.building.pk}/move/", {"under": getattr(place, to).pk, "version": 0})
    assert answer.status_code == 422
    assert Unit.objects.get(pk=place.building.pk).path == place.building.path


def test_an_admins_own_top_is_neither_moved_nor_closed_by_them(desk: Desk, place: District) -> None:
    for verb in ("move", "close"):
        assert desk.sal.get(f"/settings/units/{place.school.pk}/{verb}/").status_code == 404
        assert desk.sal.post(f"/settings/units/{place.school.pk}/{verb}/", {"on": "2026-11-20"}).status_code == 404


def test_a_building_closes_from_a_day_on(desk: Desk, place: District) -> None:
    where = f"/settings/units/{place.building.pk}/close/"
    assert "下面的 2 个单位和地点一起停用" in words(desk.sal, where)
    assert desk.sal.post(where, {"on": "2026-11-16", "version": 0}).status_code == 302
    assert Unit.objects.get(pk=place.room.pk).closed_on is not None
    assert "停用 教学楼，2026年11月16日起" in words(desk.sal, f"/settings/units/{place.building.pk}/")
    assert "已停用" in words(desk.sal, f"/settings/units/{place.school.pk}/")


def test_a_school_with_posts_does_not_close(desk: Desk, place: District) -> None:
    where = f"/settings/units/{place.far_school.pk}/close/"
    assert "还有 2 项任职" in words(desk.ada, where)
    answer = desk.ada.post(where, {"on": "2026-11-20", "version": 0})
    assert answer.status_code == 422 and "先办完免职或调任再停用" in answer.content.decode()
    assert "2026-11-20" in answer.content.decode()
    assert Unit.objects.get(pk=place.far_school.pk).closed_on is None


def test_a_closing_years_away_is_a_slip_of_the_pen(desk: Desk, place: District) -> None:
    answer = desk.sal.post(f"/settings/units/{place.building.pk}/close/", {"on": "2062-11-20", "version": 0})
    assert answer.status_code == 422 and "停用日期要在一年以内" in answer.content.decode()


def test_choosing_offers_only_the_kinds_asked_for(desk: Desk, place: District) -> None:
    asked = "/settings/pick/?next=/settings/people/add/&as=home&kinds=school,town,bureau,section"
    page = words(desk.sal, asked)
    assert f"/settings/people/add/?home={place.school.pk}" in page
    inside = words(desk.sal, f"{asked}&in={place.school.pk}")
    assert "教学楼" in inside and f"home={place.building.pk}" not in inside and f"home={place.school.pk}" in inside
    assert desk.sal.get(f"{asked}&in={place.far_school.pk}").status_code == 404


@pytest.mark.parametrize("verb", ["move", "close"])
def test_a_move_or_closing_of_an_old_page_is_told_so(desk: Desk, place: District, verb: str) -> None:
    desk.ada.post(f"/settings/units/{place.building.pk}/edit/", {"name": "求知楼", "version": 0})
    said = {"under": place.school.pk, "on": "2026-11-20", "version": 0}
    answer = desk.sal.post(f"/settings/units/{place.building.pk}/{verb}/", said)
    now = Unit.objects.get(pk=place.building.pk)
    assert answer.status_code == 412 and "求知楼刚刚被别人改过" in answer.content.decode()
    assert (now.path, now.closed_on, now.version) == (place.building.path, None, 1)
