"""What the project's files may not say: a registry's address, a machine's path, a mark of unfinished work."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = re.compile(r"pypi\.org|files\.pythonhosted|npmjs|jsdelivr|unpkg\.com|/work/|/tmp/bash|/farm/")
MARKS = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError|mark\.skip|mark\.xfail")
MERGES = re.compile("^(<{7}|>{7}) ")
SILENT = re.compile(r"\.quantize\((?!.*(ROUND_|Quantize\.))")  # a Decimal's own way would round halves to even
NOT_THIS = ("tests/house/test_words.py", "tests/portal/local/test_promises.py")  # they name the marks to refuse them


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    text = {".py", ".html", ".css", ".js", ".md", ".toml", ".lock", ".yml", ".sh", ".json", ""}
    paths = [ROOT / line for line in listed.splitlines() if line not in NOT_THIS]
    return [path for path in paths if path.suffix in text and path.is_file()]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert lines_with(PLACES, tracked()) == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    assert lines_with(MARKS, [path for path in tracked() if path.suffix == ".py"]) == []


def test_every_rounding_says_which_way_it_goes() -> None:
    code = [path for path in tracked() if path.suffix == ".py" and "tests" not in path.parts]
    assert lines_with(SILENT, code) == []


def test_no_merge_left_its_marks() -> None:
    assert lines_with(MERGES, tracked()) == []
