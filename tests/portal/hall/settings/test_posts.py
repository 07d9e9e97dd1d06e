"""任命, 免职, conflicts with the way to a waiver, absences for others."""

from collections.abc import Callable
from datetime import date

import pytest

from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.actions import appoint, record_absence
from portal.orgs.models import Absence, Appointment, User, Waiver
from tests.district import MONDAY, Cast, District, later

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")
TODAY = MONDAY.date()
APPOINT = "/settings/posts/appoint/"
Said = Callable[..., dict[str, object]]


@pytest.fixture
def said(place: District) -> Said:
    """What is typed to make Rita a dispatcher, unless said otherwise."""

    def typed(**changed: object) -> dict[str, object]:
        return {
            "person": "林晓芸 rita",
            "unit": place.school.pk,
            "role": "dispatcher",
            "since": TODAY,
            "until": "",
            "key": "k",
        } | changed

    return typed


def test_a_post_is_given_and_counts_at_once(desk: Desk, place: District, cast: Cast, said: Said) -> None:
    page = words(desk.sal, f"{APPOINT}?person={cast.rita.pk}&unit={place.school.pk}")
    assert 'value="林晓芸 rita"' in page and "柳溪镇中心小学" in page
    for offered, there in (("dispatcher", True), ("student", False), ("director", False), ("repairs_officer", False)):
        assert (f'value="{offered}"' in page) is there
    assert desk.sal.post(APPOINT, said())["Location"] == f"/settings/people/{cast.rita.pk}/"
    assert may(cast.rita, "dispatcher", place.room.path)
    shown = words(desk.sal, f"/settings/people/{cast.rita.pk}/")
    assert "报修调度" in shown and "佘立</b> 任命 柳溪镇中心小学 报修调度" in shown


def test_a_post_of_the_future_is_shown_as_not_begun(desk: Desk, cast: Cast, place: District, said: Said) -> None:
    desk.sal.post(APPOINT, said(since=later(days=7).date(), until=later(days=14).date()))
    assert not may(cast.rita, "dispatcher", place.school.path)
    assert "未到任" in words(desk.sal, f"/settings/people/{cast.rita.pk}/")
    assert "未到任" in words(desk.sal, "/settings/posts/?q=林晓芸&role=dispatcher")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"person": "田甜"}, "没有这个在用的人员"), ({"person": "no-such"}, "没有这个在用的人员"), ({"person": ""}, "请填写“人员”"),
     ({"role": "director"}, "director"), ({"role": ""}, "请选择“岗位”"), ({"role": "teacher"}, "在这段时间里已经是柳溪镇中心小学的教师"),
     ({"until": "2026-11-01"}, "结束日期不能早于开始日期"), ({"since": "1026-11-16"}, "请核对年份"), ({"since": "soon"}, "日期")],
)  # fmt: skip
def test_a_post_that_cannot_be_given_is_refused_and_all_is_kept(
    desk: Desk, cast: Cast, said: Said, changed: dict[str, object], sentence: str
) -> None:
    before = Appointment.objects.count()
    answer = desk.sal.post(APPOINT, said(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert f'value="{changed.get("person", "林晓芸 rita")}"' in page or not changed.get("person", "x")
    assert Appointment.objects.count() == before


def test_a_unit_beyond_ones_own_is_not_there_to_be_chosen(desk: Desk, place: District, said: Said) -> None:
    answer = desk.sal.post(APPOINT, said(unit=place.far_school.pk))
    assert answer.status_code == 422 and "请在您管理的单位里选择" in answer.content.decode()
    assert "石门小学" not in answer.content.decode()


def test_of_two_of_one_name_the_username_decides(desk: Desk, place: District, cast: Cast, said: Said) -> None:
    other = User.objects.create_user("rita2", "林晓芸", "sunlit-test", home=place.school)
    answer = desk.sal.post(APPOINT, said(person="林晓芸"))
    assert answer.status_code == 422 and "rita（柳溪镇中心小学）、rita2（柳溪镇中心小学）" in answer.content.decode()
    assert desk.sal.post(APPOINT, said(person="林晓芸 rita2", key="2")).status_code == 302
    assert may(other, "dispatcher", place.school.path) and not may(cast.rita, "dispatcher", place.school.path)


def test_a_conflict_names_its_rule_and_the_bureau_waives_it(
    desk: Desk, place: District, cast: Cast, said: Said
) -> None:
    appoint(person=cast.rita, role="canteen_buyer", unit=place.school, by="clock")
    wanted = said(role="canteen_inspector", until="2026-12-31")
    for client, may_waive in ((desk.sal, False), (desk.ada, True)):
        page = client.post(APPOINT, wanted).content.decode()
        assert (
            "不能同时担任验收员" in page and "不相容岗位不能由一人兼任" in page and "教育局可以批准有期限的豁免" in page
        )
        assert ("登记豁免" in page) is may_waive
    form = words(desk.ada, f"/settings/waivers/add/?unit={place.school.pk}&role=canteen_inspector&named=rita")
    assert 'value="rita"' in form and "采购员" in form
    waiver = {
        "person": "rita",
        "unit": place.school.pk,
        "role": "canteen_inspector",
        "beside": "canteen_buyer",
        "since": TODAY,
        "until": "2026-12-31",
    }
    words_of_it = {"reason": "教学点只有五名教职工", "check_instead": "每周由总务主任抽查"}
    refused = desk.ada.post("/settings/waivers/add/", waiver | words_of_it | {"beside": "canteen_inspector"})
    assert (
        refused.status_code == 422
        and "每周由总务主任抽查" in refused.content.decode()
        and "没有冲突" in refused.content.decode()
    )
    assert desk.ada.post("/settings/waivers/add/", waiver | words_of_it).status_code == 302
    assert Waiver.objects.count() == 1
    listed = words(desk.sal, "/settings/waivers/")
    assert "验收员 兼 采购员" in listed and "每周由总务主任抽查" in listed and "登记豁免" not in listed
    assert desk.sal.post(APPOINT, wanted).status_code == 302
    assert may(cast.rita, "canteen_inspector", place.school.path)


def test_a_post_ends_at_once_or_on_a_day(desk: Desk, place: District, cast: Cast) -> None:
    post = Appointment.objects.get(person=cast.dora)
    where = f"/settings/posts/{post.pk}/relieve/"
    page = words(desk.sal, where)
    assert "柳溪镇中心小学的报修调度空缺，超时上报会跳过这一级" in page
    assert desk.sal.post(where, {"until": "2026-11-20", "key": "1"}).status_code == 302
    assert may(cast.dora, "dispatcher", place.school.path)
    assert desk.sal.post(where, {"until": "", "key": "2"}).status_code == 302
    assert not may(cast.dora, "dispatcher", place.school.path)
    assert "已结束" in words(desk.sal, f"/settings/people/{cast.dora.pk}/")
    answer = desk.sal.post(where, {"until": "2026-11-25", "key": "3"})
    assert answer.status_code == 422 and "2026-11-25" in answer.content.decode()


def test_one_of_two_technicians_leaves_no_vacancy(desk: Desk, cast: Cast) -> None:
    post = Appointment.objects.get(person=cast.will)
    assert "还有 1 位维修员" in words(desk.sal, f"/settings/posts/{post.pk}/relieve/")


def test_a_day_outside_the_post_is_refused_and_kept(desk: Desk, cast: Cast) -> None:
    post = Appointment.objects.get(person=cast.dora)
    answer = desk.sal.post(f"/settings/posts/{post.pk}/relieve/", {"until": "2026-10-01"})
    assert (
        answer.status_code == 422
        and "起止日期之内" in answer.content.decode()
        and "2026-10-01" in answer.content.decode()
    )


def test_nobody_ends_their_own_post_as_admin(desk: Desk, cast: Cast, sal: User) -> None:
    own = Appointment.objects.get(person=sal)
    assert desk.sal.get(f"/settings/posts/{own.pk}/relieve/").status_code == 403
    assert desk.sal.post(f"/settings/posts/{own.pk}/relieve/", {"until": ""}).status_code == 403
    assert desk.ada.post(f"/settings/posts/{own.pk}/relieve/", {"until": ""}).status_code == 302
    assert desk.sal.get("/settings/").status_code == 403


def test_posts_are_narrowed_by_unit_role_and_name(desk: Desk, place: District) -> None:
    page = words(desk.ada, f"/settings/posts/?unit={place.far_school.pk}")
    assert "沈三" in page and "田甜" in page and "多兰" not in page
    page = words(desk.ada, "/settings/posts/?role=dispatcher")
    assert "沈三" in page and "多兰" in page and "田甜" not in page
    assert "没有任职" in words(desk.ada, "/settings/posts/?q=没有这个人")


def test_an_absence_is_registered_for_somebody_and_ended(desk: Desk, place: District, cast: Cast) -> None:
    where = f"/settings/people/{cast.vera.pk}/absence/"
    page = words(desk.sal, where)
    assert "周立" in page and "沈三" not in page
    assert (
        desk.sal.post(
            where, {"since": TODAY, "until": later(days=4).date(), "substitute": cast.lin.pk, "key": "k"}
        ).status_code
        == 302
    )
    assert may(cast.lin, "vice_principal", place.school.path)
    for listed in ("/settings/absences/", f"/settings/people/{cast.vera.pk}/"):
        assert "由 周立 代理" in words(desk.sal, listed)
    away = Absence.objects.get()
    assert desk.sal.post(f"/settings/absences/{away.pk}/end/").status_code == 302
    assert not may(cast.lin, "vice_principal", place.school.path)
    assert [one.verb for one in Event.objects.filter(address=away.address).order_by("seq")] == ["absent", "back"]


def test_an_absence_that_does_not_fit_is_refused_and_kept(desk: Desk, cast: Cast, sal: User) -> None:
    record_absence(person=cast.lin, substitute=cast.hu, since=TODAY, until=later(days=9).date(), by=sal)
    said = {"since": TODAY, "until": "2026-11-27", "substitute": cast.lin.pk}
    answer = desk.sal.post(f"/settings/people/{cast.vera.pk}/absence/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "周立 在这段时间里也请假" in page and "2026-11-27" in page
    assert f'value="{cast.lin.pk}" selected' in page
    assert Absence.objects.filter(person=cast.vera).count() == 0


def test_an_absence_is_registered_by_the_admin_of_the_persons_own_place(
    desk: Desk, cast: Cast, place: District
) -> None:
    appoint(person=cast.will, role="technician", unit=place.far_school, by="clock")
    said = {"since": TODAY, "until": date(2026, 11, 20), "substitute": cast.wang.pk}
    assert desk.sal.post(f"/settings/people/{cast.will.pk}/absence/", said).status_code == 302
    assert desk.sal.get(f"/settings/people/{cast.ping.pk}/absence/").status_code == 404
