"""单位与人员: who and where."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Orgs(AppConfig):
    """单位与人员."""

    name = "portal.orgs"
    label = "orgs"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        """The one signal of the project writes the roles' permission rows after migrating; loads the routes' check."""
        import_module("portal.orgs.policies")
        post_migrate.connect(write_role_permissions, sender=self)


def write_role_permissions(sender: AppConfig, **_: Any) -> None:
    """Every role is a permission on `Unit`; rows of roles that no longer exist stay while posts point at them."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from .models import Unit
    from .roles import roles

    unit = ContentType.objects.get_for_model(Unit)
    there = set(Permission.objects.filter(content_type=unit).values_list("codename", flat=True))
    Permission.objects.bulk_create(
        Permission(content_type=unit, codename=role.code, name=role.title)
        for role in roles().values()
        if role.code not in there
    )
