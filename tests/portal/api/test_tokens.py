"""Who a program is: by its token alone, as long as the token lives, with the second factor where a post wants one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal import clock
from portal.orgs import second_factor
from portal.orgs.actions import relieve
from portal.orgs.models import AccessToken, User
from portal.orgs.signin import sign_out_everywhere
from tests.district import MONDAY, Cast, later

from .program import TICKETS, Program, step_of
from .test_writes import refused

pytestmark = pytest.mark.usefixtures("monday")
Programs = Callable[[User], Program]
TOKEN = "/api/v1/auth/token"


def asked(**said: Any) -> Any:
    return Program().post(TOKEN, {"username": "rita", "password": "sunlit-test"} | said)


def code_for(person: User) -> str:
    """Binds an authenticator and gives a backup code."""
    secret = second_factor.new_secret()
    totp = second_factor.TOTP(bytes.fromhex(secret))
    totp.time = MONDAY.timestamp()
    return second_factor.enrol(person, secret=secret, code=f"{totp.token():06d}", by=person)[0]


def test_name_and_password_give_a_token_that_stands_for_the_person(cast: Cast) -> None:
    answer = asked(name="数据平台")
    assert (answer.status_code, list(answer.json()), answer["Cache-Control"]) == (201, ["token"], "no-store")
    assert Program(answer.json()["token"]).get("/api/v1/me").json()["name"] == "林晓芸"
    stored = AccessToken.objects.get()
    assert (stored.name, answer.json()["token"] in stored.digest) == ("数据平台", False)


def test_a_wrong_password_and_an_unknown_name_get_one_answer(cast: Cast) -> None:
    wrong, unknown = asked(password="nein"), asked(username="nobody")
    assert [refused(one) for one in (wrong, unknown)] == [(422, "bad-input", ["password"])] * 2
    assert wrong.json() == unknown.json()


def test_guesses_slow_down(cast: Cast) -> None:
    answers = [asked(password="nein") for _ in range(5)]
    assert [one.status_code for one in answers] == [422, 422, 422, 429, 429]
    assert (refused(answers[-1])[1], int(answers[-1]["Retry-After"]) > 0) == ("too-many", True)


@pytest.mark.parametrize("said", [{"password": 5}, {"password": None}, {"otp": ["x"]}, {"username": ""}, {"more": 1}])
def test_what_does_not_fit_is_named(cast: Cast, said: dict[str, Any]) -> None:
    assert refused(asked(**said)) == (422, "bad-input", list(said))


def test_a_post_that_wants_a_code_gets_no_token_without(cast: Cast) -> None:
    assert refused(asked(username="ouyang")) == (403, "first-do", [])
    code = code_for(cast.ouyang)
    assert refused(asked(username="ouyang")) == (422, "bad-input", ["otp"])
    assert refused(asked(username="ouyang", otp="000000")) == (422, "bad-input", ["otp"])
    token = asked(username="ouyang", otp=code).json()["token"]
    assert Program(token).get(TICKETS).status_code == 200


def test_a_token_made_without_a_code_stops_when_a_post_begins_to_want_one(cast: Cast) -> None:
    token = asked().json()["token"]
    assert Program(token).get("/api/v1/me").status_code == 200
    AccessToken.objects.update(person=cast.ouyang)
    assert refused(Program(token).get("/api/v1/me")) == (403, "first-do", [])


@pytest.mark.parametrize("url", ["/api/v1/me", "/api/v1/desk", "/api/v1/units", "/api/v1/inbox", TICKETS])
@pytest.mark.parametrize("token", ["", "sunlit_unknown", "令牌", " "])
def test_without_a_living_token_nothing_is_told(cast: Cast, url: str, token: str) -> None:
    answer = Client().get(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    assert (refused(answer)[:2], answer["WWW-Authenticate"]) == ((401, "not-signed-in"), "Bearer")


def test_a_revoked_token_is_nobodys(cast: Cast, program: Programs) -> None:
    one, other = program(cast.rita), program(cast.rita)
    assert one.delete(TOKEN).status_code == 204
    assert [one.get("/api/v1/me").status_code, other.get("/api/v1/me").status_code] == [401, 200]
    sign_out_everywhere(cast.rita, by=cast.rita)
    assert other.get("/api/v1/me").status_code == 401


def test_who_has_left_has_no_token(cast: Cast, program: Programs) -> None:
    rita = program(cast.rita)
    User.objects.filter(pk=cast.rita.pk).update(is_active=False)
    assert rita.get("/api/v1/me").status_code == 401


def test_a_role_that_ends_counts_from_the_next_request(reported: str, cast: Cast, program: Programs) -> None:
    dora = program(cast.dora)
    assert dora.get(f"{TICKETS}/{reported}").status_code == 200
    with clock.at(later(minutes=1)):
        relieve(cast.dora.appointments.get(), by="clock")
        assert dora.get(f"{TICKETS}/{reported}").status_code == 404


def test_a_browser_reads_by_its_session_and_writes_only_with_its_csrf_token(reported: str, cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.dora)
    url, kind = step_of(reported, "accept"), "application/json"
    assert browser.get("/api/v1/me").json()["name"] == "多兰"
    assert refused(browser.post(url, {"reply": "好"}, content_type=kind))[0] == 403
    token = browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post(url, {"reply": "好"}, content_type=kind, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert refused(browser.delete(TOKEN, headers={"X-CSRFToken": token}))[0] == 404


def test_a_bad_token_does_not_fall_back_to_the_session(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.dora)
    assert browser.get("/api/v1/me", headers={"Authorization": "Bearer nein"}).status_code == 401
