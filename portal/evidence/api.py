"""Photos and files for programs: one upload at a time, and fetching what one may see."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.errors import BadInput
from portal.orgs.policies import SIGNED_IN, person
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.fields import object_of, read, refuse, valid

from . import views
from .actions import PAGES, PAPER, take_in_all
from .covering import cover, coverable
from .documents import TYPES
from .forms import CoverForm
from .grids import Grid
from .models import Piece, PieceKind

Serve = Callable[[HttpRequest, UUID], HttpResponseBase]
TAG = "照片与文件"
FILE = {
    "type": "string",
    "format": "binary",
    "description": "JPEG、PNG、WebP 或 HEIC，最多 20 MB；文件为 PDF、Word 或 Excel。",
}
KINDS = [*PieceKind.choices, (PAGES, "照片或 PDF")]
KIND = {
    "type": "string",
    "enum": [code for code, _ in KINDS],
    "description": "不填为 photo（照片）；document 为文件；pages 为照片，PDF 则每一页成为一张照片（最多 6 页）。",
}


class KindForm(forms.Form):
    """Whether it is a photo or a document."""

    kind = forms.ChoiceField(label="类型", required=False, choices=KINDS)


class LinkShape(serializers.Serializer[Any]):
    """A photo or file, and where to fetch it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=PieceKind.values)
    sha256 = serializers.CharField(help_text="所存内容的摘要；遮挡过的，为遮挡后的")
    url = serializers.CharField()
    thumbnail_url = serializers.CharField(allow_null=True, help_text="文件没有缩略图")
    covered = serializers.IntegerField(help_text="已遮挡的格数，0 为没有遮挡")


class GridShape(LinkShape):
    """A photo with the grid that is laid over it for covering."""

    columns = serializers.IntegerField()
    rows = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField(), help_text="已遮挡的格子，如 3-5（第 3 行第 5 列）")


class PieceShape(LinkShape):
    """What was just taken in."""

    bytes = serializers.IntegerField()
    more = LinkShape(many=True, help_text="PDF 的其余各页；别的都是空的")


def link(id: UUID | str, kind: str, sha256: str, *, covered: int = 0) -> dict[str, Any]:
    """A piece as programs know it."""
    is_photo = kind == PieceKind.PHOTO
    url = reverse("api-photo" if is_photo else "api-file", args=[id])
    small = reverse("api-thumbnail", args=[id]) if is_photo else None
    return {"id": str(id), "kind": kind, "sha256": sha256, "url": url, "thumbnail_url": small, "covered": covered}


class Upload(Endpoint):
    """Taking in one file."""

    policies = {"POST": SIGNED_IN}
    parser_classes = [MultiPartParser]
    tag = TAG
    verbs = {
        "POST": Verb(
            "evidence_upload", "上传一张照片或一个文件", "回答里的 id 在 24 小时内填进报修或某一步；没有用上的自动清除。",
            takes={"type": "object", "properties": {"file": FILE, "kind": KIND}, "required": ["file"],
                   "additionalProperties": False},
            media="multipart/form-data", gives=PieceShape, status=201,
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Stores it safely, or says why not."""
        refuse({name[:60]: ["没有这一项，请去掉。"] for name in request.data if name not in ("file", "kind")})
        kind = valid(KindForm(self.here.POST))["kind"] or PieceKind.PHOTO
        file = request.FILES.get("file")
        if file is None:
            raise BadInput("没有收到文件。", errors={"file": ["没有收到文件，请用 multipart 的 file 一项上传。"]})
        piece, *pages = take_in_all(file, by=person(self.here), kinds=PAPER if kind == PAGES else [kind])
        told = link(piece.pk, piece.kind, piece.sha256) | {"bytes": piece.bytes}
        told["more"] = [link(one.pk, one.kind, one.sha256) for one in pages]
        return Response(PieceShape(told).data, status=201)


class Fetch(Endpoint):
    """A photo, its small picture or a file, for whoever may see what it is attached to."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    serve: Serve = views.photo

    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        """The file itself."""
        answer = self.serve(self.here, id)
        patch_vary_headers(answer, ["Authorization"])
        return answer


class Cover(Endpoint):
    """Painting parts of a photo over, by the same form as the page."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    tag = TAG
    verbs = {
        "GET": Verb("evidence_grid", "照片上的格子", "遮挡用的行数、列数和已遮挡的格子。", gives=GridShape),
        "POST": Verb(
            "evidence_cover", "遮挡照片的一部分", "遮住以后不能揭开，只能再加；已遮住的格子再交一次也不会变。",
            takes=object_of(CoverForm.base_fields), gives=GridShape, refuses=(412,),
        ),
    }  # fmt: skip

    def get(self, request: Request, id: UUID) -> Response:
        """The grid, for whoever may cover it."""
        self.asked()
        return self._told(coverable(id, by=person(self.here)))

    def post(self, request: Request, id: UUID) -> Response:
        """Covers these cells beside those covered before."""
        by = person(self.here)
        piece = coverable(id, by=by)
        data = read(CoverForm.base_fields, request.data)
        cells = valid(CoverForm(data, grid=Grid(piece.width, piece.height)))["cells"]
        return self._told(cover(id, cells, by=by))

    def _told(self, piece: Piece) -> Response:
        grid = Grid(piece.width, piece.height)
        told = link(piece.pk, piece.kind, piece.front.sha256, covered=len(piece.covered))
        told |= {"columns": grid.columns, "rows": grid.rows, "cells": [grid.name(one) for one in piece.covered]}
        return Response(GridShape(told).data)


class Original(Endpoint):
    """What lies beneath a covered photo."""

    policies = {"POST": SIGNED_IN}
    tag = TAG
    verbs = {
        "POST": Verb(
            "evidence_original", "看遮挡前的原图", "只给这件事的受理岗位和学校负责人；每看一次都记入经过。",
            serves=("image/jpeg",),
        )
    }  # fmt: skip

    def post(self, request: Request, id: UUID) -> HttpResponseBase:
        """The original; the look is written down."""
        read({}, request.data or {})
        return views.original(self.here, id)


def _serving(name: str, title: str, *types: str) -> dict[str, Verb]:
    return {"GET": Verb(name, title, serves=types)}


urlpatterns = [
    path("evidence", Upload.as_view()),
    path(
        "evidence/<uuid:id>",
        Fetch.as_view(serve=views.photo, verbs=_serving("evidence_photo", "一张照片", "image/jpeg")),
        name="api-photo",
    ),
    path("evidence/<uuid:id>/cover", Cover.as_view()),
    path("evidence/<uuid:id>/original", Original.as_view()),
    path(
        "evidence/<uuid:id>/thumbnail",
        Fetch.as_view(serve=views.thumbnail, verbs=_serving("evidence_thumbnail", "照片的缩略图", "image/jpeg")),
        name="api-thumbnail",
    ),
    path(
        "evidence/<uuid:id>/file",
        Fetch.as_view(
            serve=views.download, verbs=_serving("evidence_file", "下载照片或文件", "image/jpeg", *TYPES.values())
        ),
        name="api-file",
    ),
]
