"""Every affair has the same parts in the same order; the portal names no affair."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PARTS = {
    "__init__", "apps", "models", "rules", "flow", "actions", "queries", "forms", "figures", "publications", "outbound", "views",
    "api", "urls", "tasks", "admin", "demo", "templatetags", "management", "migrations", "data",
}  # fmt: skip


@pytest.mark.parametrize("affair", settings.SCHOOL_APPS)
def test_an_affair_has_only_the_parts_of_an_affair(affair: str) -> None:
    there = {path.stem for path in (ROOT / affair).iterdir() if path.name != "__pycache__" and path.suffix != ".md"}
    assert there - PARTS == set()


@pytest.mark.parametrize("affair", settings.SCHOOL_APPS)
def test_an_affair_with_a_flow_explains_itself(affair: str) -> None:
    if files_of(affair, "flow"):
        assert len((ROOT / affair / "README.md").read_text(encoding="utf-8")) > 400


def test_the_portal_names_no_affair_outside_one_list() -> None:
    naming = re.compile(r"\b(from|import) (" + "|".join(settings.SCHOOL_APPS) + r")\b")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "portal").rglob("*.py")
        if naming.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_flow_and_urls_hold_no_functions() -> None:
    for affair in settings.SCHOOL_APPS:
        for part in ("flow", "urls"):
            found = [path.name for path in files_of(affair, part) if "def " in path.read_text(encoding="utf-8")]
            assert found == []


@pytest.mark.parametrize("affair", settings.SCHOOL_APPS)
def test_every_address_of_an_affair_has_a_name_of_its_own(affair: str) -> None:
    if files_of(affair, "urls"):
        names = [one.name for one in import_module(f"{affair}.urls").urlpatterns]
        assert sorted(names) == sorted(set(names))


def files_of(affair: str, part: str) -> list[Path]:
    """The module of that name, or those of the package it has become."""
    return [*(ROOT / affair).glob(f"{part}.py"), *(ROOT / affair / part).glob("*.py")]
