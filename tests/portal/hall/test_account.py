"""我的: posts, absences, tokens, devices, password."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal import clock
from portal.orgs.access import may
from portal.orgs.actions import appoint, record_absence
from portal.orgs.models import Absence, AccessToken, Device, User
from portal.orgs.passwords import reset_password
from portal.orgs.tokens import token_of
from tests.district import MONDAY, Cast, District, later
from tests.signing import browser_of

from .test_account_signing_in import RIGHT, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

Counted = Callable[[int], Any]
TODAY, FRIDAY = MONDAY.date(), later(days=4).date()


def words(client: Client, address: str = "/me/") -> str:
    """The page."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_ones_page_shows_ones_posts_with_places_and_days(cast: Cast, place: District) -> None:
    appoint(
        person=cast.rita,
        role="dispatcher",
        unit=place.far_school,
        by="clock",
        since=later(days=14).date(),
        until=later(days=40).date(),
    )
    page = words(browser_of(cast.rita))
    for said in (
        "林晓芸",
        "教师",
        "柳溪镇中心小学 · 2026年11月16日起",
        "报修调度",
        "石门小学 · 2026年11月30日起，到2026年12月26日",
        "未到任",
    ):
        assert said in page
    for theirs in ("沈三", "校长"):
        assert theirs not in page


def test_ones_page_costs_the_same_however_much_there_is(cast: Cast, django_assert_num_queries: Counted) -> None:
    def cost() -> int:
        client = browser_of(cast.rita)
        client.get("/me/")
        with django_assert_num_queries(9, exact=False) as asked:  # type: ignore[call-arg]
            client.get("/me/")
        return len(asked)

    before = cost()
    for number in range(3):
        Device.objects.create(person=cast.rita, code=f"{number}", name="Chrome", made_at=MONDAY, last_at=MONDAY)
        record_absence(
            person=cast.rita,
            substitute=cast.dora,
            since=later(days=number).date(),
            until=later(days=number).date(),
            by="clock",
        )
    assert cost() == before


def test_an_absence_is_registered_and_the_substitute_acts(cast: Cast, place: District) -> None:
    client = browser_of(cast.dora)
    page = words(client, "/me/absence/")
    assert ("林晓芸" in page, "沈三" in page, "多兰</option>" in page) == (True, False, False)
    answer = client.post("/me/absence/", {"since": TODAY, "until": FRIDAY, "substitute": cast.rita.pk})
    assert answer["Location"] == "/me/"
    assert may(cast.rita, "dispatcher", place.school.path)
    assert "林晓芸 代理我" in words(client)
    assert "我代理 多兰" in words(browser_of(cast.rita))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"until": "2026-11-13"}, "已经过去"),
        ({"since": "2026-11-20", "until": "2026-11-18"}, "不能早于开始日期"),
        ({"until": "2029-01-01"}, "最长登记一年"),
        ({"until": "9999-99-99"}, "有效"),
        ({"substitute": ""}, "请选择“代理人”"),
        ({"since": "2026-11-19"}, "已经有请假记录"),
    ],
)
def test_a_refused_absence_says_why_and_keeps_what_was_typed(cast: Cast, changed: dict[str, str], why: str) -> None:
    record_absence(person=cast.dora, substitute=cast.rita, since=FRIDAY, until=FRIDAY, by="clock")
    typed = {"since": "2026-11-16", "until": "2026-11-20", "substitute": str(cast.will.pk)} | changed
    answer = browser_of(cast.dora).post("/me/absence/", typed)
    page = answer.content.decode()
    assert (answer.status_code, why in page, f'value="{typed["until"]}"' in page) == (422, True, True)
    assert Absence.objects.count() == 1


def test_a_substitute_from_elsewhere_is_no_choice(cast: Cast) -> None:
    answer = browser_of(cast.dora).post("/me/absence/", {"since": TODAY, "until": FRIDAY, "substitute": cast.sam.pk})
    assert answer.status_code == 422
    assert not Absence.objects.exists()


def test_one_ends_ones_own_absence_and_nobody_elses(cast: Cast, place: District) -> None:
    absence = record_absence(person=cast.dora, substitute=cast.rita, since=TODAY, until=FRIDAY, by="clock")
    address = f"/me/absence/{absence.pk}/end/"
    for other in (cast.rita, cast.sam, cast.hu):
        assert browser_of(other).post(address).status_code == 404
    assert may(cast.rita, "dispatcher", place.school.path)
    assert browser_of(cast.dora).post(address)["Location"] == "/me/"
    assert not may(cast.rita, "dispatcher", place.school.path)
    assert browser_of(cast.dora).post(address).status_code == 422


def test_a_token_is_shown_once_listed_and_revoked(cast: Cast) -> None:
    client = browser_of(cast.rita)
    page = client.post("/me/tokens/", {"name": "班级小程序"}).content.decode()
    token = page.split('<code class="secret">')[1].split("</code>")[0]
    assert token_of(token).person == cast.rita
    again = words(client, "/me/tokens/")
    assert ("班级小程序" in again, token in again) == (True, False)
    row = AccessToken.objects.get()
    assert browser_of(cast.sam).post(f"/me/tokens/{row.pk}/revoke/").status_code == 404
    assert client.post(f"/me/tokens/{row.pk}/revoke/")["Location"] == "/me/tokens/"
    assert token_of(token) is None
    assert client.post("/me/tokens/", {"name": ""}).status_code == 422


def test_a_token_made_behind_a_code_carries_it(cast: Cast) -> None:
    browser_of(cast.ada).post("/me/tokens/", {"name": "数据同步"})
    plain = Client()
    plain.force_login(cast.rita)
    plain.post("/me/tokens/", {"name": "小程序"})
    assert list(AccessToken.objects.order_by("pk").values_list("second_factor", flat=True)) == [True, False]


def test_one_device_is_signed_out_and_the_others_are_not(cast: Cast) -> None:
    office, phone = Client(), Client()
    sign_in(office, "rita")
    sign_in(phone, "rita")
    theirs = Device.objects.get(session_key=phone.session.session_key)
    assert browser_of(cast.sam).post(f"/me/devices/{theirs.pk}/forget/").status_code == 404
    assert phone.get("/me/").status_code == 200
    assert office.post(f"/me/devices/{theirs.pk}/forget/")["Location"] == "/me/"
    assert (phone.get("/me/").status_code, office.get("/me/").status_code) == (302, 200)
    assert "这台" in words(office)


def test_signing_out_everywhere_ends_this_session_too(cast: Cast) -> None:
    office, phone = Client(), Client()
    sign_in(office, "rita")
    sign_in(phone, "rita")
    assert office.post("/me/sign-out-everywhere/")["Location"] == "/sign-in/"
    assert (office.get("/me/").status_code, phone.get("/me/").status_code) == (302, 302)
    assert not Device.objects.filter(person=cast.rita).exists()


def change(client: Client, current: str, new: str, again: str = "") -> Any:
    """Fills in the password page."""
    return client.post("/me/password/", {"current": current, "new": new, "again": again or new})


def test_a_new_password_keeps_this_session_and_ends_the_others(cast: Cast) -> None:
    office, phone = Client(), Client()
    sign_in(office, "rita")
    sign_in(phone, "rita")
    assert change(office, RIGHT, "juhua-taocha-77")["Location"] == "/"
    assert (office.get("/me/").status_code, phone.get("/me/").status_code) == (200, 302)
    assert sign_in(Client(), "rita", "juhua-taocha-77").status_code == 302
    assert office.session.session_key in Device.objects.filter(person=cast.rita).values_list("session_key", flat=True)


@pytest.mark.parametrize(
    ("current", "new", "again", "why"),
    [
        ("wrong", "juhua-taocha-77", "juhua-taocha-77", "现在的密码不对"),
        (RIGHT, "short", "short", "至少要有 10 个字符"),
        (RIGHT, "juhua-taocha-77", "juhua-taocha-78", "两次输入的新密码不一样"),
        (RIGHT, RIGHT, RIGHT, "不能和现在的密码一样"),
        ("", "", "", "请填写“现在的密码”"),
    ],
)
def test_a_password_is_refused_with_the_reason(cast: Cast, current: str, new: str, again: str, why: str) -> None:
    answer = change(browser_of(cast.rita), current, new, again)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert User.objects.get(pk=cast.rita.pk).check_password(RIGHT)


def test_guessing_the_present_password_in_an_open_session_slows_down(cast: Cast) -> None:
    client = browser_of(cast.rita)
    assert [change(client, "x", "juhua-taocha-77").status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_one_time_password_opens_nothing_but_the_page_for_a_new_one(cast: Cast) -> None:
    password = reset_password(cast.rita, by=cast.ada)
    client = Client()
    assert sign_in(client, "rita", password, next="/desk/")["Location"] == "/desk/"
    assert client.get("/desk/")["Location"] == "/me/password/?next=%2Fdesk%2F"
    assert "一次性密码" in words(client, "/me/password/?next=/desk/")
    answer = client.post(
        "/me/password/", {"current": password, "new": "juhua-taocha-77", "again": "juhua-taocha-77", "next": "/desk/"}
    )
    assert answer["Location"] == "/desk/"
    assert client.get("/me/").status_code == 200
    assert clock.today() == User.objects.get(pk=cast.rita.pk).password_set_on


@pytest.mark.parametrize(
    "address",
    ["/me/absence/9/end/", "/me/tokens/9/revoke/", "/me/devices/9/forget/", "/me/devices/99999999999999999999/forget/"],
)
def test_what_does_not_exist_is_not_there(cast: Cast, address: str) -> None:
    assert browser_of(cast.rita).post(address).status_code == 404
