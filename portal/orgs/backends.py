"""Loads the signed-in person, with their unit, in one query."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from .models import User


class PeopleBackend(BaseBackend):
    """Sessions carry the person's id; passwords are checked in `portal.orgs.signin`, which knows devices and limits."""

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        """Never signs anybody in by itself."""
        return None

    def get_user(self, user_id: int) -> User | None:
        """The person behind a session; somebody who has left has none."""
        return User.objects.select_related("home__school").filter(pk=user_id, is_active=True).first()
