"""What a row of a list says of its case beside its place and clock: a photo, the affair's words, who has which part in it."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet, Subquery
from django.db.models.functions import JSONObject

from portal.evidence.models import Piece, PieceKind
from portal.orgs.roles import title as role_title

from .flow import ASSIGNEE, Flow
from .ladders import Whom
from .models import Case
from .photos import shot
from .queries import ADDRESS

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Line:
    """One case on a row: the affair's words, an icon of its own (none: the flow's), and who has which part in it, as
    (`assignee` or a role, what they do)."""

    words: str = ""
    icon: str = ""
    parts: tuple[tuple[str, str], ...] = ()


def line_for(flow: Flow, case: Case) -> Line:
    """What the flow says of this case on a row; nothing where it says nothing."""
    return flow.row(case) if flow.row else Line()


def with_photo(rows: Rows) -> Rows:
    """Brings along each case's first photo, in the rows' own question."""
    found = Piece.objects.filter(address=ADDRESS, kind=PieceKind.PHOTO, role="photos").order_by("uploaded_at", "pk")
    return rows.annotate(photo=Subquery(found.values(row=JSONObject(id="id", shown="shown_sha256"))[:1]))


def photo_of(case: Case) -> str:
    """Where the thumbnail of its first photo is served; blank where there is none, or it was not asked for."""
    found: dict[str, str] | None = getattr(case, "photo", None)
    return shot(found["id"], shown=found["shown"]).thumb_url if found else ""


def needed(line: Line) -> list[str]:
    """The roles whose holders the row names."""
    return [code for code, _ in line.parts if code != ASSIGNEE]


def said(case: Case, line: Line, whom: Whom) -> str:
    """The row's words: 一般 · 消防 · 邓勇整改 · 秦海验收. Whoever has one part is not named for another; a post nobody else
    holds is named itself."""
    words, named = [line.words] if line.words else [], set[int]()
    for code, does in line.parts:
        people = [case.assignee_id] if code == ASSIGNEE else whom.of(case, code)
        person = next((one for one in people if one is not None and one not in named), None)
        if person is None and code == ASSIGNEE:
            continue
        name = (
            case.assignee.name if code == ASSIGNEE and case.assignee else whom.names.get(person or 0, role_title(code))
        )
        named |= {person} if person else set()
        words.append(f"{name}{does}")
    return " · ".join(words)
