"""公示: what everyone may see, for good."""

from django.apps import AppConfig


class Publications(AppConfig):
    """公示."""

    name = "portal.publications"
    label = "publications"
    verbose_name = "公示"

    def ready(self) -> None:
        """Puts every publication under `manage.py verify`, knows the kinds of announcements, and says who sees their files."""
        from portal.evidence.gates import on_view
        from portal.ledger.verification import prove

        from . import read_figures  # noqa: F401 - its chapter stands in the book of figures
        from .announcing import may_view
        from .proof import check, check_receipts

        on_view("announcement", may_view)

        prove("公示", check)
        prove("已阅", check_receipts)
