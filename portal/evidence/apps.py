"""凭证."""

from django.apps import AppConfig


class Evidence(AppConfig):
    """凭证."""

    name = "portal.evidence"
    label = "evidence"
    verbose_name = "凭证"
