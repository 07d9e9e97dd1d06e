"""凭证."""

from django.apps import AppConfig


class Evidence(AppConfig):
    """凭证."""

    name = "portal.evidence"
    label = "evidence"
    verbose_name = "凭证"

    def ready(self) -> None:
        """Puts photos and files under `manage.py verify`."""
        from portal.ledger.verification import prove

        from .proof import check

        prove("照片与文件", check)
