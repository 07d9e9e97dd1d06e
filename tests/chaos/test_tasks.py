"""Every task may be run twice: what the first run did, the second leaves as it is."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import override_settings

from portal import clock
from portal.cases.keys import once
from portal.cases.schedules import plan
from portal.celery import WAKE_UPS, app
from portal.local.keys import seal_key
from portal.orgs.actions import appoint
from portal.outbound.actions import queue
from portal.outbound.models import Line
from portal.rollups.models import Fold
from portal.surveys.access import Whom
from portal.surveys.actions import issue
from portal.surveys.questions import Asked
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, hire
from tests.portal.outbound.conftest import TICKETS, on
from tests.portal.publications.issuing import by_the_clock, opened, signed_by_three
from tests.repairs.test_loop import reported, to_finished

pytestmark = pytest.mark.chaos
MUCH_LATER = MONDAY + timedelta(days=20, hours=3)  # noon, when messages go out
app.loader.import_default_modules()
TASKS = sorted(name for name in app.tasks if not name.startswith("celery."))
State = dict[str, list[str]]


def test_beat_wakes_every_task_there_is() -> None:
    assert sorted(task for task, _, _ in WAKE_UPS) == TASKS
    assert len(TASKS) >= 4


@pytest.fixture(scope="module")
def work_for_all(place: District, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Something to do for each task: late cases, silence, a plan, a post that begins, a session, an upload, days, messages, an answer, a signed month."""
    folder = tmp_path_factory.mktemp("tasks")
    told = {"DATA_DIR": folder, "MEDIA_ROOT": folder / "media", "CHANNELS": ["file"], "SEAL_KEY": seal_key()}
    later = MONDAY + timedelta(days=4)
    with override_settings(**told, SEAL_WITNESSES=["witness@example.org"]), by_the_clock(later):
        with clock.at(MONDAY):
            owe(reported(place, cast.rita), place, cast)
            asks = {"questions": (Asked("score", "午餐"),), "asks": Whom(staff=True)}
            issue(unit=place.school, title="午餐", closes_at=later, by=cast.hu, **asks)
            to_finished(place, cast)
            rule = {"every": "day", "time": "10:00"}
            said = {"topic": "RP-15", "words": "更换滤芯"}
            plan(kind="repairs.ticket", unit=place.room, title="滤芯", rule=rule, data=said, by=cast.ada)
            starter = hire("nora", "倪诺", place.school)
            tomorrow = MONDAY.date() + timedelta(days=1)
            appoint(person=starter, role="teacher", unit=place.school, since=tomorrow, by="clock")
            photo_of(cast.rita)
            signed_by_three(opened(place.school), cast)
            over = MONDAY + timedelta(days=14)
            Session.objects.create(session_key="s1", session_data="", expire_date=over)
            once(by=cast.rita, key="k1", asked="report", effect=lambda: {"number": "BX-LX01-2026-00001"})
        yield folder


def owe(ticket: Ticket, place: District, cast: Cast) -> None:
    """Another system is to be told of it; nobody has given us its key, so the attempt itself is the work."""
    line = Line.objects.create(system=on(place, cast.ada, connector="signed_json"), case_id=ticket.pk, moved_at=MONDAY)
    queue(line, "registered", case=ticket, matter=TICKETS)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_run_twice_does_its_work_once(name: str, work_for_all: Path) -> None:
    with clock.at(MUCH_LATER):
        before = state(work_for_all)
        app.tasks[name].apply(throw=True)
        once = state(work_for_all)
        app.tasks[name].apply(throw=True)
        twice = state(work_for_all)
    assert once != before
    assert twice == once


def state(folder: Path) -> State:
    """Every row of every table, every file and every letter; but how far the fold has looked, which is a mark and no work."""
    tables = {
        model._meta.db_table: rows(model._meta.db_table)
        for model in apps.get_models(include_auto_created=True)
        if model is not Fold
    }
    files = [f"{path.relative_to(folder)} {path.stat().st_size}" for path in folder.rglob("*") if path.is_file()]
    letters = [f"{letter.subject} {letter.to}" for letter in mail.outbox]
    return tables | {"files": sorted(files), "letters": letters}


def rows(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"select x::text from {connection.ops.quote_name(table)} x order by 1")
        return [row for (row,) in cursor.fetchall()]
