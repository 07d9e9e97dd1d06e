"""记录."""

from importlib import import_module

from django.apps import AppConfig


class Ledger(AppConfig):
    """记录: what happened, chained, sealed every day, provable."""

    name = "portal.ledger"
    label = "ledger"
    verbose_name = "记录"

    def ready(self) -> None:
        """Registers what must hold before the portal starts."""
        import_module("portal.ledger.checks")
