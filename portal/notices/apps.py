"""通知."""

from django.apps import AppConfig


class Notices(AppConfig):
    """通知."""

    name = "portal.notices"
    label = "notices"
    verbose_name = "通知"
