"""Refusals: sentences fit for the person, turned into answers in one place for pages and one for the API."""

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """The portal will not do this; the sentence says why and what to do next. HTTP 422 unless a subclass says other."""

    status = 422
    title = "不能这样做"

    def __init__(
        self,
        sentence: str,
        *,
        rule: str = "",
        who: str = "",
        instead: str = "",
        errors: Mapping[str, Sequence[str]] | None = None,
        see: tuple[str, str] | None = None,
    ) -> None:
        """`sentence` is shown as it is; `rule` names the rule, `who` may do it, `instead` is what this person can do.

        `see` is what to look at first: in words, and its address.
        """
        super().__init__(sentence)
        self.sentence = sentence
        self.rule = rule
        self.who = who
        self.instead = instead
        self.see = see
        self.errors: dict[str, list[str]] = {name: list(lines) for name, lines in (errors or {}).items()}


class BadInput(Refused):
    """What was typed does not fit; `errors` names each field (HTTP 422)."""

    title = "有几处需要改一下"


class NotSignedIn(Refused):
    """Nobody is signed in (HTTP 401)."""

    status = 401
    title = "请先登录"


class NotAllowed(Refused):
    """Another role may do this, not this person (HTTP 403)."""

    status = 403


class NotThere(Refused):
    """It does not exist, or this person may not know that it does (HTTP 404)."""

    status = 404
    title = "没有找到"

    def __init__(self, sentence: str = "没有找到您要的内容，可能已移走，或您没有查看它的权限。", **more: str) -> None:
        super().__init__(sentence, **more)  # type: ignore[arg-type]


class WrongStep(Refused):
    """The case is not in a state where this step can be taken (HTTP 409)."""

    status = 409
    title = "现在不能办这一步"


class LookFirst(Refused):
    """There is something to look at before this is written; sent again after that, it is written (HTTP 409)."""

    status = 409
    title = "请先看一眼"


class Stale(Refused):
    """Somebody changed it since the page was opened; nothing was written (HTTP 412)."""

    status = 412
    title = "这件事刚刚变了，您的操作没有写入"


class TooMany(Refused):
    """Too often in too short a time; `wait` is in seconds (HTTP 429)."""

    status = 429
    title = "请稍等一下"

    def __init__(self, sentence: str, *, wait: int, **more: str) -> None:
        super().__init__(sentence, **more)  # type: ignore[arg-type]
        self.wait = wait
