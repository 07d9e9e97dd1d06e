"""Signing in: strangers slow down, the rightful person does not, and an unknown name looks like a wrong password."""

import time

import pytest
from pytest_django.fixtures import Settings

from portal import clock
from portal.errors import BadInput, TooMany
from portal.ledger.models import Event
from portal.orgs import second_factor
from portal.orgs.actions import leave
from portal.orgs.models import Attempts, Device, User
from portal.orgs.policies import FirstDo
from portal.orgs.signin import (
    WRONG,
    Caller,
    attempt,
    check,
    confirm,
    find,
    is_known,
    plain_name,
    remember,
    sign_out_everywhere,
)
from portal.orgs.tokens import issue_token, token_of
from tests.district import Cast, later

from .test_second_factor import bind, code_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

RIGHT = "sunlit-test"
SCHOOL = "203.0.113.7"  # one address for the whole school
HOME = Caller("", "198.51.100.1")


def browser(code: str, network: str = SCHOOL) -> Caller:
    """A browser with a mark of its own, behind the school's address unless said otherwise."""
    return Caller(code, network)


def hammered(cast: Cast, *, minutes: int, start: int = 0) -> int:
    """Ten pupils' browsers and a script without cookies guess the head's password, all they can; how many are heard."""
    heard = 0
    for second in range(start, start + minutes * 60, 4):
        with clock.at(later(seconds=second)):
            for caller in [browser(f"pupil{second // 4 % 10}"), browser(f"pupil{second // 4 * 3 % 10}"), browser("")]:
                heard += attempt("hu", f"guess{second}", caller).wait == 0
    return heard


def test_by_username_by_phone_and_as_a_chinese_keyboard_types_it(cast: Cast) -> None:
    User.objects.filter(pk=cast.rita.pk).update(phone="13800000001")
    for typed in ("rita", " rita ", "ｒｉｔａ", "13800000001", "１３８０００００００１"):
        assert attempt(typed, RIGHT, HOME).person == cast.rita, typed
    assert plain_name("ri\x00ta\ud800") == "rita"


def test_a_username_that_is_somebody_elses_phone_is_the_usernames(cast: Cast) -> None:
    User.objects.filter(pk=cast.rita.pk).update(phone="13800000001")
    other = User.objects.create_user("13800000001", "号码", RIGHT)
    assert find("13800000001") == other


def test_unknown_names_wrong_passwords_leavers_and_accounts_without_password_get_one_answer(cast: Cast) -> None:
    leave(cast.wang, by="clock")
    User.objects.create_user("fresh", "新人")
    answers = {
        attempt(name, word, browser(name))
        for name, word in [("rita", "x"), ("nobody", "x"), ("wang", RIGHT), ("fresh", "")]
    }
    assert [(one.person, one.sentence, one.wait) for one in answers] == [(None, WRONG, 0)]


def test_an_unknown_name_takes_as_long_as_a_wrong_password(cast: Cast, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    cast.rita.set_password(RIGHT)
    cast.rita.save(update_fields=["password"])
    User.objects.create_user("fresh", "新人")

    def took(name: str) -> float:
        began = time.process_time()
        attempt(name, "wrong", Caller(f"{name}{began}", f"net{name}"))
        return time.process_time() - began

    times = {name: min(took(name) for _ in range(3)) for name in ("rita", "nobody", "fresh")}
    assert min(times.values()) > 0.5 * max(times.values())
    assert min(times.values()) > 0.02


def test_a_name_nobody_has_slows_down_just_like_one_somebody_has(cast: Cast) -> None:
    waits = {name: [attempt(name, "wrong", browser("one")).wait for _ in range(6)] for name in ("rita", "nobody")}
    assert waits["rita"] == waits["nobody"] == [0, 0, 0, 5, 5, 5]


def test_pupils_guessing_all_day_do_not_slow_the_head_on_a_known_device(cast: Cast) -> None:
    remember(cast.hu, browser("office"), name="Chrome", session_key="")
    hammered(cast, minutes=3)
    with clock.at(later(seconds=181)):
        assert attempt("hu", RIGHT, browser("office")).person == cast.hu


def test_the_head_comes_in_from_a_new_device_after_a_short_wait_while_pupils_go_on(cast: Cast) -> None:
    hammered(cast, minutes=3)
    with clock.at(later(seconds=181)):
        first = attempt("hu", RIGHT, browser("new phone"))
    assert first.person is None
    assert 0 < first.wait <= 60
    hammered(cast, minutes=2, start=182)
    with clock.at(later(seconds=181 + first.wait)):
        assert attempt("hu", RIGHT, browser("new phone")).person == cast.hu


def test_a_new_device_without_cookies_comes_in_once_its_moment_has_come(cast: Cast) -> None:
    hammered(cast, minutes=3)
    with clock.at(later(seconds=181)):
        wait = attempt("hu", RIGHT, HOME).wait
    with clock.at(later(seconds=181 + wait)):
        assert attempt("hu", RIGHT, HOME).person == cast.hu


def test_guessing_gets_slow_for_those_who_guess(cast: Cast) -> None:
    assert hammered(cast, minutes=6) < 11 * 2 * 6
    assert hammered(cast, minutes=1, start=360) <= 11


def test_browsers_thrown_away_after_each_guess_do_not_help(cast: Cast) -> None:
    heard = [attempt("hu", "guess", browser(f"fresh{number}")).wait == 0 for number in range(300)]
    assert sum(heard) == 10
    waits = [attempt("hu", "guess", browser(f"more{number}")).wait for number in range(100)]
    assert min(waits) >= 1


def test_wrong_guesses_at_one_person_do_not_slow_another(cast: Cast) -> None:
    hammered(cast, minutes=2)
    with clock.at(later(seconds=121)):
        assert attempt("vera", RIGHT, browser("new")).person == cast.vera


def test_a_network_is_slowed_only_far_beyond_what_a_school_mistypes(cast: Cast) -> None:
    for number in range(150):
        attempt(f"pupil{number}", "typo", browser(f"b{number}"))
    assert attempt("rita", RIGHT, browser("new")).person == cast.rita
    for number in range(200):
        attempt(f"other{number}", "typo", browser(f"c{number}"))
    spraying = attempt("dora", "Password1", browser("spray"))
    assert 0 < spraying.wait <= 30
    assert attempt("dora", RIGHT, browser("elsewhere", "198.51.100.9")).person == cast.dora
    with clock.at(later(seconds=30)):
        assert attempt("dora", RIGHT, browser("spray")).person == cast.dora


def test_right_passwords_do_not_count_against_the_network(cast: Cast) -> None:
    for number in range(300):
        assert attempt("rita", RIGHT, browser(f"b{number}")).person == cast.rita
    assert Attempts.objects.count() == 0


def test_a_known_device_slows_down_by_its_own_failures_alone(cast: Cast) -> None:
    remember(cast.hu, browser("office"), name="Chrome", session_key="")
    assert [attempt("hu", "x", browser("office")).wait for _ in range(6)] == [0, 0, 0, 0, 0, 5]
    assert attempt("hu", RIGHT, browser("new phone")).person == cast.hu
    with clock.at(later(seconds=5)):
        assert attempt("hu", RIGHT, browser("office")).person == cast.hu


def test_a_device_is_known_for_the_person_who_signed_in_there_only(cast: Cast) -> None:
    remember(cast.rita, browser("shared"), name="Chrome · Windows", session_key="one")
    with clock.at(later(hours=1)):
        remember(cast.rita, browser("shared"), name="Edge · Windows", session_key="two")
    assert (is_known(cast.rita, "shared"), is_known(cast.hu, "shared"), is_known(cast.rita, "")) == (True, False, False)
    device = Device.objects.get()
    assert (device.name, device.session_key, device.made_at, device.last_at) == (
        "Edge · Windows",
        "two",
        later(),
        later(hours=1),
    )
    remember(cast.rita, HOME, name="a program", session_key="")
    assert Device.objects.count() == 1


def test_a_program_gets_the_person_or_a_refusal_that_names_the_field(cast: Cast) -> None:
    assert check("rita", RIGHT, "", HOME) == cast.rita
    with pytest.raises(BadInput) as refused:
        check("rita", "wrong", "", HOME)
    assert refused.value.errors == {"password": [WRONG]}
    for _ in range(2):
        with pytest.raises(BadInput):
            check("rita", "wrong", "", HOME)
    with pytest.raises(TooMany) as slowed:
        check("rita", RIGHT, "", HOME)
    assert slowed.value.wait == 5


def test_a_program_gives_the_second_factor_too(cast: Cast) -> None:
    with pytest.raises(FirstDo, match="绑定验证器"):
        check("ouyang", RIGHT, "123456", HOME)
    secret, _ = bind(cast.ouyang)
    with pytest.raises(BadInput) as refused:
        check("ouyang", RIGHT, "", HOME)
    assert list(refused.value.errors) == ["otp"]
    with pytest.raises(BadInput) as refused:
        check("ouyang", RIGHT, "000000", HOME)
    assert list(refused.value.errors) == ["otp"]
    with clock.at(later(minutes=5)):
        assert check("ouyang", RIGHT, code_at(secret, later(minutes=5)), HOME) == cast.ouyang


def test_a_program_is_not_let_in_with_a_one_time_password(cast: Cast) -> None:
    User.objects.filter(pk=cast.rita.pk).update(must_change_password=True)
    with pytest.raises(FirstDo, match="新密码"):
        check("rita", RIGHT, "", HOME)


def test_a_demo_asks_nobody_for_a_code(cast: Cast, settings: Settings) -> None:
    assert second_factor.wanted(cast.ouyang)
    settings.DEMO = True
    assert not second_factor.wanted(cast.ouyang)
    assert check("ouyang", RIGHT, "", HOME) == cast.ouyang


def test_guesses_in_a_session_left_open_slow_down_too(cast: Cast) -> None:
    assert [confirm(cast.rita, "x").wait for _ in range(6)] == [0, 0, 0, 0, 0, 5]
    with clock.at(later(seconds=5)):
        assert confirm(cast.rita, RIGHT).person == cast.rita


def test_signing_out_everywhere_ends_sessions_devices_and_tokens(cast: Cast) -> None:
    remember(cast.rita, browser("office"), name="Chrome", session_key="")
    token = issue_token(person=cast.rita, name="小程序", by=cast.rita)
    before = User.objects.get(pk=cast.rita.pk).get_session_auth_hash()
    after = sign_out_everywhere(cast.rita, by=cast.rita)
    assert after.get_session_auth_hash() != before
    assert (token_of(token), Device.objects.count()) == (None, 0)
    found = Event.objects.filter(address=after.address).order_by("seq").values_list("verb", flat=True)
    assert list(found) == ["token_issued", "signed_out_everywhere"]


def test_nothing_a_program_sends_breaks_signing_in(cast: Cast) -> None:
    for name, word in [("\ud800", "\udfff"), ("\x00", "\x00"), ("x" * 10_000, "y" * 100_000), ("😀", "😀"), ("", "")]:
        assert attempt(name, word, browser("odd", "unknown")).person is None


def test_from_one_address_fresh_browsers_are_heard_at_most_once_a_second(cast: Cast) -> None:
    for number in range(200):
        attempt("hu", "guess", browser(f"first{number}"))
    given = 0
    for second in range(1, 11):
        with clock.at(later(seconds=second)):
            given += sum(attempt("hu", "guess", browser(f"b{second}-{number}")).wait > 1 for number in range(5))
    assert given == 10
