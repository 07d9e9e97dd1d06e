"""What may not serve people does not start: no keys, open error pages, a demo on a real installation."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from portal.clock import today
from portal.local.safety import REAL, refuse_unsafe_start, unsafe
from portal.orgs.models import Installation

from .conftest import ROOT, clean_environment

NO_SECRET = "SECRET_KEY is not set: sessions and links could be forged."
NO_SEAL = "SEAL_KEY is not set: the ledger's daily seal could not be signed."
OPEN = "DEBUG is on: error pages would show people's data."


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        ({}, []),
        ({"HAS_SECRET_KEY": False}, [NO_SECRET]),
        ({"SEAL_KEY": ""}, [NO_SEAL]),
        ({"DEBUG": True}, [OPEN]),
        ({"HAS_SECRET_KEY": False, "SEAL_KEY": "", "DEBUG": True}, [NO_SECRET, NO_SEAL, OPEN]),
    ],
)
def test_a_real_installation_needs_its_keys_and_closed_error_pages(
    settings: Settings, told: dict[str, object], reasons: list[str]
) -> None:
    real = {"DEMO": False, "TESTING": False, "HAS_SECRET_KEY": True, "SEAL_KEY": "given", "DEBUG": False}
    for name, value in (real | told).items():
        setattr(settings, name, value)
    assert unsafe() == reasons


@pytest.mark.django_db
def test_a_demo_may_show_its_errors_and_needs_its_secret(settings: Settings) -> None:
    settings.DEMO, settings.TESTING, settings.DEBUG, settings.SEAL_KEY = True, False, True, ""
    settings.HAS_SECRET_KEY = False
    assert unsafe() == [NO_SECRET]
    settings.HAS_SECRET_KEY = True
    assert unsafe() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "testing", "kind"), [(False, False, "real"), (True, False, "demo"), (False, True, "demo")]
)
def test_the_first_migrate_writes_down_what_the_database_is(
    settings: Settings, demo: bool, testing: bool, kind: str
) -> None:
    settings.DEMO, settings.TESTING = demo, testing
    Installation.objects.all().delete()
    first = import_module("portal.local.migrations.0001_installation")
    with connection.schema_editor() as editor:
        first.write_kind(apps, editor)
    assert list(Installation.objects.values_list("kind", "made_on")) == [(kind, today())]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["DEMO", "TESTING"])
def test_a_demo_or_a_test_refuses_a_real_installation(settings: Settings, mode: str) -> None:
    settings.DEMO = settings.TESTING = False
    setattr(settings, mode, True)
    settings.HAS_SECRET_KEY = True
    assert (unsafe(), database_errors()) == ([], [])
    Installation.objects.all().delete()
    Installation.objects.create(kind="real", made_on=today())
    assert (unsafe(), database_errors()) == ([REAL], ["local.E001"])


@pytest.mark.django_db
def test_a_real_installation_runs_on_its_own_database(settings: Settings) -> None:
    Installation.objects.all().delete()
    Installation.objects.create(kind="real", made_on=today())
    settings.DEMO = settings.TESTING = False
    settings.HAS_SECRET_KEY, settings.SEAL_KEY = True, "given"
    assert (unsafe(), database_errors()) == ([], [])


def test_a_refusal_names_every_reason(settings: Settings, django_db_blocker: DjangoDbBlocker) -> None:
    settings.DEMO = settings.TESTING = False
    settings.HAS_SECRET_KEY, settings.SEAL_KEY = False, ""
    with django_db_blocker.unblock(), pytest.raises(ImproperlyConfigured) as refused:
        refuse_unsafe_start()
    assert str(refused.value) == f"Sunlit refuses to start. {NO_SECRET} {NO_SEAL}"


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "portal.wsgi", "--bind=127.0.0.1:0", "--no-control-socket"],
        ["celery", "--app=portal", "worker"],
        ["celery", "--app=portal", "beat", "--pidfile="],
    ],
    ids=["web", "worker", "beat"],
)
def test_web_worker_and_beat_end_at_once_without_keys(command: list[str], tmp_path: Path) -> None:
    env = clean_environment(DATA_DIR=str(tmp_path), PYTHONPATH=str(ROOT), REDIS_URL="redis://127.0.0.1:1/0")
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert ended.returncode != 0
    assert f"Sunlit refuses to start. {NO_SECRET} {NO_SEAL}" in ended.stdout + ended.stderr


def database_errors() -> list[str]:
    """The ids of what Django's own checks of the database find."""
    return [str(found.id) for found in run_checks(databases=["default"]) if found.id == "local.E001"]
