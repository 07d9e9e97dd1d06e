"""问卷: ballots and questionnaires that any unit may issue, answered once and in secret."""

from importlib import import_module

from django.apps import AppConfig


class Surveys(AppConfig):
    """问卷."""

    name = "portal.surveys"
    label = "surveys"
    verbose_name = "问卷"

    def ready(self) -> None:
        """Declares how results are published, and puts ballots under `manage.py verify`."""
        from portal.ledger.verification import prove

        from .proof import check

        import_module("portal.surveys.publications")
        prove("问卷", check)
