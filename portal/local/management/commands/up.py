"""`manage.py up`: the whole portal on one machine until Ctrl-C; `make run` calls it."""

import os
import signal
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, get_commands

from portal.local.early import answering
from portal.local.errors import CannotStart
from portal.local.folders import Folders
from portal.local.up import Up, environment, is_demo, open_door

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, or the terminal was closed)."""


class Command(BaseCommand):
    help = "Starts database, broker, web, worker and beat on this machine, and stops them all on Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *, no_demo: bool, **options: Any) -> None:
        for number in ENDINGS:
            signal.signal(number, stop)
        try:
            self.bring_up(demo=not no_demo)
        except Stopped:
            self.stdout.write("Stopped.")
        except CannotStart as error:
            self.stderr.write(str(error))
            sys.exit(1)

    def bring_up(self, *, demo: bool) -> None:
        folders = Folders(settings.DATA_DIR)
        with folders.held(), ExitStack() as stack:
            door = stack.enter_context(open_door(os.environ.get("PORT") or None))
            env = environment(door.getsockname()[1], folders.data)
            up = Up(folders, settings.BASE_DIR, self.say, env, settings.APP_DATABASE_ROLE, stack, door)
            with answering(door, root=settings.BASE_DIR):
                up.start_servers()
                up.fill(commands=get_commands(), demo=demo)
            stack.callback(up.stop)
            up.serve()
            self.say(f"\nSunlit is up: {env['BASE_URL']}")
            if is_demo(env):
                self.say("Demo accounts and their one password stand on the sign-in page.")
            self.say(f"Data is kept in {folders.data}; Ctrl-C stops everything.")
            up.watch()

    def say(self, sentence: str) -> None:
        """Tells the developer at once, also through a pipe."""
        self.stdout.write(sentence)
        self.stdout.flush()


def stop(number: int, frame: object) -> None:
    """Ends `up` in order; a second signal while it ends changes nothing."""
    for again in ENDINGS:
        signal.signal(again, signal.SIG_IGN)
    raise Stopped
