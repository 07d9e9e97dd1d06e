"""What people type in the editor, as safe rich text: a few marks at the beginning of a line, **bold**, *stress*, [words](address)."""

import re
from collections.abc import Iterable
from html import escape

from .rich import clean

BOLD = re.compile(r"\*\*(.+?)\*\*")
STRESS = re.compile(r"\*(.+?)\*")
LINK = re.compile(r"\[([^\]\n]{1,200})\]\(((?:https?://|mailto:|tel:)[^\s()<>]{1,500})\)")
NUMBERED = re.compile(r"\d{1,3}[.、]\s*(.+)")
HELP = "空一行另起一段。行首写“# ”是标题，“- ”是列表，“1. ”是编号，“> ”是引用；**加粗**，[文字](https://网址)。"
MARKS = (("## ", "h3"), ("# ", "h2"))
LISTS = {"ul": "li", "ol": "li"}


def html_of(text: str) -> str:
    """The text as it is published: everything typed is text, only the marks become tags, and the result is cleaned once more."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return clean("".join(line for block in blocks if block.strip() for line in _block(block.split("\n"))))


def plain_of(text: str, size: int) -> str:
    """The beginning without marks, for lists and feeds."""
    bare = LINK.sub(r"\1", re.sub(r"^\s*(?:#{1,2} |- |> |\d{1,3}[.、]\s*)", "", text, flags=re.MULTILINE))
    words = " ".join(STRESS.sub(r"\1", BOLD.sub(r"\1", bare)).split())
    return words if len(words) <= size else f"{words[: size - 1]}…"


def _block(lines: list[str]) -> Iterable[str]:
    """Lines of one block, those of a kind together."""
    held: list[str] = []
    kind = ""
    for line in lines:
        name, words = _kind(line.strip())
        if name != kind or name in ("h2", "h3"):
            yield _closed(kind, held)
            kind, held = name, []
        held.append(_inline(words))
    yield _closed(kind, held)


def _kind(line: str) -> tuple[str, str]:
    for mark, name in MARKS:
        if line.startswith(mark):
            return name, line[len(mark) :]
    if line.startswith("- "):
        return "ul", line[2:]
    if line.startswith("> "):
        return "blockquote", line[2:]
    numbered = NUMBERED.fullmatch(line)
    return ("ol", numbered[1]) if numbered else ("p", line)


def _closed(kind: str, held: list[str]) -> str:
    if not held:
        return ""
    inside = "".join(f"<li>{one}</li>" for one in held) if kind in LISTS else "<br>".join(held)
    return f"<{kind}>{inside}</{kind}>"


def _inline(words: str) -> str:
    said = escape(words, quote=True)
    said = LINK.sub(r'<a href="\2">\1</a>', said)
    return STRESS.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", said))
