"""One pass of the outbox, the same code beat wakes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.notices.delivery import deliver


class Command(BaseCommand):
    help = "Sends the notices that are due, through the channels of CHANNELS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=200, help="at most so many messages")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = deliver(options["limit"])
        self.stdout.write(f"{sent} sent")
