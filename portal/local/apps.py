"""本机."""

from django.apps import AppConfig


class Local(AppConfig):
    """本机: database, broker and processes on one machine, and what must hold before they serve people."""

    name = "portal.local"
    label = "local"
    verbose_name = "本机"

    def ready(self) -> None:
        """Registers the check that keeps demos off real databases."""
        from . import safety  # noqa: F401
