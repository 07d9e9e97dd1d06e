"""Drafts for programs: what is to be published and waits for a signature, one with its content, and signing a part."""

import json
from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.actions import move
from portal.cases.api.keyed import SEEN, KeyedEndpoint, seen_in
from portal.cases.models import Case
from portal.errors import NotThere, WrongStep
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN
from portal.orgs.roles import title as role_title
from portal.publications.content import digest_of
from portal.publications.forms import SignDuty
from portal.publications.models import Duty
from portal.publications.queries import drafts, school_code
from portal.publications.signing import PARTS, awaited, content_of, duty_of, signed_parts
from portal.wire.endpoint import Verb
from portal.wire.fields import object_of, read
from portal.wire.paging import Keyset, PageForm, page_of

from .reading import TAG

ORDER: Keyset[Case] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)


class DraftShape(serializers.Serializer[Any]):
    """What a school owes its readers and has not published; `turn` is the post whose signature is awaited."""

    number = serializers.CharField()
    kind = serializers.CharField()
    school = serializers.SerializerMethodField(help_text="学校编码")
    period = serializers.CharField(source="issue.period")
    title = serializers.CharField(source="issue.title")
    state = serializers.CharField()
    turn = serializers.SerializerMethodField(help_text="现在由谁负责")
    due_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_school(self, one: Case) -> str:
        """Whose it is."""
        return school_code(one.unit)

    def get_turn(self, one: Case) -> str:
        """The post, in words."""
        return role_title(one.turn)


class SignatureShape(serializers.Serializer[Any]):
    """One signature given."""

    part = serializers.CharField()
    post = serializers.CharField()
    at = serializers.DateTimeField()


class DraftedShape(serializers.Serializer[Any]):
    """The content of a draft: what was prepared, or what the books say now; `moved` when they say otherwise since."""

    content = serializers.JSONField(help_text="签的就是这一份；金额是字符串")
    digest = serializers.CharField(help_text="内容的 SHA-256")
    moved = serializers.BooleanField(help_text="制表之后台账有变动，请退回重做")
    signed = SignatureShape(many=True)
    awaits = serializers.CharField(allow_blank=True, help_text="下一个签字的环节；空的表示不等人签")


class WholeDraftShape(DraftShape, DraftedShape):
    """A draft with its content."""


class Drafts(KeyedEndpoint):
    """What is still to be published, of what the person may see."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {"GET": Verb("publication_drafts", "公示草稿：列表", "还没公示的各期，新的在前。", asks=PageForm, gives=DraftShape,
                         many=True, refuses=(422,))}  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        asked, rows = self.asked(), drafts(self.by, PARTS)

        def ask(bounds: Q, back: bool, n: int) -> list[Case]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), DraftShape)


class Draft(KeyedEndpoint):
    """One of them."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {"GET": Verb("publication_draft", "公示草稿：一份", "内容凑不齐时说明缺什么。", gives=WholeDraftShape,
                         refuses=(404, 409, 422))}  # fmt: skip

    def get(self, request: Request, number: str) -> Response:
        """With its content; not there once it is out."""
        return Response(told(draft_for(number, self.by)))


class Signature(KeyedEndpoint):
    """Signing the part that is awaited."""

    policies = {"POST": SIGNED_IN}
    tag = TAG
    verbs = {"POST": Verb("publication_sign", "公示草稿：签一个环节", "制表、核对、签字、公示，轮到哪个环节就签哪个；同一人不能签两次。",
                          takes=object_of(SignDuty.base_fields, beside=SEEN), gives=DraftShape,
                          refuses=(403, 404, 409, 412, 422), keyed=True)}  # fmt: skip

    def post(self, request: Request, number: str) -> Response:
        """By the form of the page, once per `Idempotency-Key`."""
        data = read(SignDuty.base_fields, request.data, beside=SEEN)
        seen = seen_in(request.data)

        def effect() -> dict[str, Any]:
            duty = draft_for(number, self.by)
            step = awaited(duty)
            if not step:
                raise WrongStep("这一份已经签完，到时由系统公示。")
            move(duty, step, by=self.by, data=data, seen=seen)
            return dict(DraftShape(duty_of(number, by=self.by)).data)

        return self.keyed([data, seen], effect)


def draft_for(number: str, by: User) -> Duty:
    """A draft this person may see; not there once it is published."""
    duty = duty_of(number, by=by)
    if not duty.is_open:
        raise NotThere
    return duty


def told(duty: Duty) -> dict[str, Any]:
    """A draft with its content."""
    text, moved = content_of(duty)
    parts = [{"part": part, "post": post, "at": at} for part, post, at in signed_parts(duty)]
    said = {"content": json.loads(text), "digest": digest_of(text), "moved": moved, "signed": parts}
    return DraftShape(duty).data | DraftedShape(said | {"awaits": awaited(duty)}).data
