"""Passwords: the two profiles, changing one's own, a one-time password from an admin."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from portal.orgs.actions import appoint, leave, plant
from portal.orgs.models import Enrolment, Guardianship, Student, User
from portal.orgs.passwords import MixedValidator, change_password, must_change, reset_password
from portal.orgs.signin import Caller, attempt, remember
from portal.orgs.tokens import issue_token
from tests.district import Cast, District, hire, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def fresh(person: User) -> User:
    """The person as the next request loads them."""
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize("password", ["Abcdef12", "abcdef1!", "ABCDEF1!", "Abcdef!!", "Ab1!"])
def test_three_of_four_kinds_of_characters_will_do(password: str) -> None:
    MixedValidator().validate(password)


@pytest.mark.parametrize("password", ["", "abcdefgh", "abcdef12", "ABCDEF12", "abcdef!!", "12345678", "密码密码1"])
def test_fewer_kinds_will_not(password: str) -> None:
    with pytest.raises(ValidationError, match="至少三种"):
        MixedValidator().validate(password)


def test_one_changes_ones_own_and_it_is_written(cast: Cast) -> None:
    User.objects.filter(pk=cast.rita.pk).update(must_change_password=True)
    before = fresh(cast.rita).get_session_auth_hash()
    changed = change_password(cast.rita, new="juhua-taocha-77", by=cast.rita)
    assert changed.check_password("juhua-taocha-77")
    assert (changed.must_change_password, changed.password_set_on) == (False, clock.today())
    assert changed.get_session_auth_hash() != before
    assert [one.verb for one in Event.objects.filter(address=changed.address)] == ["password_changed"]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short", "至少要有 10 个字符"),
        ("1234567890", "太常见"),
        ("rita@example.com", "相似"),
        ("sunlit-test", "不能和现在的密码一样"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(cast: Cast, new: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        change_password(cast.rita, new=new, by=cast.rita)
    assert why in "".join(refused.value.errors["new"])
    assert fresh(cast.rita).check_password("sunlit-test")


def test_passwords_expire_only_where_the_profile_says_so(cast: Cast, settings: Settings) -> None:
    with clock.at(later(days=91)):
        assert not must_change(fresh(cast.rita))
        settings.PASSWORD_DAYS = 90
        assert must_change(fresh(cast.rita))
    with clock.at(later(days=90)):
        assert not must_change(fresh(cast.rita))
    User.objects.filter(pk=cast.rita.pk).update(password_set_on=None)
    assert must_change(fresh(cast.rita))


def test_an_admin_gives_a_one_time_password_and_everything_else_ends(cast: Cast) -> None:
    remember(cast.rita, Caller("office", "net"), name="Chrome", session_key="")
    issue_token(person=cast.rita, name="小程序", by=cast.rita)
    session = fresh(cast.rita).get_session_auth_hash()
    password = reset_password(cast.rita, by=cast.ada)
    rita = fresh(cast.rita)
    assert attempt("rita", password, Caller("", "net")).person == rita
    assert must_change(rita)
    assert (rita.devices.count(), rita.tokens.count()) == (0, 0)
    assert rita.get_session_auth_hash() != session
    events = Event.objects.filter(address=rita.address).order_by("seq").values_list("verb", "who")
    assert list(events)[-1] == ("password_reset", f"person:{cast.ada.pk}")
    assert not Event.objects.filter(facts__icontains=password).exists()


def test_two_one_time_passwords_are_never_alike(cast: Cast) -> None:
    assert reset_password(cast.rita, by=cast.ada) != reset_password(cast.rita, by=cast.ada)


def test_a_school_admin_resets_only_those_who_are_wholly_theirs(cast: Cast, place: District) -> None:
    local = hire("local", "校管", place.school, ("admin", place.school))
    assert reset_password(cast.hu, by=local)
    for person in (cast.ada, cast.ouyang, cast.sam):
        with pytest.raises(NotAllowed):
            reset_password(person, by=local)
    appoint(person=cast.will, role="technician", unit=place.far_school, by="clock")
    with pytest.raises(NotAllowed, match="管理范围以外"):
        reset_password(cast.will, by=local)
    for stranger in (cast.hu, cast.rita, cast.sam):
        with pytest.raises(NotAllowed):
            reset_password(cast.dora, by=stranger)


def test_a_parents_password_is_reset_by_an_admin_of_all_the_childrens_schools(cast: Cast, place: District) -> None:
    local = hire("local", "校管", place.school, ("admin", place.school))
    parent = hire("parent", "平父", None)
    for number, school in enumerate((place.school, place.far_school)):
        room = plant(name=f"2024级{number}班", kind="class", parent=school, by="clock")
        child = Student.objects.create(name="小安", number=f"S{number}")
        Enrolment.objects.create(student=child, school_class=room, since=later(days=-30).date())
        Guardianship.objects.create(guardian=parent, student=child, relation="父亲", since=later(days=-30).date())
    with pytest.raises(NotAllowed):
        reset_password(parent, by=local)
    assert reset_password(parent, by=cast.ada)


def test_somebody_who_belongs_nowhere_is_in_the_hands_of_the_top(cast: Cast, place: District) -> None:
    local = hire("local", "校管", place.school, ("admin", place.school))
    nobody = hire("nobody", "路人", None)
    with pytest.raises(NotAllowed):
        reset_password(nobody, by=local)
    assert reset_password(nobody, by=cast.ada)


def test_nobody_resets_their_own_nor_that_of_somebody_who_has_left(cast: Cast) -> None:
    with pytest.raises(Refused, match="自己的密码"):
        reset_password(cast.ada, by=cast.ada)
    leave(cast.wang, by="clock")
    with pytest.raises(Refused, match="已离开"):
        reset_password(cast.wang, by=cast.ada)
