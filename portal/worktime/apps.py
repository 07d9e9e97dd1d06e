"""校历."""

from django.apps import AppConfig


class Worktime(AppConfig):
    """校历."""

    name = "portal.worktime"
    label = "worktime"
    verbose_name = "校历"
