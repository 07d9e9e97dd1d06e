"""通知."""

from django.apps import AppConfig


class Notices(AppConfig):
    """通知."""

    name = "portal.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """Refuses to start with a channel nobody has written."""
        from .channels import registry

        registry.enabled()
