"""The second factor: one code, once; backup codes; who needs it."""

from datetime import datetime

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import clock
from portal.errors import BadInput
from portal.ledger.models import Event
from portal.orgs import second_factor
from portal.orgs.actions import appoint, record_absence, relieve
from portal.orgs.models import Appointment, User
from portal.orgs.signin import Caller, remember, try_code
from tests.district import Cast, District, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

PHONE, ELSEWHERE = Caller("phone", "198.51.100.1"), Caller("other", "198.51.100.2")


def code_at(secret: str, moment: datetime) -> str:
    """What an authenticator with this secret shows at that moment."""
    totp = TOTP(bytes.fromhex(secret))
    totp.time = moment.timestamp()
    return f"{totp.token():06d}"


def bind(person: User) -> tuple[str, list[str]]:
    """Binds an authenticator now: its secret and the backup codes."""
    secret = second_factor.new_secret()
    codes = second_factor.enrol(person, secret=secret, code=code_at(secret, clock.now()), by=person)
    return secret, codes


def test_officers_inspectors_and_admins_need_it_and_those_who_stand_in_for_them(cast: Cast, place: District) -> None:
    people = ("rita", "dora", "hu", "ouyang", "ping", "ada", "sam")
    assert {name for name in people if second_factor.required(getattr(cast, name))} == {"ouyang", "ada"}
    today = clock.today()
    appoint(person=cast.vera, role="discipline_inspector", unit=place.bureau, by="clock")
    record_absence(person=cast.vera, substitute=cast.hu, since=today, until=today, by="clock")
    people_again = {name: User.objects.get(username=name) for name in ("vera", "hu", "rita")}
    assert {name for name, person in people_again.items() if second_factor.required(person)} == {"vera", "hu"}


def test_whoever_has_bound_one_is_asked_although_no_role_wants_it(cast: Cast) -> None:
    assert not second_factor.wanted(cast.rita)
    bind(cast.rita)
    assert second_factor.wanted(cast.rita)


def test_a_code_is_good_for_half_a_minute_around_now_and_once(cast: Cast) -> None:
    secret, _ = bind(cast.ouyang)
    moment = later(minutes=5)
    with clock.at(moment):
        assert not second_factor.accept(cast.ouyang, code_at(secret, later(minutes=3)))
        assert not second_factor.accept(cast.ouyang, code_at(secret, later(minutes=7)))
        assert second_factor.accept(cast.ouyang, code_at(secret, later(minutes=5, seconds=-30)))
        assert second_factor.accept(cast.ouyang, code_at(secret, moment))
        assert not second_factor.accept(cast.ouyang, code_at(secret, moment))
        assert not second_factor.accept(cast.ouyang, code_at(secret, later(minutes=5, seconds=-30)))


def test_the_code_that_bound_it_does_not_sign_in_as_well(cast: Cast) -> None:
    secret, _ = bind(cast.ouyang)
    assert not second_factor.accept(cast.ouyang, code_at(secret, clock.now()))


def test_codes_are_read_as_people_type_them(cast: Cast) -> None:
    secret, codes = bind(cast.ouyang)
    with clock.at(later(minutes=5)):
        plain = code_at(secret, later(minutes=5))
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in plain)
        assert second_factor.accept(cast.ouyang, f" {wide[:3]} {wide[3:]} ")
    assert second_factor.accept(cast.ouyang, codes[0].upper().replace("-", " "))


def test_each_backup_code_is_good_once_and_only_digests_are_kept(cast: Cast) -> None:
    _, codes = bind(cast.ouyang)
    assert (len(set(codes)), second_factor.backup_codes_left(cast.ouyang)) == (10, 10)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}
    assert [second_factor.accept(cast.ouyang, codes[3]) for _ in range(2)] == [True, False]
    assert second_factor.backup_codes_left(cast.ouyang) == 9
    fresh = second_factor.new_backup_codes(cast.ouyang)
    assert not second_factor.accept(cast.ouyang, codes[4])
    assert second_factor.accept(cast.ouyang, fresh[0])


def test_a_backup_code_of_somebody_else_is_worth_nothing(cast: Cast) -> None:
    _, codes = bind(cast.ouyang)
    bind(cast.ada)
    assert not second_factor.accept(cast.ada, codes[0])


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "０", "\x00", "𝟙𝟚𝟛𝟜𝟝", "-12345", "9" * 5000])
def test_nonsense_is_no_code(cast: Cast, code: str) -> None:
    secret, _ = bind(cast.ouyang)
    assert not second_factor.accept(cast.ouyang, code)
    with pytest.raises(BadInput, match="验证码不对"):
        second_factor.enrol(cast.ouyang, secret=secret, code=code, by=cast.ouyang)
    assert TOTPDevice.objects.filter(user=cast.ouyang, key=secret).count() == 1


def test_wrong_codes_slow_down_strangers_and_not_the_persons_own_device(cast: Cast) -> None:
    secret, codes = bind(cast.ouyang)
    remember(cast.ouyang, PHONE, name="Chrome", session_key="")
    assert [try_code(cast.ouyang, "000000", ELSEWHERE).wait for _ in range(6)] == [0, 0, 0, 0, 0, 5]
    assert try_code(cast.ouyang, codes[0], PHONE).person == cast.ouyang
    with clock.at(later(minutes=5)):
        assert try_code(cast.ouyang, code_at(secret, later(minutes=5)), ELSEWHERE).person == cast.ouyang


def test_binding_and_unbinding_are_written_to_the_persons_chain(cast: Cast) -> None:
    bind(cast.ouyang)
    second_factor.unbind(cast.ouyang, by=cast.ada)
    assert not second_factor.enrolled(cast.ouyang)
    assert not StaticToken.objects.exists()
    found = Event.objects.filter(address=cast.ouyang.address).order_by("seq")
    assert [(one.verb, one.who) for one in found] == [
        ("second_factor_bound", f"person:{cast.ouyang.pk}"),
        ("second_factor_unbound", f"person:{cast.ada.pk}"),
    ]


def test_the_authenticator_reads_the_secret_from_the_address(cast: Cast) -> None:
    address = second_factor.otpauth(cast.ouyang, "00" * 20)
    assert address.startswith("otpauth://totp/%E9%98%B3")
    assert address.endswith("?secret=" + "A" * 32 + "&issuer=%E9%98%B3%E5%85%89%E6%A0%A1%E5%8A%A1")
    assert second_factor.spelled("00" * 20) == " ".join(["AAAA"] * 8)


def test_a_post_that_ends_ends_the_need(cast: Cast) -> None:
    relieve(Appointment.objects.get(person=cast.ouyang), by="clock")
    assert not second_factor.required(User.objects.get(pk=cast.ouyang.pk))
