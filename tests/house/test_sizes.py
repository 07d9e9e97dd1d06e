"""Functions, views, files and templates stay small enough to be read in one look."""

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
CODE = ("portal", *settings.SCHOOL_APPS)
FORBIDDEN = {"utils", "helpers", "common", "base", "misc", "manager"}


def modules() -> list[Path]:
    return sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in found]


def test_no_function_is_longer_than_45_lines() -> None:
    assert [(str(path.relative_to(ROOT)), name, n) for path in modules() for name, n in functions(path) if n > 45] == []


def test_no_file_is_longer_than_400_lines() -> None:
    long = [path for path in modules() if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert [str(path.relative_to(ROOT)) for path in long] == []


def test_no_view_is_longer_than_15_lines() -> None:
    """A view is a function whose first argument is the request; decorators do not count."""
    long = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "request":
                guarded = any("guard" in ast.unparse(one) for one in node.decorator_list)
                if guarded and (node.end_lineno or 0) - node.lineno + 1 > 15:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


def test_no_template_is_longer_than_150_lines() -> None:
    long = [path for path in (ROOT / "templates").rglob("*.html") if len(path.read_text().splitlines()) > 150]
    assert [str(path.relative_to(ROOT)) for path in long] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path for path in modules() if path.stem in FORBIDDEN or set(path.parent.parts) & FORBIDDEN]
    assert [str(path.relative_to(ROOT)) for path in named] == []


def test_every_public_function_class_and_module_says_what_it_is() -> None:
    silent = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.stat().st_size and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []
