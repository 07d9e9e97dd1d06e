"""公示: what everyone may see, for good."""

from django.apps import AppConfig


class Publications(AppConfig):
    """公示."""

    name = "portal.publications"
    label = "publications"
    verbose_name = "公示"

    def ready(self) -> None:
        """Puts every publication under `manage.py verify`."""
        from portal.ledger.verification import prove

        from .proof import check

        prove("公示", check)
