"""The second factor in a browser: binding at the first signing in, giving a code, backup codes, a lost phone."""

import re

import pytest
from django.test import Client

from portal import clock
from portal.orgs import second_factor
from portal.orgs.models import Device
from tests.district import Cast, later
from tests.portal.orgs.test_second_factor import bind, code_at

from .test_account_signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

PAGE = "/me/second-factor/"


def secret_of(client: Client) -> str:
    """The secret of the authenticator being bound."""
    found: str = client.session["second_factor_secret"]
    return found


def test_an_officer_binds_an_authenticator_before_anything_else(cast: Cast) -> None:
    client = Client()
    assert sign_in(client, "ouyang", next="/desk/")["Location"] == f"{PAGE}?next=%2Fdesk%2F"
    assert client.get("/desk/")["Location"] == f"{PAGE}?next=%2Fdesk%2F"
    page = client.get(f"{PAGE}?next=/desk/").content.decode()
    assert ("data:image/svg+xml" in page, second_factor.spelled(secret_of(client)) in page) == (True, True)
    wrong = client.post(PAGE, {"code": "000000", "next": "/desk/"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    assert second_factor.spelled(secret_of(client)) in wrong.content.decode()
    key = client.session.session_key
    done = client.post(PAGE, {"code": code_at(secret_of(client), clock.now()), "next": "/desk/"})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", done.content.decode())
    assert (done.status_code, len(codes), 'href="/desk/"' in done.content.decode()) == (200, 10, True)
    assert client.session.session_key != key
    assert client.get("/me/").status_code == 200
    assert Device.objects.get(person=cast.ouyang).session_key == client.session.session_key


def test_later_the_password_is_followed_by_the_code(cast: Cast) -> None:
    secret, _ = bind(cast.ouyang)
    with clock.at(later(minutes=5)):
        client = Client()
        sign_in(client, "ouyang", next="/desk/")
        assert not Device.objects.filter(person=cast.ouyang).exists()
        asked = client.get(PAGE).content.decode()
        assert ("one-time-code" in asked, "data:image" in asked) == (True, False)
        wrong = client.post(PAGE, {"code": "000000"})
        assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
        right = client.post(PAGE, {"code": code_at(secret, later(minutes=5)), "next": "/desk/"})
        assert right["Location"] == "/desk/"
        assert client.get("/me/").status_code == 200
        assert Device.objects.filter(person=cast.ouyang).count() == 1


def test_a_backup_code_does_too_and_too_many_wrong_ones_wait(cast: Cast) -> None:
    _, codes = bind(cast.ouyang)
    client = Client()
    sign_in(client, "ouyang")
    statuses = [client.post(PAGE, {"code": "000000"}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    with clock.at(later(seconds=5)):
        assert client.post(PAGE, {"code": codes[0]}).status_code == 302
    assert second_factor.backup_codes_left(cast.ouyang) == 9


def test_the_password_alone_changes_nothing(cast: Cast) -> None:
    bind(cast.ouyang)
    client = Client()
    sign_in(client, "ouyang")
    for address in ("/me/password/", "/me/tokens/", "/me/"):
        assert client.get(address)["Location"].startswith(PAGE)
    for address in (f"{PAGE}codes/", f"{PAGE}unbind/", "/me/sign-out-everywhere/", "/me/password/"):
        assert client.post(address, {"code": "000000"})["Location"].startswith(PAGE)
    assert second_factor.enrolled(cast.ouyang)


def test_new_backup_codes_and_unbinding_take_a_fresh_code(cast: Cast) -> None:
    _, codes = bind(cast.rita)
    client = Client()
    sign_in(client, "rita")
    client.post(PAGE, {"code": codes[0]})
    assert "还有 9 个备用码" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}codes/", {"code": "000000"}).status_code == 403
    renewed = client.post(f"{PAGE}codes/", {"code": codes[1]})
    fresh = re.findall(r"<code>(\w{5}-\w{5})</code>", renewed.content.decode())
    assert (len(fresh), set(fresh) & set(codes)) == (10, set())
    assert client.post(f"{PAGE}unbind/", {"code": codes[2]}).status_code == 403
    assert client.post(f"{PAGE}unbind/", {"code": fresh[0]})["Location"] == "/me/"
    assert not second_factor.enrolled(cast.rita)
    assert client.get("/me/").status_code == 200


def test_an_officer_who_unbinds_binds_the_next_one_at_once(cast: Cast) -> None:
    _, codes = bind(cast.ouyang)
    client = Client()
    sign_in(client, "ouyang")
    client.post(PAGE, {"code": codes[0]})
    assert client.post(f"{PAGE}unbind/", {"code": codes[1]})["Location"] == PAGE
    assert client.get("/desk/")["Location"].startswith(PAGE)
    assert "data:image/svg+xml" in client.get(PAGE).content.decode()


def test_anybody_may_choose_it(cast: Cast) -> None:
    client = Client()
    sign_in(client, "rita")
    client.get(PAGE)
    client.post(PAGE, {"code": code_at(secret_of(client), clock.now())})
    assert client.get("/me/").status_code == 200
    again = Client()
    assert sign_in(again, "rita")["Location"].startswith(PAGE)
    assert again.get("/me/")["Location"].startswith(PAGE)


def test_these_pages_are_kept_by_no_cache(cast: Cast) -> None:
    client = Client()
    sign_in(client, "ouyang")
    assert "no-store" in client.get(PAGE)["Cache-Control"]
    assert "no-store" in Client().get("/sign-in/")["Cache-Control"]
