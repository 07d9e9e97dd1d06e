"""对外报送."""

from django.apps import AppConfig


class Outbound(AppConfig):
    """对外报送."""

    name = "portal.outbound"
    label = "outbound"
    verbose_name = "对外报送"

    def ready(self) -> None:
        """Hears of every change of a case."""
        from portal.cases.changing import on_changed

        from .listening import changed

        on_changed(changed)
