"""Files in and out: one upload at a time for the page's script, and protected serving."""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from portal.errors import BadInput, NotThere
from portal.orgs.policies import guard

from .actions import PAGES, PHOTO, take_in_all
from .covering import cover as paint
from .covering import coverable, may_uncover, uncover
from .documents import TYPES
from .forms import CoverForm
from .gates import keeper_of, open_piece
from .grids import COLUMNS, Grid
from .models import Piece, PieceKind
from .store import opened
from .who import BEARING, bearer

FRESH = 3600  # seconds a browser may show it without asking again


@guard(POST=BEARING)
def upload(request: HttpRequest) -> JsonResponse:
    """Takes in one file (`file`) and says what it is now, with the `more` pages of a PDF; `kinds` names what the field takes."""
    file = request.FILES.get("file")
    if file is None:
        raise BadInput("没有收到文件，请重新选择。", errors={"file": ["没有收到文件，请重新选择。"]})
    asked = request.POST.get("kinds", "").split(",")
    kinds = [kind for kind in (*PieceKind.values, PAGES) if kind in asked] or PHOTO
    first, *more = take_in_all(file, by=bearer(request), kinds=kinds, taken=request.POST.get("taken", ""))
    return JsonResponse(described(first) | {"more": [described(one) for one in more]}, status=201)


@guard(GET=BEARING)
def photo(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """A photo, for whoever may see what it is attached to."""
    piece = _photo(request, id)
    return _served(request, piece, piece.front.stored, tag=piece.front.sha256)


@guard(GET=BEARING)
def thumbnail(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Its small picture, at most 320 pixels."""
    piece = _photo(request, id)
    return _served(request, piece, piece.front.thumbnail, tag=f"{piece.front.sha256}-thumb")


@guard(GET=BEARING)
def download(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """A photo or document as a file to save; documents are never shown in the page."""
    piece = open_piece(id, by=bearer(request))
    return _served(request, piece, piece.front.stored, tag=piece.front.sha256, attachment=True)


@guard(GET=BEARING, POST=BEARING)
def cover(request: HttpRequest, id: UUID) -> HttpResponse:
    """The photo under a grid: cells that are ticked are painted over for good, for everybody."""
    by = bearer(request)
    piece = coverable(id, by=by)
    grid = Grid(piece.width, piece.height)
    form = CoverForm(request.POST if request.method == "POST" else None, grid=grid)
    if form.is_bound and form.is_valid():
        paint(id, form.cleaned_data["cells"], by=by)
        messages.success(request, "已遮挡，别人看到的都是遮挡后的照片。")
        return HttpResponseRedirect(reverse("evidence:cover", args=[id]))
    page = {"piece": piece, "form": form, "cells": form.drawn(piece.covered), "back": _page_of(piece)}
    page |= {"wide": grid.columns == COLUMNS, "beneath": may_uncover(piece, by=by)}
    return render(request, "evidence/cover.html", page, status=422 if form.errors else 200)


@guard(POST=BEARING)
def original(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """What lies beneath a covered photo, for those entitled; that they looked is written down, so it is no GET."""
    piece = uncover(id, by=bearer(request))
    answer = _served(request, piece, piece.stored, tag=secrets.token_hex(8))
    answer["Cache-Control"] = "no-store"
    return answer


def _page_of(piece: Piece) -> str:
    """The page a photo belongs to; none while it is being filled in."""
    keeper = keeper_of(piece.address) if piece.address else None
    return keeper.page(piece.address) if keeper else ""


def described(piece: Piece) -> dict[str, Any]:
    """A piece as programs know it: id, digest and where to fetch it."""
    facts = {
        "id": str(piece.pk),
        "kind": piece.kind,
        "name": piece.name,
        "sha256": piece.front.sha256,
        "bytes": piece.bytes,
    }
    if not piece.is_photo:
        return facts | {"url": reverse("evidence:download", args=[piece.pk])}
    links = {"url": "evidence:photo", "thumbnail_url": "evidence:thumbnail"}
    return facts | {name: reverse(place, args=[piece.pk]) for name, place in links.items()}


def _photo(request: HttpRequest, id: UUID) -> Piece:
    piece = open_piece(id, by=bearer(request))
    if not piece.is_photo:
        raise NotThere
    return piece


def _served(request: HttpRequest, piece: Piece, stored: str, *, tag: str, attachment: bool = False) -> HttpResponseBase:
    """The file itself, or where the web server in front finds it (`MEDIA_ACCEL`); 304 when the reader has it."""
    etag = quote_etag(tag)
    answer = get_conditional_response(request, etag=etag) or _body(stored)
    suffix = stored.rpartition(".")[2]
    answer["Content-Type"] = TYPES.get(suffix, "image/jpeg")
    name = piece.name or f"{piece.pk.hex[:8]}.{suffix}"
    answer["Content-Disposition"] = content_disposition_header(attachment, name) or "inline"
    answer["ETag"] = etag
    answer["Cache-Control"] = f"private, max-age={FRESH}"
    answer["Vary"] = "Cookie"  # another person at the same browser asks again
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # packed already: gzip would cost time and gain nothing
    return answer


def _body(stored: str) -> HttpResponseBase:
    if settings.MEDIA_ACCEL:
        return HttpResponse(headers={"X-Accel-Redirect": f"{settings.MEDIA_ACCEL.rstrip('/')}/{stored}"})
    return FileResponse(opened(stored))
