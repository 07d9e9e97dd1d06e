"""时限与阶梯: what holds where, rows added, moved and taken away without a script, versions, and what would happen."""

from datetime import timedelta
from decimal import Decimal

import pytest

from portal import clock
from portal.cases.models import ClockSetting, Deadline
from portal.cases.settings import set_clock
from portal.cases.sweep import sweep
from portal.orgs.actions import record_absence, relieve
from portal.orgs.models import Appointment
from portal.worktime.actions import set_unit_day
from tests.district import MONDAY, Cast, District, later
from tests.repairs.test_loop import reported

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")
KIND = "repairs.ticket"
WHERE = f"/settings/clocks/{KIND}"


def page_of(place: District, name: str = "resolve", *, topic: str = "", unit: int | None = None) -> str:
    return f"{WHERE}/{name}/?unit={unit or place.school.pk}" + (f"&topic={topic}" if topic else "")


def typed(*rungs: tuple[str, str, str], **more: object) -> dict[str, object]:
    """A page as its buttons send it; with rungs, a ladder of its own."""
    rows = {
        f"{part}-{at}": value
        for at, rung in enumerate(rungs)
        for part, value in zip(("tells", "when", "ack"), rung, strict=True)
    }
    own = {"own": "1"} if rungs else {}
    return {"amount": "", "measure": "", "version": 0, "key": "k", "act": "save"} | own | rows | more


PRINCIPAL = ("principal", "share:1", "4")
OFFICER = ("repairs_officer", "plus:48", "")


def tellers(page: str) -> list[str]:
    """What is chosen in the rows of a page, in order."""
    found = []
    for part in page.split('name="tells-')[1:]:
        chosen = part.split("</select>")[0].split(" selected")[0]
        found.append(chosen.rsplit('value="', 1)[1].split('"')[0])
    return found


def test_every_clock_is_shown_with_its_time_and_where_it_comes_from(desk: Desk, place: District, cast: Cast) -> None:
    set_clock(unit=place.bureau, kind=KIND, clock="resolve", topic="RP-01", amount="12", measure="wall", by=cast.ada)
    page = words(desk.sal, f"/settings/clocks/?unit={place.school.pk}")
    assert "水管漏水 修复：12 小时" in page and "来自青禾县教育局" in page
    assert (
        "门窗锁 修复：24 个上学小时" in page
        and "全部类别 修复：各类不同" in page
        and "全部类别 验收：3 个上学日" in page
    )
    assert "本单位设置" in words(desk.ada, f"/settings/clocks/?unit={place.bureau.pk}")


def test_a_time_set_here_holds_for_the_next_case_and_not_for_the_last(desk: Desk, place: District, cast: Cast) -> None:
    before = reported(place, cast.rita)
    assert desk.sal.post(page_of(place), typed(amount="6", measure="wall")).status_code == 302
    after = reported(place, cast.rita)
    amounts = {one.case_id: one.amount for one in Deadline.objects.filter(clock="resolve")}
    assert (amounts[before.pk], amounts[after.pk]) == (Decimal(24), Decimal(6))
    page = words(desk.sal, page_of(place))
    assert 'value="6"' in page and "保存为第 2 版" in page


def test_a_ladder_set_here_fires_as_it_was_previewed(desk: Desk, place: District, cast: Cast) -> None:
    said = typed(PRINCIPAL, OFFICER, amount="2", measure="wall")
    page = desk.sal.post(page_of(place, "respond"), said | {"act": "preview"}).content.decode()
    assert "胡启明</b> 校长收到上报，4 小时内须知悉<time>今天 11:00</time>" in page
    assert "欧阳敏</b> 局后勤装备科收到上报<time>11月18日 周三 11:00</time>" in page
    assert not ClockSetting.objects.exists()
    assert desk.sal.post(page_of(place, "respond"), said).status_code == 302
    ticket = reported(place, cast.rita)
    with clock.at(later(hours=2)):
        sweep()
    assert [(one.role, one.told, one.due_at, one.ack_by) for one in ticket.escalations.all()] == [
        ("principal", [cast.hu.pk], later(hours=2), later(hours=6))
    ]
    assert Deadline.objects.get(case=ticket, clock="respond").next_rung_at == later(hours=50)


def test_rows_are_added_moved_and_taken_away_by_buttons_and_nothing_is_written(desk: Desk, place: District) -> None:
    where = page_of(place)
    inherited = words(desk.sal, where)
    assert "在这里另设" in inherited and 'name="tells-0"' not in inherited
    own = desk.sal.post(where, typed(act="own")).content.decode()
    assert tellers(own) == ["holder", "logistics_head", "vice_principal", "principal", "repairs_officer"]
    rows = (("logistics_head", "share:1", "1"), PRINCIPAL, OFFICER)
    for act, expected in {
        "up-1": ["principal", "logistics_head", "repairs_officer"],
        "up-0": ["logistics_head", "principal", "repairs_officer"],
        "drop-0": ["principal", "repairs_officer"],
        "drop-9": ["logistics_head", "principal", "repairs_officer"],
    }.items():
        answer = desk.sal.post(where, typed(*rows, amount="7", measure="wall", act=act))
        assert answer.status_code == 200 and tellers(answer.content.decode()) == expected
        assert 'value="7"' in answer.content.decode()
    more = desk.sal.post(where, typed(*rows, act="add")).content.decode()
    assert more.count('name="tells-') == 4
    full = desk.sal.post(where, typed(*[PRINCIPAL] * 8, act="add")).content.decode()
    assert full.count('name="tells-') == 8 and "最多 8 级" in full
    back = desk.sal.post(where, typed(*rows, act="inherit")).content.decode()
    assert "在这里另设" in back and 'name="tells-0"' not in back
    assert not ClockSetting.objects.exists()


def test_spare_rows_left_empty_are_left_out(desk: Desk, place: District) -> None:
    assert desk.sal.post(page_of(place), typed(PRINCIPAL, ("", "plus:24", ""), OFFICER)).status_code == 302
    assert ClockSetting.objects.get().rungs == [
        {"tells": "principal", "share": "1", "ack": "4"},
        {"tells": "repairs_officer", "plus": "48"},
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [(typed(amount="0", measure="wall"), "时限"), (typed(amount="abc", measure="wall"), "时限"), (typed(amount="99999", measure="wall"), "时限"),
     (typed(amount="5"), "请选择按什么时间走"), (typed(measure="wall"), "请填写时限"), (typed(amount="1.5", measure="days"), "上学日要写成整数"),
     (typed(amount="1", measure="moon"), "moon"), (typed(PRINCIPAL, ("logistics_head", "share:0.8", "")), "后一级不能早于前一级"),
     (typed(("", "plus:24", "")), "阶梯至少留一级"), (typed(("king", "share:1", "")), "king"), (typed(("principal", "plus:Infinity", "")), "plus:Infinity"),
     (typed(("principal", "share:7", "")), "share:7"), (typed(("principal", "share:1", "-1")), "-1"), (typed(amount="NaN", measure="wall"), "时限")],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_every_row_is_kept(
    desk: Desk, place: District, said: dict[str, object], sentence: str
) -> None:
    answer = desk.sal.post(page_of(place), said)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert page.count('name="tells-') == sum(name.startswith("tells-") for name in said)
    assert not said["amount"] or f'value="{said["amount"]}"' in page
    assert not ClockSetting.objects.exists()


def test_who_comes_second_is_told_and_keeps_what_they_typed(desk: Desk, place: District, cast: Cast) -> None:
    set_clock(unit=place.school, kind=KIND, clock="resolve", amount="8", measure="wall", by=cast.ada)
    answer = desk.sal.post(page_of(place), typed(PRINCIPAL, amount="6", measure="wall"))
    page = answer.content.decode()
    assert (
        answer.status_code == 412
        and "刚刚被别人改过" in page
        and 'value="6"' in page
        and tellers(page) == ["principal"]
    )
    assert ClockSetting.objects.count() == 1
    assert desk.sal.post(page_of(place), typed(PRINCIPAL, amount="6", measure="wall", version=1)).status_code == 302


def test_the_same_submission_twice_is_one_version(desk: Desk, place: District) -> None:
    said = typed(amount="6", measure="wall")
    assert [desk.sal.post(page_of(place), said).status_code for _ in range(2)] == [302, 302]
    assert ClockSetting.objects.count() == 1


def test_every_version_stays_in_the_history(desk: Desk, place: District, cast: Cast) -> None:
    desk.sal.post(page_of(place), typed(PRINCIPAL, amount="6", measure="wall"))
    desk.sal.post(page_of(place), typed(version=1, key="2"))
    page = words(desk.sal, f"{WHERE}/resolve/history/?unit={place.school.pk}")
    assert page.index('aria-label="第 2 版"') < page.index('aria-label="第 1 版"')
    assert "6 小时" in page and "校长 超时立即" in page and "佘立" in page and page.count("沿用") == 2
    after = reported(place, cast.rita)
    assert Deadline.objects.get(case=after, clock="resolve").amount == Decimal(24)


def test_what_is_taken_over_says_from_where(desk: Desk, place: District, cast: Cast) -> None:
    rungs = [{"tells": "principal", "share": "1"}]
    set_clock(unit=place.bureau, kind=KIND, clock="resolve", amount="10", measure="hours", rungs=rungs, by=cast.ada)
    page = words(desk.sal, page_of(place, topic="RP-03"))
    assert "不填就沿用：10 个上学小时（来自青禾县教育局）" in page
    assert "沿用来自青禾县教育局的阶梯：校长 超时立即" in page


def test_the_preview_knows_holidays_substitutes_and_vacancies(desk: Desk, place: District, cast: Cast) -> None:
    record_absence(person=cast.vera, substitute=cast.lin, since=MONDAY.date(), until=later(days=9).date(), by="clock")
    relieve(Appointment.objects.get(person=cast.hu), by="clock")
    set_unit_day(unit=place.school, day=later(days=1).date(), is_open=False, name="运动会", by=cast.ada)
    page = words(desk.sal, page_of(place, topic="RP-03"))
    assert "多兰</b> 应完成修复<time>明天 09:00</time>" in page
    assert "周立</b> 总务主任收到上报，1 小时内须知悉<time>明天 09:00</time>" in page
    assert "周立（代 孟岚）</b> 分管副校长收到上报" in page
    assert "校长</b> 空缺，直接报下一级" in page
    assert "第 2 级落在明天，不上学。若只按上学时间走，会变成" in page
    assert "柳溪镇中心小学没有“校长”，这一级会跳过" in page


def test_the_preview_counts_school_time_and_says_what_is_provisional(desk: Desk, place: District) -> None:
    said = typed(amount="40", measure="days", act="preview")
    page = desk.sal.post(page_of(place), said).content.decode()
    assert "暂定" in page
    short = desk.sal.post(page_of(place), typed(amount="4", measure="hours", act="preview")).content.decode()
    assert "应完成修复<time>今天 15:00</time>" in short and "暂定" not in short


def test_a_setting_of_the_bureau_says_whom_it_touches(desk: Desk, place: District, cast: Cast) -> None:
    reported(place, cast.rita)
    set_clock(unit=place.far_school, kind=KIND, clock="resolve", amount="8", measure="wall", by=cast.ada)
    page = words(desk.ada, page_of(place, unit=place.bureau.pk))
    assert "2 所学校，近 4 周平均每周 0.25 件" in page
    assert "石门小学没有“校长”，这一级会跳过" in page and "石门小学 1 个单位自己设置过" in page
    assert "石门小学" not in words(desk.sal, page_of(place))


def test_a_nearer_setting_is_named_in_the_preview(desk: Desk, place: District, cast: Cast) -> None:
    set_clock(unit=place.school, kind=KIND, clock="resolve", amount="8", measure="wall", by=cast.ada)
    said = typed(amount="48", measure="wall", act="preview")
    assert (
        "柳溪镇中心小学自己设置过，那里以自己的为准"
        in desk.ada.post(page_of(place, unit=place.bureau.pk), said).content.decode()
    )


def test_a_clock_that_acts_by_itself_has_no_ladder(desk: Desk, place: District) -> None:
    page = words(desk.sal, page_of(place, "sign_off"))
    assert "到期由系统“到期办结”" in page and "在这里另设" not in page
    assert desk.sal.post(page_of(place, "sign_off"), typed(amount="5", measure="days")).status_code == 302
    assert ClockSetting.objects.get().amount == 5


def test_mistakes_of_a_preview_are_shown_and_the_example_waits(desk: Desk, place: District) -> None:
    answer = desk.sal.post(page_of(place), typed(amount="x", measure="wall", act="preview"))
    assert answer.status_code == 422 and "先把左边标出的地方改好" in answer.content.decode()


def test_a_unit_without_schools_has_no_example(desk: Desk, place: District) -> None:
    from portal.orgs.actions import plant

    town = plant(name="石桥镇", kind="town", parent=place.bureau, by="clock")
    page = words(desk.ada, page_of(place, unit=town.pk))
    assert "还没有学校，算不出例子" in page and "0 所学校" in page


def test_time_passes_for_the_example(desk: Desk, place: District) -> None:
    with clock.at(MONDAY + timedelta(hours=3)):
        assert "今天 12:00 在柳溪镇中心小学报修（水管漏水）" in words(desk.sal, page_of(place))
