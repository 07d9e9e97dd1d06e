"""事项."""

from django.apps import AppConfig


class Cases(AppConfig):
    """事项."""

    name = "portal.cases"
    label = "cases"
    verbose_name = "事项"
