"""本机."""

from django.apps import AppConfig


class Local(AppConfig):
    """本机."""

    name = "portal.local"
    label = "local"
    verbose_name = "本机"
