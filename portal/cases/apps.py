"""事项: what must be closed."""

from django.apps import AppConfig


class Cases(AppConfig):
    """事项."""

    name = "portal.cases"
    label = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        """Tells the lower rooms what they may ask of cases."""
        from . import listening

        listening.start()
