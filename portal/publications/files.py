"""A publication as files: the canonical JSON itself, and Excel made once and kept with its digest."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from portal import clock
from portal.evidence.models import Piece
from portal.evidence.store import keep, opened
from portal.ledger.actions import CLOCK, append
from portal.sheets import out

from .models import Issue, Publication, Rendition

ROOM = "publications"
EXCEL = "xlsx"
KINDS = {"money": out.Kind.MONEY, "count": out.Kind.NUMBER, "hours": out.Kind.NUMBER, "share": out.Kind.SHARE}


@transaction.atomic
def excel(made: Publication) -> Rendition:
    """The version's workbook: the one made before, or made now, once, with its digest in the chain."""
    found = Rendition.objects.filter(publication=made, form=EXCEL).first()
    if found is not None:
        return found
    issue = Issue.objects.select_for_update().get(pk=made.issue_id)  # two readers at once: one file
    found = Rendition.objects.filter(publication=made, form=EXCEL).first()
    if found is not None:
        return found
    name = uuid4().hex
    kept = keep(f"{ROOM}/{name[:2]}/{name}.{EXCEL}", [workbook(made)])
    at = clock.now()
    append(issue, "rendered", by=CLOCK, at=at, facts={"version": made.version, "form": EXCEL, "file": kept.sha256})
    return Rendition.objects.create(
        publication=made, form=EXCEL, stored=kept.stored, digest=kept.sha256, bytes=kept.bytes, at=at
    )


def bytes_of(rendition: Rendition) -> bytes:
    """The file's bytes."""
    with opened(rendition.stored) as file:
        return file.read()


def document_of(made: Publication, id: str) -> Piece | None:
    """A document this version names; none where it names no such."""
    named = {one["id"] for one in json.loads(made.payload).get("content", {}).get("files", [])}
    return Piece.objects.filter(pk=id).first() if id in named else None


def picture_of(made: Publication, id: str) -> Piece | None:
    """A picture this version shows; none where it shows no such, or where it is no longer the one of the digest."""
    named = {one["id"]: one["sha256"] for one in json.loads(made.payload).get("content", {}).get("pictures", [])}
    piece = Piece.objects.filter(pk=id).first() if id in named else None
    return piece if piece is not None and piece.front.sha256 == named[id] else None


def content_of(piece: Piece) -> bytes:
    """A document's bytes."""
    with opened(piece.front.stored) as file:
        return file.read()


def workbook(made: Publication) -> bytes:
    """The workbook: a sheet that says what this is and how to verify it, then one for each table."""
    payload = json.loads(made.payload)
    said = payload.get("content", {})
    sheets = [_sheet(one) for one in said.get("tables", [])]
    return out.workbook([_about(made, payload, said), *sheets], at=made.at)


def _about(made: Publication, payload: dict[str, Any], said: dict[str, Any]) -> out.Sheet:
    rows: list[tuple[str, Any]] = [
        ("标题", f"{payload['school']['name']} {made.title}"),
        ("期间", payload["period"]["title"]),
        ("第几版", str(made.version)),
        ("公示于", payload["published_at"].replace("T", " ")),
        ("公示人岗位", made.post),
        ("验证码", made.code),
        ("摘要（SHA-256）", made.digest),
    ]
    rows += [("更正原因", made.reason)] if made.reason else []
    rows += [(one["part"], f"{one['post']}　{one['at'].replace('T', ' ')}") for one in payload.get("signed", [])]
    rows += [
        (one["title"] + (f"（{one['unit']}）" if one.get("unit") else ""), str(one["value"] or 0))
        for one in said.get("figures", [])
    ]
    rows += [("说明", words) for words in said.get("words", [])]
    return out.Sheet("说明", [out.Column("项目", width=20), out.Column("内容", width=72)], rows)


def _sheet(table: dict[str, Any]) -> out.Sheet:
    columns = [out.Column(one["title"], KINDS.get(one["shown"], out.Kind.TEXT)) for one in table["columns"]]
    lines = [*table["rows"], *([table["total"]] if table.get("total") else [])]
    return out.Sheet(table["title"], columns, [_line(line, table["columns"]) for line in lines])


def _line(line: list[Any], columns: list[dict[str, Any]]) -> list[Any]:

    return [
        Decimal(value) if isinstance(value, str) and column["shown"] in KINDS and value else value
        for value, column in zip(line, columns, strict=True)
    ]
