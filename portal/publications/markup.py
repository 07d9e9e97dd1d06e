"""What people type in the editor, as safe rich text: a few marks at the beginning of a line, **bold**, *stress*, [words](address).

Rows of `| one | two |` are a table, the first its heads; `![what it shows](7f3a91c2)` is a picture (`pictures.py`). A backslash
before a mark makes it plain text.
`static/editor.js` shows the text as it will look and writes these marks.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape

from .rich import clean

BOLD = re.compile(r"\*\*(.+?)\*\*")
STRESS = re.compile(r"\*(.+?)\*")
LINK = re.compile(r"\[([^\]\n]{1,200})\]\(((?:https?://|mailto:|tel:)[^\s()<>]{1,500})\)")
PICTURE = re.compile(r"!\[((?:\\.|[^\]\n\\]){0,200})\]\(([0-9a-f]{8})\)")
NUMBERED = re.compile(r"\d{1,3}[.、]\s*(.+)")
ESCAPED = re.compile(r"\\([\\*\[\]|#>0-9-])")
HIDDEN = 0xE000  # where escaped signs wait, among signs that mean nothing
HELP = "空一行另起一段。行首写“# ”是标题，“- ”是列表，“1. ”是编号，“> ”是引用，“| 甲 | 乙 |”是表格；**加粗**，[文字](https://网址)。"
MARKS = (("## ", "h3"), ("# ", "h2"))
ALONE = ("h2", "h3", "figure")  # each line is one
LISTS = {"ul": "li", "ol": "li"}


def html_of(text: str, pictures: Mapping[str, str] | None = None) -> str:
    """The text as it is published: everything typed is text, only the marks become tags, and the result is cleaned once more.

    `pictures` are the ids of those it may show, by their names in it; a mark that names no such is text.
    """
    blocks = re.split(r"\n\s*\n", _hidden(text.replace("\r\n", "\n").replace("\r", "\n").strip()))
    made = "".join(line for block in blocks if block.strip() for line in _block(block.split("\n"), pictures or {}))
    return clean(_plain(made, escape))


def plain_of(text: str, size: int) -> str:
    """The beginning without marks, for lists and feeds; headings and tables only where there is nothing else."""
    text = (
        "\n".join(line for line in text.splitlines() if not line.strip().startswith(("#", "|", "!["))).strip() or text
    )
    bare = LINK.sub(r"\1", re.sub(r"^\s*(?:#{1,2} |- |> |\d{1,3}[.、]\s*)", "", _hidden(text), flags=re.MULTILINE))
    words = " ".join(_plain(STRESS.sub(r"\1", BOLD.sub(r"\1", bare.replace("|", " ")))).split())
    return words if len(words) <= size else f"{words[: size - 1]}…"


def plain_alt(typed: str) -> str:
    """What a picture is said to show, without the backslashes before marks."""
    return _plain(_hidden(typed)).strip()


def _block(lines: list[str], pictures: Mapping[str, str]) -> Iterable[str]:
    """Lines of one block, those of a kind together."""
    held: list[str] = []
    kind = ""
    for line in lines:
        picture = PICTURE.fullmatch(line.strip())
        name, words = _kind(line.strip()) if picture is None or picture[2] not in pictures else ("figure", "")
        if name != kind or name in ALONE:
            yield _closed(kind, held)
            kind, held = name, []
        if picture is not None and kind == "figure":
            words = escape(picture[1].strip(), quote=True)
            held.append(f'<img src="picture:{pictures[picture[2]]}" alt="{words}"><figcaption>{words}</figcaption>')
        else:
            held.append(_row(words) if kind == "table" else _inline(words))
    yield _closed(kind, held)


def _kind(line: str) -> tuple[str, str]:
    for mark, name in MARKS:
        if line.startswith(mark):
            return name, line[len(mark) :]
    if line.startswith("- "):
        return "ul", line[2:]
    if line.startswith("|"):
        return "table", line
    if line.startswith("> "):
        return "blockquote", line[2:]
    numbered = NUMBERED.fullmatch(line)
    return ("ol", numbered[1]) if numbered else ("p", line)


def _closed(kind: str, held: list[str]) -> str:
    if not held:
        return ""
    if kind == "table":
        rows = [row for row in held if row]
        heads = rows[0].replace("<td>", "<th>").replace("</td>", "</th>") if rows else ""
        return f"<table><thead>{heads}</thead><tbody>{''.join(rows[1:])}</tbody></table>" if rows else ""
    inside = "".join(f"<li>{one}</li>" for one in held) if kind in LISTS else "<br>".join(held)
    return f"<{kind}>{inside}</{kind}>"


def _inline(words: str) -> str:
    said = escape(words, quote=True)
    said = LINK.sub(r'<a href="\2">\1</a>', said)
    return STRESS.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", said))


def _row(line: str) -> str:
    """One row of a table; nothing for the line of dashes some write under its heads."""
    cells = [one.strip() for one in line.strip("|").split("|")]
    if all(one and not one.strip("-: ") for one in cells):
        return ""
    return f"<tr>{''.join(f'<td>{_inline(one)}</td>' for one in cells)}</tr>"


def _hidden(text: str) -> str:
    """The text with its escaped signs out of the way of the marks."""
    bare = "".join(sign for sign in text if not HIDDEN <= ord(sign) < HIDDEN + 128)
    return ESCAPED.sub(lambda found: chr(HIDDEN + ord(found[1])), bare)


def _plain(text: str, written: Callable[[str], str] = str) -> str:
    """The same with these signs as themselves."""
    return "".join(written(chr(ord(sign) - HIDDEN)) if HIDDEN <= ord(sign) < HIDDEN + 128 else sign for sign in text)
