"""Signing in and out in a browser: where one lands, what is remembered, who is believed about addresses."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from portal import clock
from portal.hall import demo_accounts
from portal.hall.account.caller import device_name, network_of
from portal.hall.demo_accounts import DemoAccount, offer
from portal.orgs.actions import leave, relieve
from portal.orgs.models import Appointment, Device, User
from portal.orgs.signin import WRONG, sign_out_everywhere
from tests.district import Cast, later
from tests.signing import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

RIGHT = "sunlit-test"


def sign_in(client: Client, username: str, password: str = RIGHT, **more: str) -> object:
    """Types name and password into the page, opened before."""
    client.get("/sign-in/")
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_the_right_password_opens_home_with_a_new_session(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["before"] = "yes"
    session.save()
    answer = client.post("/sign-in/", {"username": "rita", "password": RIGHT})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()
    assert client.get("/me/").context["shell"].person == cast.rita


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/desk/?tab=late", "/desk/?tab=late"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("desk/", "/"),
    ],
)
def test_one_lands_where_one_wanted_to_go_but_never_elsewhere(cast: Cast, wanted: str, landed: str) -> None:
    assert sign_in(Client(), "rita", next=wanted)["Location"] == landed
    assert (
        f'name="next" value="{landed.replace("&", "&amp;")}"'
        in Client().get("/sign-in/", {"next": wanted}).content.decode()
    )


def test_a_wrong_password_and_an_unknown_name_show_one_sentence_and_keep_the_name(cast: Cast) -> None:
    for name in ("rita", "nobody"):
        answer = sign_in(Client(), name, "wrong")
        page = answer.content.decode()
        assert (answer.status_code, WRONG in page, f'value="{name}"' in page, "wrong" in page) == (
            422,
            True,
            True,
            False,
        )


def test_too_many_tries_say_when_to_come_back(cast: Cast) -> None:
    client = Client()
    answers = [sign_in(client, "rita", "wrong") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert (answers[-1]["Retry-After"], "请等 5 秒" in answers[-1].content.decode()) == ("5", True)
    with clock.at(later(seconds=5)):
        assert sign_in(client, "rita").status_code == 302


def test_pupils_at_the_schools_address_do_not_keep_the_head_out(cast: Cast) -> None:
    office = Client()
    sign_in(office, "hu")
    office.post("/sign-out/")
    for number in range(40):
        sign_in(Client(), "hu", f"guess{number}")
    assert sign_in(office, "hu").status_code == 302
    phone = Client()
    slowed = sign_in(phone, "hu")
    assert slowed.status_code == 429
    with clock.at(later(seconds=int(slowed["Retry-After"]))):
        for number in range(10):
            sign_in(Client(), "hu", f"more{number}")
        assert sign_in(phone, "hu").status_code == 302


def test_empty_and_absurd_input_gets_sentences(cast: Cast) -> None:
    for name, password in (("", ""), ("x" * 500, "y" * 5000), ("ri\x00ta", "x"), ("😀", "😀")):
        assert sign_in(Client(), name, password).status_code == 422


def test_a_browser_is_remembered_per_person_and_its_mark_cannot_be_forged(cast: Cast) -> None:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537"})
    sign_in(client, "rita")
    mark = client.cookies["sunlit_browser"]
    assert (mark["httponly"], mark["samesite"], mark["max-age"] > 365 * 24 * 3600) == (True, "Lax", True)
    client.post("/sign-out/")
    sign_in(client, "dora")
    rows = Device.objects.order_by("pk").values_list("person__username", "name")
    assert list(rows) == [("rita", "Chrome · Windows"), ("dora", "Chrome · Windows")]
    assert Device.objects.values("code").distinct().count() == 1
    forger = Client()
    forger.cookies["sunlit_browser"] = Device.objects.first().code
    sign_in(forger, "rita")
    assert Device.objects.filter(person=cast.rita).count() == 2


def test_signing_out_needs_a_button_and_ends_the_session(cast: Cast) -> None:
    client = Client()
    sign_in(client, "rita")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/me/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/me/").status_code == 302


def test_whoever_is_signed_in_does_not_sign_in_again(cast: Cast) -> None:
    client = Client()
    sign_in(client, "rita")
    assert client.get("/sign-in/?next=/desk/")["Location"] == "/desk/"


def test_sessions_end_with_the_account_with_signing_out_everywhere_and_with_the_password(cast: Cast) -> None:
    def ends(what: object, name: str) -> int:
        client = Client()
        sign_in(client, name)
        assert client.get("/me/").status_code == 200
        what()
        return client.get("/me/").status_code

    def changed() -> None:
        dora = User.objects.get(username="dora")
        dora.set_password("another-one-77")
        dora.save(update_fields=["password"])

    assert ends(lambda: leave(cast.wang, by="clock"), "wang") == 302
    assert ends(lambda: sign_out_everywhere(cast.rita, by=cast.rita), "rita") == 302
    assert ends(changed, "dora") == 302


def test_a_role_that_ends_counts_from_the_next_request(cast: Cast) -> None:
    client = Client()
    sign_in(client, "ouyang")
    assert client.get("/me/").status_code == 302  # the code is owed
    relieve(Appointment.objects.get(person=cast.ouyang), by="clock")
    assert client.get("/me/").status_code == 200


def test_a_code_given_before_does_not_count_for_the_next_signing_in(cast: Cast) -> None:
    client = browser_of(cast.ouyang)
    assert client.get("/me/").status_code == 200
    client.post("/sign-in/", {"username": "ouyang", "password": RIGHT})
    assert client.get("/me/").status_code == 302


def test_a_demo_shows_its_accounts_and_one_tap_signs_in_without_a_code(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_accounts, "ACCOUNTS", [])
    offer([DemoAccount("ouyang", "欧阳敏", "教育局科室"), DemoAccount("rita", "林晓芸", "教师")])
    offer([DemoAccount("rita", "林晓芸", "教师")])
    assert "演示账号" not in Client().get("/sign-in/").content.decode()
    settings.DEMO, settings.DEMO_PASSWORD = True, RIGHT
    client = Client()
    page = client.get("/sign-in/").content.decode()
    assert (page.count('class="demo"'), "不用两步验证" in page, page.index("欧阳敏") < page.index("林晓芸")) == (
        2,
        True,
        True,
    )
    assert sign_in(client, "ouyang")["Location"] == "/"
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "network"),
    [
        ([], "203.0.113.9", "", "203.0.113.9"),
        ([], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.2", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.2", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.2", "198.51.100.1, 10.0.0.7", "198.51.100.1"),
        (["10.0.0.0/8"], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.2"], "10.0.0.2", "nonsense", "unknown"),
        (["10.0.0.2"], "10.0.0.2", "", "10.0.0.2"),
        (["unix"], "", "198.51.100.1", "198.51.100.1"),
        ([], "", "198.51.100.1", "unknown"),
        ([], "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ([], "::ffff:203.0.113.9", "", "203.0.113.9"),
    ],
)
def test_an_address_is_believed_from_trusted_proxies_only(
    settings: Settings, proxies: list[str], peer: str, forwarded: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    more = {"headers": {"x-forwarded-for": forwarded}} if forwarded else {}
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=peer, **more)) == network


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0", "微信 · 安卓"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
        ("", "浏览器"),
        ("curl/8", "浏览器"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(agent: str, name: str) -> None:
    assert device_name(RequestFactory().get("/", headers={"user-agent": agent})) == name
