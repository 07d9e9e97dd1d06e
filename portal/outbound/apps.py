"""对外报送."""

from django.apps import AppConfig


class Outbound(AppConfig):
    """对外报送."""

    name = "portal.outbound"
    label = "outbound"
    verbose_name = "对外报送"

    def ready(self) -> None:
        """Hears of every case that enters a state."""
        from portal.cases.entering import on_entered

        from .listening import entered

        on_entered(entered)
