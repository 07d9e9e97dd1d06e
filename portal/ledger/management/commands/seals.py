"""`manage.py seals > seals.jsonl`: the lines an outsider keeps."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.ledger.feeds import lines


class Command(BaseCommand):
    help = "写出每日封存，一行一天（JSON），供外部保存和 verify --seals 核对"

    def handle(self, *args: Any, **options: Any) -> None:
        for line in lines():
            self.stdout.write(line)
