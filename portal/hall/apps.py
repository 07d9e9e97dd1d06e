"""大厅."""

from django.apps import AppConfig


class Hall(AppConfig):
    """大厅."""

    name = "portal.hall"
    label = "hall"
    verbose_name = "大厅"
