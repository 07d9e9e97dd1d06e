"""One pass of folding, the same code beat wakes."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.rollups.folding import fold


class Command(BaseCommand):
    help = "Counts what has happened since the last pass."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"counted {fold()}")
