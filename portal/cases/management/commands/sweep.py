"""One pass of the clock, the same code beat wakes."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.cases.sweep import sweep


class Command(BaseCommand):
    help = "Fires every rung, step and schedule that is due."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"fired {sweep()}")
