"""Processes killed on purpose: workers forked from one that has loaded the portal, under a storm of SIGKILL."""

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import psycopg2

PAUSE = (0.02, 0.12)  # seconds between two kills
AIM = 5  # seconds a transaction may let itself be waited for
PATIENCE = 240  # seconds the survivors may take to finish, on however slow a machine


@dataclass
class Watch:
    """What the database says of a worker; on a connection no worker ever uses."""

    address: dict[str, object]

    def __post_init__(self) -> None:
        self.connection = psycopg2.connect(**self.address)
        self.connection.autocommit = True

    def is_writing(self, worker: int) -> bool:
        """Whether the worker has a transaction open in which it has locked or written rows."""
        return self.ask(
            "select exists(select from pg_stat_activity where application_name = %s and backend_xid is not null)",
            name_of(worker),
        )

    def ask(self, question: str, *values: object) -> bool:
        """The answer to a question of yes and no."""
        with self.connection.cursor() as cursor:
            cursor.execute(question, values)
            return bool(cursor.fetchone()[0])


@dataclass
class Toll:
    """What a storm has done: processes killed, how many of them inside a transaction, and those that died by themselves."""

    kills: int = 0
    inside: int = 0
    crashed: int = 0


@dataclass
class Storm:
    """`number` workers do `work` for ever; one at a time is killed at random and replaced, `kills` times."""

    work: Callable[[], None]
    number: int
    kills: int
    watch: Watch | None = None
    workers: list[int] = field(default_factory=list)
    toll: Toll = field(default_factory=Toll)

    def rage(self, *, until: Callable[[], bool], seconds: int = PATIENCE) -> Toll:
        """Kills, then lets the survivors finish `until` all is done, and ends them; refused after so many seconds."""
        self.workers = [self._fork() for _ in range(self.number)]
        try:
            while self.toll.kills < self.kills:
                time.sleep(random.uniform(*PAUSE))
                self._replace_crashed()
                unlucky = self.workers.pop(random.randrange(self.number))
                if self.toll.kills % 2:
                    self._wait_for_writing(unlucky, until)
                self._kill(unlucky)
                self.workers.append(self._fork())
            self._wait(until, seconds)
        finally:
            for worker in self.workers:
                end(worker)
        return self.toll

    def _wait_for_writing(self, worker: int, done: Callable[[], bool]) -> None:
        """Every other kill aims: it waits for a transaction to interrupt, unless there is nothing left to write."""
        last = time.monotonic() + AIM
        while self.watch and not self.watch.is_writing(worker) and time.monotonic() < last and not done():
            time.sleep(0.002)

    def _kill(self, worker: int) -> None:
        if self.watch:  # it stands still while we look, so that what we see is what the kill interrupts
            os.kill(worker, signal.SIGSTOP)
            self.toll.inside += self.watch.is_writing(worker)
        end(worker)
        self.toll.kills += 1

    def _wait(self, until: Callable[[], bool], seconds: int) -> None:
        for _ in range(seconds * 20):
            if until():
                return
            self._replace_crashed()
            time.sleep(0.05)
        raise TimeoutError(f"not done after {seconds} s")

    def _replace_crashed(self) -> None:
        for worker in list(self.workers):
            if os.waitpid(worker, os.WNOHANG)[0]:
                self.workers.remove(worker)
                self.workers.append(self._fork())
                self.toll.crashed += 1

    def _fork(self) -> int:
        worker = os.fork()
        if worker:
            return worker
        try:
            os.environ["PGAPPNAME"] = name_of(os.getpid())  # how the database names its connection
            self.work()
        finally:  # a worker that fails by itself must not go on as its parent
            traceback.print_exc()
            os._exit(1)


def storms(work: Callable[[], None], number: int, waiting: str) -> None:
    """For each line with a number on the input so many kills; once the database says that nothing is `waiting` any more,
    one line of JSON says what it took."""
    from django.db import connection

    connection.close()
    watch = Watch(connection.get_connection_params())
    for line in sys.stdin:
        toll = Storm(work, number, int(line), watch).rage(until=lambda: not watch.ask(waiting))
        print(json.dumps(asdict(toll)), flush=True)


def end(process: int) -> None:
    """SIGKILL, by its id, to a child of ours."""
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def name_of(worker: int) -> str:
    return f"storm-{worker}"
