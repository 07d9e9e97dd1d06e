"""Publications for programs: what one may read, by school, kind and period; one of them; and verification for anybody."""

import json
from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.errors import NotThere
from portal.orgs.policies import PUBLIC
from portal.publications.access import Reader
from portal.publications.feeds import address_of
from portal.publications.models import Publication
from portal.publications.queries import newest, school_code
from portal.publications.verifying import Verdict, by_code
from portal.publications.views.kept import reader
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.paging import Keyset, PageForm, page_of

TAG = "公示"
ORDER: Keyset[Publication] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)


class PublicationsForm(PageForm):
    """What a list is narrowed to."""

    unit = forms.CharField(label="学校或教育局的编码", required=False, max_length=20)
    kind = forms.CharField(label="种类", required=False, max_length=40, help_text="如 repairs.monthly。")
    period = forms.CharField(label="期", required=False, max_length=24, help_text="如 2026-10。")


class PublicationShape(serializers.Serializer[Publication]):
    """The current version of an issue."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField(source="issue.kind")
    school = serializers.SerializerMethodField(help_text="学校编码")
    period = serializers.CharField(source="issue.period")
    title = serializers.CharField()
    audience = serializers.CharField(source="issue.audience")
    version = serializers.IntegerField()
    withdrawn = serializers.BooleanField()
    reason = serializers.CharField(help_text="更正或撤下的原因")
    published_at = serializers.DateTimeField(source="at")
    published_by = serializers.CharField(source="post", help_text="岗位，不写姓名")
    digest = serializers.CharField(help_text="内容的 SHA-256")
    code = serializers.CharField(help_text="验证码")
    url = serializers.SerializerMethodField(help_text="网页")

    def get_school(self, made: Publication) -> str:
        """The school's code."""
        return school_code(made.issue.unit)

    def get_url(self, made: Publication) -> str:
        """Its page."""
        return address_of(made)


class WholeShape(PublicationShape):
    """One version with its content."""

    payload = serializers.SerializerMethodField(help_text="公示的内容；金额是字符串")

    def get_payload(self, made: Publication) -> dict[str, Any]:
        """The canonical payload as an object."""
        said: dict[str, Any] = json.loads(made.payload)
        return said


class VerdictShape(serializers.Serializer[Verdict]):
    """Whether a code or digest is of something published here."""

    answer = serializers.ChoiceField(choices=["match", "replaced", "withdrawn", "broken", "unknown"])
    title = serializers.CharField()
    words = serializers.CharField()
    school = serializers.SerializerMethodField()
    publication = serializers.SerializerMethodField(help_text="标题；没有公示过时为空")
    version = serializers.SerializerMethodField()
    published_at = serializers.SerializerMethodField()
    published_by = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField()
    sealed_on = serializers.SerializerMethodField(help_text="写进哪一天的每日封存；当天的还没有")

    def get_school(self, one: Verdict) -> str | None:
        """Whose it is."""
        return one.made.issue.unit.name if one.made else None

    def get_publication(self, one: Verdict) -> str | None:
        """What it is called."""
        return one.made.title if one.made else None

    def get_version(self, one: Verdict) -> int | None:
        """Which version."""
        return one.made.version if one.made else None

    def get_published_at(self, one: Verdict) -> str | None:
        """When."""
        return one.made.at.isoformat() if one.made else None

    def get_published_by(self, one: Verdict) -> str | None:
        """By which post."""
        return one.made.post if one.made else None

    def get_digest(self, one: Verdict) -> str | None:
        """Of its content."""
        return one.made.digest if one.made else None

    def get_sealed_on(self, one: Verdict) -> str | None:
        """The day whose seal covers it."""
        return one.sealed.seal.day.isoformat() if one.sealed.seal else None


def version_for(who: Reader, id: int) -> Publication:
    """One version this reader may see; else it is not there."""
    made = Publication.objects.select_related("issue__unit").filter(pk=id).first() if id < 2**62 else None
    if made is None or not who.sees(made.issue.audience, made.issue.kind, made.issue.unit):
        raise NotThere
    return made


class Publications(Endpoint):
    """What one may read."""

    policies = {"GET": PUBLIC}
    tag = TAG
    verbs = {"GET": Verb("publications", "公示列表", "每期的现行版本，新的在前。不带令牌只有向社会公开的。",
                         asks=PublicationsForm, gives=PublicationShape, many=True, refuses=(422,))}  # fmt: skip

    def get(self, request: Request) -> Response:
        """Current versions, newest first."""
        asked = self.asked()
        names = {"unit": "unit__code", "kind": "kind", "period": "period"}
        narrow = {column: asked[name] for name, column in names.items() if asked[name]}
        rows = newest(self._reader(), **narrow)

        def ask(bounds: Q, back: bool, n: int) -> list[Publication]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), PublicationShape)

    def _reader(self) -> Reader:
        return reader(self.here)


class One(Endpoint):
    """One version, also one that has been replaced."""

    policies = {"GET": PUBLIC}
    tag = TAG
    verbs = {"GET": Verb("publication", "一份公示", "任何一版，连同内容。", gives=WholeShape, refuses=(404,))}

    def get(self, request: Request, id: int) -> Response:
        """With its content, for those who may read it."""
        return Response(WholeShape(version_for(reader(self.here), id)).data)


class Verify(Endpoint):
    """Whether something was published here."""

    policies = {"GET": PUBLIC}
    tag = TAG
    verbs = {"GET": Verb("verify", "验证", "凭 16 位验证码，或内容、文件的 SHA-256。谁都可以问；不说出内容。",
                         gives=VerdictShape, refuses=(422,))}  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        """Match or no match, when and by whom; never the contents."""
        return Response(VerdictShape(by_code(code)).data)
