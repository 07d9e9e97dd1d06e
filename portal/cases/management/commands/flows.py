"""Draws every flow into docs/flows/, or checks that the drawings there are current."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.cases.drawing import pages


class Command(BaseCommand):
    help = "Writes docs/flows/*.md from the flows; with --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "flows"
        drawn = pages()
        if options["check"]:
            there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
            if there != drawn:
                raise CommandError("the drawn flows are not current: run manage.py flows")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        for name, text in drawn.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"drew {len(drawn)}")
