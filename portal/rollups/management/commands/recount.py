"""Counts every figure from scratch and compares it with what was folded."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.rollups.folding import fold
from portal.rollups.recounting import recount


class Command(BaseCommand):
    help = "Counts every figure from scratch; puts the result in place, or with --check only names what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when anything differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        fold()
        found = recount(keep=not check)
        for one in found[:20]:
            self.stdout.write(
                f"{one.tally} {one.topic} unit {one.unit} {one.day} bin {one.bin}: {one.folded} -> {one.counted}"
            )
        if check and found:
            raise CommandError(f"{len(found)} rows differ from a recount")
        self.stdout.write(f"{len(found)} rows differed")
