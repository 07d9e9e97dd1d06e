"""What the project's own files promise: locks without addresses, every variable listed, no test skipped in CI."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from portal.celery import app

from .conftest import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, str]:
    """Each locked package with its whole entry, hashes included."""
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    return {re.split(r"[=\[ ]", entry, maxsplit=1)[0]: entry for entry in entries}


def name_of(requirement: str) -> str:
    """A requirement's package as the locks spell it."""
    return re.sub(r"[-_.]+", "-", Requirement(requirement).name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_none_an_address(lock: str) -> None:
    assert len(pins(lock)) > 40
    assert [name for name, entry in pins(lock).items() if "--hash=sha256:" not in entry] == []
    assert re.findall(r"\S*(?:://|index-url|find-links| @ )\S*", (ROOT / lock).read_text()) == []


def test_the_locks_hold_every_dependency_at_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    run, dev = (pins(lock) for lock in LOCKS)
    assert {name_of(one) for one in [*project["dependencies"], *extras["embedded"]]} - set(run) == set()
    assert {name_of(one) for one in extras["dev"]} - {"sunlit"} - set(dev) == set()
    versions = {name: (entry.split()[0], dev[name].split()[0]) for name, entry in run.items()}
    assert [name for name, (here, there) in versions.items() if here != there] == []


def test_every_direct_dependency_says_in_one_line_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    named = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    lines = text.splitlines()
    without = []
    for one in named:
        [number] = [number for number, line in enumerate(lines) if line.strip().startswith(f'"{one}"')]
        if "#" not in lines[number].split(f'"{one}"')[1] and not lines[number - 1].strip().startswith("#"):
            without.append(one)
    assert without == []


def test_env_example_lists_every_variable_and_no_other() -> None:
    read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', (ROOT / "portal/settings.py").read_text()))
    read |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    read |= {"DATABASE_URL"}  # settings choose between its name and the owner's
    listed = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert (sorted(read), len(listed)) == (sorted(set(listed)), len(set(listed)))


def test_beat_wakes_what_exists_and_forgets_what_nobody_answered() -> None:
    app.loader.import_default_modules()
    schedule = app.conf.beat_schedule
    assert {name: entry["options"]["expires"] for name, entry in schedule.items()} == {
        "portal.cases.tasks.sweep": 10,
        "portal.rollups.tasks.fold": 20,
        "portal.notices.tasks.deliver": 10,
        "portal.publications.tasks.publish": 10,
        "portal.surveys.tasks.close": 60,
        "portal.outbound.tasks.deliver": 20,
        "portal.outbound.tasks.reconcile": 600,
        "portal.ledger.tasks.seal": 600,
        "portal.evidence.tasks.purge": 3600,
        "portal.cases.tasks.forget": 3600,
        "portal.cases.tasks.arrange": 600,
        "portal.orgs.tasks.forget_sessions": 3600,
    }
    assert set(schedule) - set(app.tasks) == set()


@pytest.mark.parametrize(
    ("ci", "code", "outcome"), [("true", 1, "1 failed, 1 passed, 1 error"), ("", 0, "1 passed, 2 skipped")]
)
def test_a_skipped_test_fails_where_nothing_may_be_skipped(tmp_path: Path, ci: str, code: int, outcome: str) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_runs(): pass\n"
        "def test_has_no_browser(): pytest.skip('no browser')\n"
        "@pytest.mark.skip(reason='later')\n"
        "def test_is_for_later(): pass\n"
    )
    env = os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.servers", "-p", "no:cacheprovider", "test_it.py"],
        cwd=tmp_path,
        env=env | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, outcome in ran.stdout) == (code, True), ran.stdout
    assert ("With CI=true nothing may be skipped. Skipped: no browser" in ran.stdout) is (ci == "true")
