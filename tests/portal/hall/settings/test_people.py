"""人员: looked up, added with a password shown once, corrected, signed out, and leaving."""

import re

import pytest

from portal.cases.actions import move
from portal.cases.models import AnsweredKey, Case
from portal.ledger.models import Event
from portal.orgs.actions import amend, record_absence
from portal.orgs.models import AccessToken, Appointment, User
from portal.orgs.tokens import issue_token
from tests.district import Cast, District, hire, later
from tests.repairs.test_loop import reported
from tests.signing import browser_of

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def verbs(person: User) -> list[str]:
    return list(Event.objects.filter(address=person.address).order_by("seq").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("typed", "there"), [("林晓", "林晓芸"), ("DORA", "多兰"), ("138", "王建平"), ("没有这个人", "")]
)
def test_people_are_found_by_name_username_or_phone(desk: Desk, cast: Cast, typed: str, there: str) -> None:
    User.objects.filter(pk=cast.will.pk).update(phone="13800000001")
    page = words(desk.sal, f"/settings/people/?q={typed}")
    found = re.findall(r'<a class="go" href="/settings/people/\d+/">([^<]+)</a>', page)
    assert found == ([there] if there else [])
    assert "13800000001" not in page


def test_pages_of_people_follow_each_other_without_a_gap(desk: Desk, place: District) -> None:
    for number in range(40):
        hire(f"t{number:02d}", "同名" if number % 2 else f"教师{number:02d}", place.school)
    seen: list[str] = []
    where = "/settings/people/"
    for _ in range(4):
        page = words(desk.sal, where)
        seen += re.findall(r'data-l="工号">([^<]+)<', page)
        following = re.search(r'href="(\?after=\d+)"', page)
        if following is None:
            break
        where = f"/settings/people/{following.group(1)}"
    assert len(seen) == len(set(seen)) == User.objects.filter(home__path__startswith=place.school.path).count() + 1


def test_people_of_one_unit_and_those_who_left(desk: Desk, place: District, cast: Cast) -> None:
    left = desk.ada.post(f"/settings/people/{cast.tess.pk}/leave/", {"key": "k"})
    assert "田甜 已办理离开" in words(desk.ada, left["Location"])
    assert "田甜" not in words(desk.ada, f"/settings/people/?unit={place.far_school.pk}")
    assert "沈三" in words(desk.ada, f"/settings/people/?unit={place.far_school.pk}")
    assert "田甜" in words(desk.ada, "/settings/people/?left=1")
    assert "沈三" not in words(desk.ada, "/settings/people/?left=1")


def new(place: District, **changed: object) -> dict[str, object]:
    return {
        "home": place.school.pk,
        "username": "gu01",
        "name": "顾盼",
        "phone": "138-0000 0002",
        "email": "gu@example.com",
        "key": "k1",
    } | changed


def test_a_person_is_added_with_a_password_shown_once_and_kept_nowhere(desk: Desk, place: District) -> None:
    answer = desk.sal.post("/settings/people/add/", new(place))
    page = answer.content.decode()
    found = SECRET.search(page)
    assert answer.status_code == 200 and found is not None and answer["Cache-Control"].count("no-store")
    made = User.objects.get(username="gu01")
    assert (made.name, made.phone, made.home_id, made.must_change_password) == (
        "顾盼",
        "13800000002",
        place.school.pk,
        True,
    )
    assert made.check_password(found.group(1)) and verbs(made) == ["entered", "password_reset"]
    assert found.group(1) not in str(list(AnsweredKey.objects.values_list("answer", flat=True)))
    again = desk.sal.post("/settings/people/add/", new(place))
    assert again["Location"] == f"/settings/people/{made.pk}/"
    assert User.objects.get(pk=made.pk).check_password(found.group(1))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"username": "rita"}, "工号 rita 已被使用"), ({"username": "RITA"}, "已被使用"), ({"username": "13800000009"}, "工号不能写成手机号"),
     ({"username": "a b"}, "工号只用文字"), ({"phone": "12345"}, "手机号是 11 位数字"), ({"phone": "13900000000"}, "手机号 13900000000 已被使用"),
     ({"name": ""}, "请填写“姓名”"), ({"email": "gu@"}, "邮箱"), ({"home": ""}, "请选择“单位”")],
)  # fmt: skip
def test_an_account_that_does_not_fit_is_refused_and_all_is_kept(
    desk: Desk, place: District, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    User.objects.filter(pk=cast.will.pk).update(phone="13900000000")
    before = User.objects.count()
    answer = desk.sal.post("/settings/people/add/", new(place, **changed))
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert changed.get("name", "顾盼") in page and (changed.get("email") or "gu@example.com") in page
    assert User.objects.count() == before


def test_nobody_is_added_to_a_unit_beyond_ones_own_or_to_a_room(desk: Desk, place: District) -> None:
    for home in (place.far_school.pk, place.bureau.pk, place.room.pk, "x", 10**30):
        answer = desk.sal.post("/settings/people/add/", new(place, home=home))
        assert answer.status_code == 422 and "请在您管理的单位里选择" in answer.content.decode()
    assert not User.objects.filter(username="gu01").exists()


def test_an_account_is_corrected_and_the_ledger_tells_only_which_parts(desk: Desk, place: District, cast: Cast) -> None:
    where = f"/settings/people/{cast.rita.pk}/edit/"
    assert 'value="林晓芸"' in words(desk.sal, where)
    said = {
        "home": place.school.pk,
        "name": "林晓云",
        "phone": "13800000003",
        "email": "rita@example.com",
        "version": 0,
    }
    assert desk.sal.post(where, said).status_code == 302
    now = User.objects.get(pk=cast.rita.pk)
    assert (now.name, now.phone, now.version) == ("林晓云", "13800000003", 1)
    event = Event.objects.get(address=cast.rita.address, verb="amended")
    assert event.facts == {"changed": ["name", "phone"]}
    assert "修改了姓名、手机号" in words(desk.sal, f"/settings/people/{cast.rita.pk}/")


def test_a_correction_of_an_old_page_is_refused_and_kept(desk: Desk, place: District, cast: Cast, sal: User) -> None:
    amend(cast.rita, name="林小芸", phone=None, email="", home=place.school, by=sal)
    said = {"home": place.school.pk, "name": "林晓云", "phone": "", "email": "", "version": 0}
    answer = desk.sal.post(f"/settings/people/{cast.rita.pk}/edit/", said)
    page = answer.content.decode()
    assert answer.status_code == 412 and "林小芸" in page and 'value="林晓云"' in page
    assert User.objects.get(pk=cast.rita.pk).name == "林小芸"


def test_a_phone_in_use_and_a_home_beyond_are_refused(desk: Desk, place: District, cast: Cast) -> None:
    User.objects.filter(pk=cast.will.pk).update(phone="13900000000")
    said = {"home": place.school.pk, "name": "林晓芸", "phone": "13900000000", "email": "", "version": 0}
    answer = desk.sal.post(f"/settings/people/{cast.rita.pk}/edit/", said)
    assert answer.status_code == 422 and "手机号 13900000000 已被使用" in answer.content.decode()
    answer = desk.sal.post(f"/settings/people/{cast.rita.pk}/edit/", said | {"phone": "", "home": place.far_school.pk})
    assert answer.status_code == 422 and User.objects.get(pk=cast.rita.pk).home_id == place.school.pk


def test_a_reset_ends_sessions_and_is_shown_once(desk: Desk, cast: Cast) -> None:
    hers = browser_of(cast.rita)
    where = f"/settings/people/{cast.rita.pk}/reset/"
    assert "原来的密码作废" in words(desk.sal, where)
    page = desk.sal.post(where, {"key": "k"}).content.decode()
    found = SECRET.search(page)
    assert found is not None and User.objects.get(pk=cast.rita.pk).check_password(found.group(1))
    assert hers.get("/me/").status_code == 302
    assert desk.sal.post(where, {"key": "k"}).status_code == 302
    assert User.objects.get(pk=cast.rita.pk).check_password(found.group(1))


def test_an_admin_changes_their_own_password_elsewhere(desk: Desk, sal: User) -> None:
    page = words(desk.sal, f"/settings/people/{sal.pk}/")
    assert "重置密码" not in page and "办理离开" not in page
    answer = desk.sal.post(f"/settings/people/{sal.pk}/reset/", {"key": "k"})
    assert answer.status_code == 422 and "自己的密码请在“我的”里修改" in answer.content.decode()
    for path in ("leave", "unbind"):
        assert desk.sal.post(f"/settings/people/{sal.pk}/{path}/", {"key": "k"}).status_code == 403


def test_leaving_says_what_follows_then_ends_posts_and_passes_cases_on(
    desk: Desk, place: District, cast: Cast, sal: User
) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    record_absence(person=cast.wang, substitute=cast.will, since=later().date(), until=later(days=2).date(), by=sal)
    where = f"/settings/people/{cast.will.pk}/leave/"
    page = words(desk.sal, where)
    for said in ("立即免去全部任职：柳溪镇中心小学 维修员", "正在办的 1 件事", "代理 汪强 的工作要另请人"):
        assert said in page
    assert "发起的 1 件事由学校的校长、副校长代为验收" in words(desk.sal, f"/settings/people/{cast.rita.pk}/leave/")
    assert desk.sal.post(where, {"key": "k"})["Location"] == f"/settings/people/{cast.will.pk}/"
    now = User.objects.get(pk=cast.will.pk)
    assert (now.is_active, Appointment.objects.filter(person=now, granted=True).count()) == (False, 0)
    assert Case.objects.get(pk=ticket.pk).is_open
    gone = words(desk.sal, f"/settings/people/{cast.will.pk}/")
    assert "账号不能再登录" in gone and "重置密码" not in gone and "办理了离开" in gone
    assert desk.sal.post(where, {"key": "other"}).status_code == 422


def test_all_devices_and_tokens_are_signed_out(desk: Desk, cast: Cast) -> None:
    issue_token(person=cast.rita, name="x", by=cast.rita)
    hers = browser_of(cast.rita)
    assert desk.sal.post(f"/settings/people/{cast.rita.pk}/sign-out/", {"key": "k"}).status_code == 302
    assert hers.get("/me/").status_code == 302
    assert not AccessToken.objects.filter(person=cast.rita).exists()


def test_a_lost_authenticator_is_taken_away(desk: Desk, cast: Cast) -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.create(user=cast.hu, name="x", confirmed=True)
    assert "解除两步验证" in words(desk.sal, f"/settings/people/{cast.hu.pk}/")
    assert desk.sal.post(f"/settings/people/{cast.hu.pk}/unbind/", {"key": "k"}).status_code == 302
    assert not TOTPDevice.objects.filter(user=cast.hu).exists()
    assert verbs(cast.hu)[-1] == "second_factor_unbound"


def test_emoji_nul_and_long_names_do_not_break_anything(desk: Desk, place: District) -> None:
    assert desk.sal.post("/settings/people/add/", new(place, name="𠮷😀")).status_code == 200
    assert desk.sal.post("/settings/people/add/", new(place, name="a\x00b", username="n", key="2")).status_code == 422
    assert (
        desk.sal.post("/settings/people/add/", new(place, name="长" * 41, username="m", phone="", key="3")).status_code
        == 422
    )
