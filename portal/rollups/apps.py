"""数据: how things stand."""

from importlib import import_module

from django.apps import AppConfig


class Rollups(AppConfig):
    """数据."""

    name = "portal.rollups"
    label = "rollups"
    verbose_name = "数据"

    def ready(self) -> None:
        """Hears when the tree or the calendar changes."""
        import_module("portal.rollups.listening").start()
