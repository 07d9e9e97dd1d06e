"""Whether what somebody holds is what was published: by its code, its digest, or the file itself. Explained in words."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.errors import BadInput, NotThere

from .content import canonical, digest_of, typed_code
from .kinds import Audience
from .models import Publication, Rendition
from .queries import Sealed, publisher_at, sealed, version_of

MOST_BYTES = 5 * 1024 * 1024
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"%PDF", b"RIFF")  # how files of photos and PDFs begin
SHOWN, SPELLED = 5, 40  # differences named, and signs of each shown
PARTS = {  # what readers call the parts of a file; others are named as they stand in it
    "title": "标题", "content.html": "正文", "content.summary": "开头的话", "published_at": "公示时间", "published_by": "公示人岗位",
    "version": "第几版", "reason": "更正原因", "school.name": "学校", "period.title": "期间",
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """The answer: `match`, `replaced`, `withdrawn`, `changed`, `broken` or `unknown`, a tone, words, and what it is about."""

    answer: str
    tone: str
    title: str
    words: str
    made: Publication | None = None
    sealed: Sealed = field(default_factory=lambda: Sealed(None, None))
    differences: tuple[str, ...] = ()


UNKNOWN = Verdict(
    "unknown",
    "late",
    "没有公示过",
    "这里没有公示过这个验证码。请对照原件再输一遍；还是没有，您手里的就不是这里公示的。",
)
STRANGE = Verdict(
    "unknown", "late", "没有公示过这个文件",
    "这里没有公示过内容一样的文件。从这里下载后只要改过、另存过，就不再一样；请填文件里的验证码，看原来公示的是什么。",
)  # fmt: skip


def by_code(text: str) -> Verdict:
    """What a code (as printed, typed or scanned) or a whole digest stands for. Refused: what can be neither."""
    plain = text.strip().lower()
    if len(plain) == 64 and all(sign in "0123456789abcdef" for sign in plain):
        return by_digest(plain) or UNKNOWN
    code = typed_code(text)
    if not code:
        sentence = "验证码是 16 位数字和字母 A 到 F，请对照原件再输一遍。"
        raise BadInput(sentence, errors={"code": [sentence]})
    return _judged(_found(code=code)) or UNKNOWN


def by_digest(digest: str) -> Verdict | None:
    """The publication whose content or file has this SHA-256; none when there is none."""
    made = _found(digest=digest)
    if made is None:
        made = _found(pk__in=Rendition.objects.filter(digest=digest).values("publication"))
    return _judged(made)


def by_file(content: bytes) -> Verdict:
    """What a downloaded JSON or Excel file is: unchanged, changed since, or never published here."""
    if len(content) > MOST_BYTES:
        raise BadInput("文件太大，最多 5 MB。", errors={"file": ["文件太大，最多 5 MB。"]})
    if content.startswith(PICTURES):
        sentence = "照片和 PDF 里的内容认不出来。请扫上面的二维码，或填上面印的 16 位验证码。"
        raise BadInput(sentence, errors={"file": [sentence]})
    exact = by_digest(hashlib.sha256(content).hexdigest())
    if exact is not None:
        return exact
    said = _json(content)
    if not isinstance(said, dict):
        return STRANGE
    try:
        same = by_digest(digest_of(canonical(said)))
    except TypeError:
        same = None
    return same or _changed(said) or STRANGE


def _judged(made: Publication | None) -> Verdict | None:
    if made is None:
        return None
    proof = sealed(made)
    if digest_of(made.payload) != made.digest or proof.event is None:
        words = "系统里保存的这份与当时的记录不符，可能被改动过。请以别人保存的文件和每日封存为准，并告诉系统管理员。"
        return Verdict("broken", "late", "内容与记录不符", words, made, proof)
    issue = made.issue
    if made.withdrawn or issue.withdrawn:
        return Verdict("withdrawn", "soon", "确实公示过，后来撤下了", _why("撤下", made), made, proof)
    if made.version != issue.current:
        words = f"您手里的是第 {made.version} 版，之后更正过，现在是第 {issue.current} 版。{_why('更正', made)}"
        return Verdict("replaced", "soon", "确实公示过，后来更正了", words, made, proof)
    return Verdict("match", "done", "与公示的一致", "这就是公示的现行版本，公示后没有改动过。", made, proof)


def _why(what: str, made: Publication) -> str:
    """Why it is not what stands now, where everybody may know it."""
    if made.issue.audience != Audience.PUBLIC:
        return f"{what}的原因在最新一版里。"
    return f"{what}的原因：{version_of(made.issue, made.issue.current).reason}"


def _changed(said: dict[str, Any]) -> Verdict | None:
    """A file that says it is a certain publication and is not: what differs, where everybody may know it."""
    school, period = said.get("school"), said.get("period")
    code = school.get("code") if isinstance(school, dict) else None
    names = (said.get("kind"), code, period.get("code") if isinstance(period, dict) else None)
    version = said.get("version")
    if not all(isinstance(one, str) and "\x00" not in one for one in names) or type(version) is not int:
        return None
    try:
        unit = publisher_at(str(names[1]))
    except NotThere:
        return None
    rows = Publication.objects.select_related("issue__unit").filter(
        issue__kind=names[0], issue__unit=unit, issue__period=names[2], version=max(0, min(version, 32_000))
    )
    made = rows.first()
    if made is None:
        return None
    if made.issue.audience != Audience.PUBLIC:  # whoever makes up a file learns nothing of what is not for everybody
        words = "文件自称是一份不向社会公开的公示，内容却与公示的不一样。请以公示的为准，或填原件上的验证码。"
        return Verdict("changed", "late", "被改动过", words)
    found = list(differences(json.loads(made.payload), said))[: SHOWN + 1]
    words = f"文件自称是“{made.title}”第 {made.version} 版，内容却与公示的不一样。请以公示的为准。"
    return Verdict("changed", "late", "被改动过", words, made, sealed(made), tuple(found[:SHOWN]))


def differences(published: Any, held: Any) -> Iterator[str]:
    """Each place where two payloads differ, in words: 公示的是……，文件里是……."""
    for where, one, other in _differing(published, held):
        same = next(
            (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )
        yield f"{_called(where, published)}：公示的是 {_short(one, same)}，文件里是 {_short(other, same)}"


def _called(where: str, published: Any) -> str:
    """A part of a file as readers know it: a figure by its name, a cell by its table, row and column."""
    content = published.get("content", {}) if isinstance(published, dict) else {}
    if figure := re.fullmatch(r"content\.figures\[(\d+)\]\.value", where):
        return str(content["figures"][int(figure[1]) - 1]["title"])
    if cell := re.fullmatch(r"content\.tables\[(\d+)\]\.(?:rows\[(\d+)\]|total)\[(\d+)\]", where):
        table, column = content["tables"][int(cell[1]) - 1], int(cell[3]) - 1
        row = table["rows"][int(cell[2]) - 1] if cell[2] else table["total"]
        return f"{table['title']}，{row[0]}，{table['columns'][column]['title']}"
    return PARTS.get(where, where)


def _differing(published: Any, held: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two payloads differ, and what each says there."""
    if isinstance(published, dict) and isinstance(held, dict):
        for name in sorted({*published, *held}):
            yield from _differing(published.get(name), held.get(name), f"{where}.{name}".strip("."))
    elif isinstance(published, list) and isinstance(held, list) and len(published) == len(held):
        for at, (one, other) in enumerate(zip(published, held, strict=True), 1):
            yield from _differing(one, other, f"{where}[{at}]")
    elif published != held or type(published) is not type(held):
        one, other = _words(published), _words(held)
        if one == other:  # they differ in their marks alone
            one, other = _spelled(published), _spelled(held)
        yield where, one, other


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _words(value: Any) -> str:
    """A value as people read it: rich text without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", _spelled(value)).split())


def _short(text: str, at: int) -> str:
    """The piece of a long text that lies around `at`, where it begins to differ."""
    if len(text) <= SPELLED:
        return f"“{text}”"
    start = max(0, min(at - 10, len(text) - SPELLED))
    piece = text[start : start + SPELLED]
    return f"“{'…' * (start > 0)}{piece}{'…' * (start + SPELLED < len(text))}”"


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _found(**named: Any) -> Publication | None:
    return Publication.objects.select_related("issue__unit").filter(**named).first()
