"""大厅."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class Hall(AppConfig):
    """大厅."""

    name = "portal.hall"
    label = "hall"
    verbose_name = "大厅"

    def ready(self) -> None:
        """On a demo, puts its cast on the sign-in page."""
        if settings.DEMO:
            import_module("portal.hall.demo.affairs").take_stage()
