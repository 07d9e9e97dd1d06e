"""校历: school days, terms and hours."""

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class Worktime(AppConfig):
    """校历: school days, terms and hours."""

    name = "portal.worktime"
    label = "worktime"
    verbose_name = "校历"

    def ready(self) -> None:
        """After every migrate the national calendar is there, and as complete as the library knows it."""
        post_migrate.connect(seed_calendar, sender=self)


def seed_calendar(sender: AppConfig, **_: Any) -> None:
    """Skips a migrate that stopped before, or went back behind, the calendar's tables."""
    from .models import CalendarDay
    from .seed import seed

    if CalendarDay._meta.db_table in connection.introspection.table_names():
        seed()
