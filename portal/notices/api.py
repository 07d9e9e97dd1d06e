"""The inbox for programs: what one has been told, and marking it as read."""

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.orgs.policies import SIGNED_IN, person
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.fields import object_of
from portal.wire.paging import Keyset, PageForm, page_of

from .actions import mark_read
from .forms import ReadForm
from .models import Notice

TAG = "消息"
NEWEST: Keyset[Notice] = Keyset(("pk",), (int,), lambda notice: (notice.pk,), falling=True)


class InboxForm(PageForm):
    """Everything, or what is unread."""

    show = forms.ChoiceField(
        label="看哪些", required=False, choices=[("unread", "未读"), ("all", "全部")], help_text="不填为全部。"
    )


class NoticeShape(serializers.Serializer[Any]):
    """One thing one was told; `url` is the page it leads to, `about` the row it concerns."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    title = serializers.CharField()
    body = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    about = serializers.CharField()
    verb = serializers.CharField()
    urgent = serializers.BooleanField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadShape(serializers.Serializer[Any]):
    """How many were unread before."""

    read = serializers.IntegerField()


class Inbox(Endpoint):
    """What one has been told."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {"GET": Verb("inbox_list", "消息列表", asks=InboxForm, gives=NoticeShape, many=True)}

    def get(self, request: Request) -> Response:
        """Newest first."""
        asked = self.asked()
        mine = Notice.objects.filter(to=person(self.here))
        mine = mine.filter(read_at=None) if asked["show"] == "unread" else mine

        def ask(bounds: Q, back: bool, n: int) -> list[Notice]:
            return list(mine.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, NEWEST, cursor=asked["cursor"], limit=asked["limit"]), NoticeShape)


class Read(Endpoint):
    """Marking as read."""

    policies = {"POST": SIGNED_IN}
    tag = TAG
    verbs = {
        "POST": Verb(
            "inbox_read", "标为已读", "one 为一条，upto 为这一条和更早的全部；两者填其一。",
            takes=object_of(ReadForm.base_fields), gives=ReadShape,
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """One notice, or all up to one; other people's stay as they are."""
        said = self.body(ReadForm)
        count = mark_read(by=person(self.here), ids=[said["one"]] if said["one"] else [], upto=said["upto"])
        return Response({"read": count})


urlpatterns = [path("inbox", Inbox.as_view()), path("inbox/read", Read.as_view())]
