"""A publication to carry away: its JSON and Excel, a poster for the wall with a QR code, a frame for other sites; drafts."""

import json
import re
from hashlib import sha256
from typing import Any
from uuid import UUID

import segno
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from portal.cases.flow import address_of
from portal.errors import NotThere
from portal.orgs.policies import PUBLIC, SIGNED_IN, guard, person
from portal.publications import faces, feeds, files, queries
from portal.publications.extracts import on_sheet
from portal.publications.kinds import Audience, kind_of
from portal.publications.models import Issue, Publication
from portal.publications.queries import publisher_at, school_code
from portal.publications.sheet import SMALL, papers_of
from portal.publications.signing import content_of, duty_of
from portal.sheets.out import MIME

from .kept import issue_for, kept
from .site import page_of, tag_of


@guard(PUBLIC)
@require_safe
def as_json(request: HttpRequest, school: str, kind: str, period: str, number: int) -> HttpResponse:
    """The canonical payload, byte for byte what was digested."""
    issue = issue_for(request, publisher_at(school), kind_of(kind), period)
    made = queries.version_of(issue, number)

    def make() -> HttpResponse:
        return _file(HttpResponse(made.payload, content_type="application/json"), issue, made, "json")

    return kept(request, make, tag=made.digest, audience=issue.audience, forever=True)


@guard(PUBLIC)
@require_safe
def as_excel(request: HttpRequest, school: str, kind: str, period: str, number: int) -> HttpResponse:
    """The workbook, made once for all readers."""
    issue = issue_for(request, publisher_at(school), kind_of(kind), period)
    made = queries.version_of(issue, number)

    def make() -> HttpResponse:
        content = files.bytes_of(files.excel(made))
        return _file(HttpResponse(content, content_type=MIME), issue, made, "xlsx")

    return kept(request, make, tag=f"{made.digest}-xlsx", audience=issue.audience, forever=True)


@guard(PUBLIC)
@require_safe
def document(request: HttpRequest, school: str, kind: str, period: str, number: int, id: UUID) -> HttpResponse:
    """A document published with it, as a download, for whoever may read it. What was taken back is no longer handed out."""
    issue = issue_for(request, publisher_at(school), kind_of(kind), period)
    made = queries.version_of(issue, number)
    piece = files.document_of(made, str(id))
    if piece is None or issue.withdrawn:
        raise NotThere

    def make() -> HttpResponse:
        answer = HttpResponse(files.content_of(piece), content_type="application/octet-stream")
        answer["Content-Disposition"] = content_disposition_header(True, piece.name) or "attachment"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    return kept(request, make, tag=piece.sha256, audience=issue.audience)


@guard(PUBLIC)
@require_safe
def picture(request: HttpRequest, school: str, kind: str, period: str, number: int, id: UUID) -> HttpResponse:
    """A picture its text shows, for whoever may read it, and not once it was taken back."""
    issue = issue_for(request, publisher_at(school), kind_of(kind), period)
    piece = files.picture_of(queries.version_of(issue, number), str(id))
    if piece is None or issue.withdrawn:
        raise NotThere

    def make() -> HttpResponse:
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # packed already: gzip would cost time and gain nothing
        answer = HttpResponse(files.content_of(piece), content_type="image/jpeg")
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    return kept(request, make, tag=piece.front.sha256, audience=issue.audience)


@guard(PUBLIC)
@require_safe
def poster(request: HttpRequest, school: str, kind: str, period: str, number: int) -> HttpResponse:
    """For the wall: A4 or A3, with a QR code that leads to its verification; `sheet` is one of those of its long tables, `one`
    wants a single sheet however small the writing."""
    issue = issue_for(request, publisher_at(school), kind_of(kind), period)
    made, earlier, asked = queries.version_of(issue, number), queries.previous(issue), request.GET
    size, single = "a3" if asked.get("size") == "a3" else "a4", asked.get("one") == "1"
    sheet = int(asked.get("sheet", "")) if re.fullmatch(r"[0-9]{1,3}", asked.get("sheet", "")) else 0

    def make() -> HttpResponse:
        page = page_of(issue, made, earlier) | {"size": size, "qr": qr(made.code), "single": single}
        return render(request, "publications/poster.html", _papers(page | on_sheet(made, page["face"], sheet)))

    tag = f"{tag_of(issue, made, earlier)}-{size}-{sheet}-{int(single)}"
    return kept(request, make, tag=tag, audience=issue.audience)


@guard(PUBLIC)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest, school: str, kind: str) -> HttpResponse:
    """The latest of a public kind as a small page other sites may frame; nothing else of the portal may be framed."""
    unit, one = publisher_at(school), kind_of(kind)
    issue = queries.issues().filter(unit=unit, kind=kind, current__gt=0).order_by("-period").first()
    if one.audience != Audience.PUBLIC or issue is None:
        raise NotThere
    made = queries.version_of(issue, issue.current)
    page = page_of(issue, made, None) | {"site": settings.BASE_URL}
    return kept(request, lambda: render(request, "publications/embed.html", page), tag=made.digest, audience="public")


@guard(PUBLIC)
@require_safe
def feed(request: HttpRequest, school: str) -> HttpResponse:
    """The school's public publications as an Atom feed."""
    unit = publisher_at(school)
    page, here = (reverse(name, args=[school]) for name in ("board-school", "board-feed"))
    site = settings.BASE_URL
    text = feeds.atom(unit, site=site, page=f"{site}{page}", feed=f"{site}{here}")
    made = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return kept(request, lambda: made, tag=sha256(made.content).hexdigest(), audience="public")


@guard(SIGNED_IN)
@require_safe
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """What would be published now, for those who see its case; the refusal says what is missing."""
    duty = duty_of(number, by=person(request))
    page = _draft(duty) | {"case": duty, "case_url": address_of(duty)}
    answer = render(request, "publications/draft.html", page)
    answer["Cache-Control"] = "private, no-store"
    return answer


def qr(code: str) -> SafeString:
    """The QR code of a verification address, drawn as SVG."""
    made = segno.make(f"{settings.BASE_URL}{reverse('verify-code', args=[code])}", error="m")
    drawn = made.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from an address of ours


def _papers(page: dict[str, Any]) -> dict[str, Any]:
    """With the sheets it is printed on, and the percent below which their writing is small."""
    papers = papers_of(page["face"], size=page["size"], one=page["single"])
    return page | {"papers": papers, "small": SMALL[page["size"]]}


def _draft(case: Any) -> dict[str, Any]:
    kind = kind_of(case.kind)
    text, moved = content_of(case)
    earlier = queries.previous(case.issue)
    face = faces.face_from({"content": json.loads(text)}, json.loads(earlier.payload) if earlier else {})
    return {
        "school": case.unit,
        "code": school_code(case.unit),
        "kind": kind,
        "issue": case.issue,
        "face": face,
        "moved": moved,
    }


def _file(answer: HttpResponse, issue: Issue, made: Publication, ending: str) -> HttpResponse:
    """As a download with a name people can file."""
    name = f"{issue.unit.name} {made.title} 第{made.version}版.{ending}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
