"""Two more roles that may not be held together, and what tests of posts ask again and again."""

import pytest

from portal.apps import Role
from portal.orgs import roles
from portal.orgs.apps import write_role_permissions
from portal.orgs.models import Post


@pytest.fixture
def canteen_roles(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canteen's buyer may not inspect what he bought."""
    buyer = Role("buyer", "采购员", at=("school",), conflicts=("inspector",))
    inspector = Role("inspector", "验收员", at=("school", "building"))
    monkeypatch.setattr(roles, "BASE", (*roles.BASE, buyer, inspector))
    write_role_permissions(None)


def grants() -> set[tuple[str, str, str]]:
    """The whole permission map: who, role, where."""
    return set(Post.objects.values_list("user__username", "permission__codename", "content_object__name"))
