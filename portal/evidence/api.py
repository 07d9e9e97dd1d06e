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
from portal.wire.fields import refuse, valid

from . import views
from .actions import take_in
from .documents import TYPES
from .models import PieceKind

Serve = Callable[[HttpRequest, UUID], HttpResponseBase]
TAG = "照片与文件"
FILE = {
    "type": "string",
    "format": "binary",
    "description": "JPEG、PNG、WebP 或 HEIC，最多 20 MB；文件为 PDF、Word 或 Excel。",
}
KIND = {"type": "string", "enum": PieceKind.values, "description": "不填为 photo（照片）；document 为文件。"}


class KindForm(forms.Form):
    """Whether it is a photo or a document."""

    kind = forms.ChoiceField(label="类型", required=False, choices=PieceKind.choices)


class LinkShape(serializers.Serializer[Any]):
    """A photo or file, and where to fetch it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=PieceKind.values)
    sha256 = serializers.CharField(help_text="所存内容的摘要")
    url = serializers.CharField()
    thumbnail_url = serializers.CharField(allow_null=True, help_text="文件没有缩略图")


class PieceShape(LinkShape):
    """What was just taken in."""

    bytes = serializers.IntegerField()


def link(id: UUID | str, kind: str, sha256: str) -> dict[str, Any]:
    """A piece as programs know it."""
    is_photo = kind == PieceKind.PHOTO
    url = reverse("api-photo" if is_photo else "api-file", args=[id])
    small = reverse("api-thumbnail", args=[id]) if is_photo else None
    return {"id": str(id), "kind": kind, "sha256": sha256, "url": url, "thumbnail_url": small}


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
        piece = take_in(file, by=person(self.here), kinds=[kind])
        told = link(piece.pk, piece.kind, piece.sha256) | {"bytes": piece.bytes}
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


def _serving(name: str, title: str, *types: str) -> dict[str, Verb]:
    return {"GET": Verb(name, title, serves=types)}


urlpatterns = [
    path("evidence", Upload.as_view()),
    path(
        "evidence/<uuid:id>",
        Fetch.as_view(serve=views.photo, verbs=_serving("evidence_photo", "一张照片", "image/jpeg")),
        name="api-photo",
    ),
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
