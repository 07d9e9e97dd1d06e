"""Loads the signed-in person, with their unit, their posts and the moment, in one query."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from .access import keep_holdings, with_holdings
from .models import User


class PeopleBackend(BaseBackend):
    """Sessions carry the person's id; passwords are checked in `portal.orgs.signin`, which knows devices and limits."""

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        """Never signs anybody in by itself."""
        return None

    def get_user(self, user_id: int) -> User | None:
        """The person behind a session; somebody who has left has none."""
        people = with_holdings(User.objects.select_related("home__school").filter(is_active=True))
        try:
            return keep_holdings(people.get(pk=user_id))
        except User.DoesNotExist:
            return None
