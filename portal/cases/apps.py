"""事项: what must be closed."""

from importlib import import_module

from django.apps import AppConfig


class Cases(AppConfig):
    """事项."""

    name = "portal.cases"
    label = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        """Tells the lower rooms what they may ask of cases; loads the check that programs can fill in every step."""
        from . import listening

        import_module("portal.cases.api.mapping")
        listening.start()
