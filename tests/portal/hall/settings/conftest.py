"""Two admins: Ada of the bureau (in the cast), and Sal of one school, who must see nothing beyond it."""

from dataclasses import dataclass

import pytest
from django.test import Client

from portal.orgs.models import User
from tests.district import Cast, District, hire
from tests.signing import browser_of


@dataclass(frozen=True)
class Desk:
    """The browsers of both admins."""

    ada: Client
    sal: Client


@pytest.fixture
def sal(place: District, cast: Cast) -> User:
    """The admin of the first school."""
    return hire("sal", "佘立", place.school, ("admin", place.school))


@pytest.fixture
def desk(cast: Cast, sal: User) -> Desk:
    """Both, signed in with their codes."""
    return Desk(browser_of(cast.ada), browser_of(sal))


def words(client: Client, address: str) -> str:
    """The page."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return str(answer.content.decode())
