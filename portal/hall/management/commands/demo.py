"""`manage.py demo`: fills an empty demo database with 青禾县 and eight weeks of its life."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.errors import Refused
from portal.hall.demo.load import load, refuse_where_not_empty


class Command(BaseCommand):
    help = "Loads the demo district into an empty database: schools, people, and weeks of life up to now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--weeks", type=int, default=8, help="how many weeks of life (8)")
        parser.add_argument("--schools", type=int, default=12, help="how many of the twelve schools (12)")

    def handle(self, *, weeks: int, schools: int, **options: Any) -> None:
        if not settings.CLOCK_MAY_BE_SET:
            raise CommandError("The demo is loaded in demo mode only: set DEMO=1.")
        if not settings.SEAL_KEY:
            raise CommandError("SEAL_KEY is not set: the demo's days could not be sealed (`make run` makes one).")
        try:
            refuse_where_not_empty()
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        with connection.cursor() as cursor:
            cursor.execute("set synchronous_commit = off")  # a demo cut off in the middle is loaded afresh anyway
        began = perf_counter()
        loaded = load(weeks=weeks, schools=schools)
        self.stdout.write(f"青禾县: {loaded.schools} schools, {loaded.places} places, {loaded.people} people.")
        self.stdout.write(f"{weeks} weeks lived in {perf_counter() - began:.0f} s: {loaded.summary}.")
