"""Parts of docs/benchmarks.md that have writers of their own: each stands between two marks and outlives the others' writing."""

import re
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PART = re.compile(r"<!-- part (\w+) -->\n.*?<!-- end \1 -->\n", re.DOTALL)


def write_part(name: str, text: str) -> None:
    """Writes one part anew, at the end where there was none."""
    whole = DOCUMENT.read_text(encoding="utf-8")
    part = f"<!-- part {name} -->\n{text.strip()}\n<!-- end {name} -->\n"
    found = next((one for one in PART.finditer(whole) if one[1] == name), None)
    whole = whole.replace(found[0], part) if found else f"{whole.rstrip()}\n\n{part}"
    DOCUMENT.write_text(whole, encoding="utf-8")


def with_parts(text: str) -> str:
    """The document's main text with the parts it has today behind it."""
    whole = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    return "\n\n".join([text.rstrip(), *(one[0].rstrip() for one in PART.finditer(whole))]) + "\n"
