"""记录."""

from django.apps import AppConfig


class Ledger(AppConfig):
    """记录."""

    name = "portal.ledger"
    label = "ledger"
    verbose_name = "记录"
