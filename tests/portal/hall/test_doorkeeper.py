"""Deny by default: who comes in by which door, and every refusal as a page that helps."""

import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from portal.errors import NotAllowed
from portal.orgs import policies
from portal.orgs.models import User
from portal.orgs.policies import POLICIES, PUBLIC, Policy, every_route_has_a_policy, guard, holding, policies_of, policy
from portal.orgs.tokens import issue_token
from tests.district import Cast
from tests.signing import browser_of

from . import doors

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.portal.hall.doors"),
    pytest.mark.usefixtures("monday"),
]

DOORS = ("public", "known", "signed-in", "dispatchers", "admins", "unmarked")


def through(client: Client) -> dict[str, int]:
    """What each door answers."""
    return {door: client.get(f"/{door}/").status_code for door in DOORS}


def test_each_door_lets_in_whom_its_policy_names_and_an_unmarked_one_nobody(cast: Cast) -> None:
    assert {
        "nobody": through(Client()),
        "rita": through(browser_of(cast.rita)),
        "dora": through(browser_of(cast.dora)),
        "ada": through(browser_of(cast.ada)),
    } == {
        "nobody": dict(zip(DOORS, (200, 302, 302, 302, 302, 404), strict=True)),
        "rita": dict(zip(DOORS, (200, 200, 200, 403, 403, 404), strict=True)),
        "dora": dict(zip(DOORS, (200, 200, 200, 200, 403, 404), strict=True)),
        "ada": dict(zip(DOORS, (200, 200, 200, 403, 200, 404), strict=True)),
    }


def test_an_unmarked_door_is_told_to_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "portal.hall.middleware"):
        Client().get("/unmarked/")
    assert [record.getMessage() for record in caplog.records] == ["no policy for GET /unmarked/"]


def test_a_policy_is_looked_up_when_somebody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(request: HttpRequest) -> None:
        raise NotAllowed("今天不开门。")

    monkeypatch.setitem(POLICIES, "public", Policy("public", "nobody", nobody))
    assert Client().get("/public/").status_code == 403
    monkeypatch.delitem(POLICIES, "public")
    assert Client().get("/public/").status_code == 404


def test_each_verb_has_its_own_policy_and_others_are_not_answered(cast: Cast) -> None:
    stranger, rita = Client(), browser_of(cast.rita)
    assert [client.generic(verb, "/verbs/").status_code for client in (stranger, rita) for verb in ("GET", "HEAD", "OPTIONS", "POST", "DELETE")] == [
        200, 200, 200, 302, 405,
        200, 200, 200, 200, 405,
    ]  # fmt: skip
    refused = rita.delete("/verbs/")
    assert (refused["Allow"], "页面上的按钮" in refused.content.decode()) == ("GET, POST", True)


@pytest.mark.urls("portal.urls")
def test_a_view_that_does_not_answer_a_verb_says_so_in_a_page(cast: Cast) -> None:
    refused = browser_of(cast.rita).post("/desk/")
    assert (refused.status_code, refused["Allow"], "页面上的按钮" in refused.content.decode()) == (405, "GET", True)


def test_start_up_fails_for_every_route_and_verb_without_a_policy(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [error.msg for error in every_route_has_a_policy(None)]
    assert told == ["no policy for GET /unmarked/: mark the view with @guard(...)"]
    half = guard(GET=PUBLIC)(doors.Desk.as_view())
    bare = doors.Desk.as_view()
    monkeypatch.setattr(policies, "get_resolver", lambda: Routes([path("half/", half), path("bare/", bare)]))
    told = [error.msg.split(":")[0] for error in every_route_has_a_policy(None)]
    assert told == ["no policy for POST /half/", "no policy for GET /bare/", "no policy for POST /bare/"]


class Routes:
    """A resolver of these routes."""

    def __init__(self, url_patterns: list[object]) -> None:
        self.url_patterns = url_patterns


@pytest.mark.urls("portal.urls")
def test_every_route_of_the_portal_has_a_policy() -> None:
    assert every_route_has_a_policy(None) == []


def test_a_code_has_one_policy_however_often_it_is_asked_for() -> None:
    assert holding("b", "a") is holding("a", "b")
    assert policy("public", "another")(lambda _: None) is PUBLIC
    assert policies_of(guard(PUBLIC)(lambda _: None))["GET"] == "public"
    assert policies_of(lambda _: None) == {}


@pytest.mark.parametrize(
    ("which", "status", "words"),
    [
        ("bad", 422, ["有一处要改。", "请填写标题。"]),
        ("not-allowed", 403, ["自己修的，不能自己验收。", "办理人与验收人不能是同一人", "林晓芸", "补照片"]),
        ("gone", 404, ["没有找到您要的内容"]),
        ("step", 409, ["已经派工了。"]),
        ("stale", 412, ["王建平刚刚接了单。"]),
        ("often", 429, ["太快了。", "7 秒"]),
        ("data", 422, ["数字太大"]),
        ("surrogate", 422, ["数字太大"]),
    ],
)
def test_a_refusal_is_a_page_that_says_what_to_do(cast: Cast, which: str, status: int, words: list[str]) -> None:
    for client in (Client(), browser_of(cast.rita)):
        answer = client.get(f"/refuse/{which}/")
        page = answer.content.decode()
        assert (answer.status_code, [word for word in words if word not in page]) == (status, [])
        assert page.count("<h1") == 1


def test_too_many_says_when_to_come_back() -> None:
    assert Client().get("/refuse/often/")["Retry-After"] == "7"


def test_the_way_back_leads_to_the_page_before_if_it_is_ours(cast: Cast) -> None:
    def back(referer: str) -> bool:
        page = Client().get("/refuse/not-allowed/", headers={"referer": referer}).content.decode()
        return 'href="/desk/?tab=late"' in page

    found = {
        referer: back(referer)
        for referer in ("http://testserver/desk/?tab=late", "http://evil.example/desk/?tab=late", "")
    }
    assert list(found.values()) == [True, False, False]
    page = (
        Client().get("/refuse/not-allowed/", headers={"referer": "http://testserver//evil.example/"}).content.decode()
    )
    assert "evil.example" not in page


def test_a_part_of_a_page_gets_a_part_in_answer(cast: Cast) -> None:
    answer = Client().get("/refuse/not-allowed/", headers={"HX-Request": "true"})
    assert (answer.status_code, "<html" in answer.content.decode()) == (403, False)
    assert "自己修的" in answer.content.decode()
    whole = Client().get("/refuse/not-allowed/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in whole.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_back(cast: Cast) -> None:
    client = Client()
    assert client.get("/signed-in/?page=2")["Location"] == "/sign-in/?next=%2Fsigned-in%2F%3Fpage%3D2"
    assert client.post("/signed-in/")["Location"] == "/sign-in/?next=%2F"
    part = client.get("/signed-in/", headers={"HX-Request": "true", "referer": "http://testserver/desk/"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/sign-in/?next=%2Fdesk%2F")


def test_an_officer_without_a_code_gets_no_further_than_the_code(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ouyang)
    answers = {door: client.get(f"/{door}/") for door in ("public", "known", "signed-in")}
    assert [answer.status_code for answer in answers.values()] == [200, 200, 302]
    assert answers["signed-in"]["Location"] == "/me/second-factor/?next=%2Fsigned-in%2F"


def test_a_one_time_password_leads_to_a_new_one(cast: Cast) -> None:
    User.objects.filter(pk=cast.rita.pk).update(must_change_password=True)
    answer = browser_of(cast.rita).get("/signed-in/")
    assert answer["Location"] == "/me/password/?next=%2Fsigned-in%2F"


@pytest.mark.parametrize(
    "address",
    [
        "/public/?q=%00",
        "/public/?%00=1",
        "/public/%00",
        "/public/?q=%ff%fe&x=%C3%28",
        "/number/99999999999999999999999999/",
        "/number/" + "9" * 5000 + "/",
        "/%ff",
        "/nowhere/",
        "/public/?" + "&".join(f"a{number}=1" for number in range(1200)),
    ],
)
def test_nothing_in_an_address_breaks_the_portal(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code in (200, 400, 404, 422)
    assert answer.status_code == 200 or "<h1" in answer.content.decode()


def test_invisible_characters_get_a_sentence(cast: Cast) -> None:
    rita = browser_of(cast.rita)
    refused = rita.get("/signed-in/?q=%00")
    assert (refused.status_code, "空字符" in refused.content.decode()) == (422, True)
    unseen = rita.get("/refuse/nul/")  # what no form has refused, the database's driver does
    assert (unseen.status_code, "存不下" in unseen.content.decode()) == (422, True)
    assert rita.post("/signed-in/", {"title": "漏水 😀"}).status_code == 200


@pytest.mark.urls("portal.urls")
def test_a_form_with_invisible_characters_comes_back_as_it_was_typed(cast: Cast) -> None:
    answer = browser_of(cast.rita).post("/me/tokens/", {"name": "漏\x00水"})
    page = answer.content.decode()
    assert (answer.status_code, page.count("空字符"), 'value="漏\x00水"' in page) == (422, 2, True)


def test_what_django_refuses_itself_reads_like_our_own(cast: Cast, settings: object) -> None:
    client = Client(raise_request_exception=False)
    too_many = client.post("/public/", {f"field{number}": "x" for number in range(1500)})
    assert (too_many.status_code, "无法读取" in too_many.content.decode()) == (400, True)
    wrong_host = client.get("/public/", headers={"host": "evil.example"})
    assert (wrong_host.status_code, "evil.example" in wrong_host.content.decode()) == (400, False)
    missing = client.get("/nowhere/")
    assert (missing.status_code, "没有找到" in missing.content.decode()) == (404, True)
    forged = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "rita", "password": "x"})
    assert (forged.status_code, "刷新" in forged.content.decode()) == (403, True)
    broken = client.get("/refuse/broken/")
    assert (broken.status_code, "回首页" in broken.content.decode()) == (500, True)


def problem(answer: HttpResponse) -> dict[str, object]:
    """A program's problem, read."""
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, object] = json.loads(answer.content)
    return found


def test_a_program_gets_the_same_refusals_as_problems() -> None:
    client = Client(raise_request_exception=False)
    assert problem(client.get("/api/v1/refuse/bad/")) == {
        "type": "urn:sunlit:bad-input",
        "title": "有几处需要改一下",
        "status": 422,
        "detail": "有一处要改。",
        "errors": {"title": ["请填写标题。"]},
    }
    stranger = client.get("/api/v1/refuse/nobody/")
    assert (stranger.status_code, stranger["WWW-Authenticate"]) == (401, "Bearer")
    assert client.get("/api/v1/refuse/often/")["Retry-After"] == "7"
    statuses = {
        which: problem(client.get(f"/api/v1/refuse/{which}/"))["status"] for which in ("gone", "stale", "broken")
    }
    assert statuses == {"gone": 404, "stale": 412, "broken": 500}
    assert problem(client.get("/api/v1/nowhere/"))["status"] == 404


def test_a_program_is_who_its_token_says(cast: Cast) -> None:
    token = issue_token(person=cast.rita, name="小程序", by=cast.rita)
    client = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {token}"})
    assert client.post("/api/v1/program/").json() == {"who": "rita"}
    assert Client().post("/api/v1/program/").status_code == 401
    wrong = Client(headers={"authorization": "Bearer nonsense"}).get("/api/v1/program/")
    assert (wrong.status_code, problem(wrong)["detail"]) == (401, "令牌无效或已作废，请重新申请。")
    both = browser_of(cast.dora)
    assert both.get("/api/v1/program/", headers={"authorization": f"bearer {token}"}).json() == {"who": "rita"}


def test_a_token_opens_no_pages(cast: Cast) -> None:
    token = issue_token(person=cast.rita, name="小程序", by=cast.rita)
    assert Client(headers={"authorization": f"Bearer {token}"}).get("/signed-in/").status_code == 302


def test_an_officers_token_counts_only_when_made_with_a_code(cast: Cast) -> None:
    for second_factor, status in ((False, 403), (True, 200)):
        token = issue_token(person=cast.ouyang, name="数据", by=cast.ouyang, second_factor=second_factor)
        client = Client(headers={"authorization": f"Bearer {token}"})
        assert client.post("/api/v1/program/").status_code == status


def test_a_browsers_session_reads_for_programs_but_writes_only_with_its_form_token(cast: Cast) -> None:
    client = browser_of(cast.rita, Client(enforce_csrf_checks=True))
    assert client.get("/api/v1/program/").json() == {"who": "rita"}
    assert client.post("/api/v1/program/").status_code == 403
    client.get("/me/tokens/")
    key = client.cookies["csrftoken"].value
    assert client.post("/api/v1/program/", headers={"X-CSRFToken": key}).json() == {"who": "rita"}
