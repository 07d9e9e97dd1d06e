"""Personal tokens: shown once, kept as a digest, gone at once when revoked."""

from collections.abc import Callable
from typing import Any

import pytest

from portal import clock
from portal.errors import NotThere, Refused
from portal.ledger.models import Event
from portal.orgs.actions import leave
from portal.orgs.models import AccessToken
from portal.orgs.tokens import MOST, issue_token, revoke, token_of
from tests.district import Cast, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

Counted = Callable[[int], Any]


def test_a_token_stands_for_its_person_and_only_its_digest_is_kept(cast: Cast) -> None:
    token = issue_token(person=cast.rita, name=" 小程序\x00 ", by=cast.rita)
    assert token_of(token).person == cast.rita
    row = AccessToken.objects.get()
    assert (row.name, row.second_factor, row.used_on) == ("小程序", False, clock.today())
    assert token not in (row.digest, row.name)
    assert Event.objects.get(address=cast.rita.address).facts == {"token": row.pk}


@pytest.mark.parametrize("presented", ["", "sunlit_", "x" * 5000, "\x00", "\ud800", "密"])
def test_anything_else_stands_for_nobody(cast: Cast, presented: str) -> None:
    issue_token(person=cast.rita, name="小程序", by=cast.rita)
    assert token_of(presented) is None


def test_a_token_costs_one_query_after_its_first_use_of_the_day(cast: Cast, django_assert_num_queries: Counted) -> None:
    token = issue_token(person=cast.rita, name="小程序", by=cast.rita)
    with django_assert_num_queries(2):
        token_of(token)
    with django_assert_num_queries(1):
        found = token_of(token)
        assert found is not None
        assert found.person.home is not None
        assert found.person.home.school is not None
    with clock.at(later(days=1)), django_assert_num_queries(2):
        token_of(token)


def test_ones_own_token_is_revoked_anothers_is_not_there(cast: Cast) -> None:
    token = issue_token(person=cast.rita, name="小程序", by=cast.rita)
    row = AccessToken.objects.get()
    with pytest.raises(NotThere):
        revoke(row.pk, by=cast.sam)
    assert token_of(token).person == cast.rita
    revoke(row.pk, by=cast.rita)
    assert token_of(token) is None
    with pytest.raises(NotThere):
        revoke(row.pk, by=cast.rita)
    verbs = Event.objects.filter(address=cast.rita.address).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["token_issued", "token_revoked"]


def test_a_token_ends_with_the_account(cast: Cast) -> None:
    token = issue_token(person=cast.rita, name="小程序", by=cast.rita)
    leave(cast.rita, by="clock")
    assert token_of(token) is None


def test_nobody_hoards_tokens(cast: Cast) -> None:
    for number in range(MOST):
        issue_token(person=cast.rita, name=f"{number}", by=cast.rita)
    with pytest.raises(Refused, match="已经有 20 个令牌"):
        issue_token(person=cast.rita, name="再一个", by=cast.rita)
    assert issue_token(person=cast.dora, name="别人", by=cast.dora)
