"""What is out, for programs: correcting it, taking it back, 已阅 and what asks for it."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.keyed import KeyedEndpoint
from portal.orgs.policies import SIGNED_IN
from portal.publications import receipts
from portal.publications.access import reader_of
from portal.publications.actions import correct, retract
from portal.publications.feeds import address_of
from portal.publications.forms import CorrectForm
from portal.publications.models import Issue, Publication
from portal.publications.queries import current_of, school_code
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of

from .reading import TAG, WholeShape, version_for

ORDER: Keyset[Issue] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)
ReadShape = shape(
    "PublicationReadShape", "The receipt is there; `fresh` when it was not before.", fresh=serializers.BooleanField()
)


class ReceiptsForm(PageForm):
    """Which of them."""

    which = forms.ChoiceField(
        label="看哪些", required=False, choices=[("unread", "还没看的"), ("read", "已看的")], help_text="不填为全部。"
    )


class AskedShape(serializers.Serializer[Issue]):
    """What asks for one's own 已阅; `publication` is its current version, `read_at` when one gave it."""

    publication = serializers.SerializerMethodField()
    title = serializers.CharField()
    kind = serializers.CharField()
    school = serializers.SerializerMethodField(help_text="学校或教育局的编码")
    published_at = serializers.DateTimeField(source="first_at")
    url = serializers.SerializerMethodField(help_text="网页")
    read_at = serializers.DateTimeField(allow_null=True)

    def get_publication(self, one: Issue) -> int:
        """Its current version."""
        return self._made(one).pk

    def get_school(self, one: Issue) -> str:
        """Whose it is."""
        return school_code(one.unit)

    def get_url(self, one: Issue) -> str:
        """Its page."""
        return address_of(self._made(one))

    def _made(self, one: Issue) -> Publication:
        made: Publication = self.context["made"][one.pk]
        return made


class Correction(KeyedEndpoint):
    """更正 and 撤下, by the form of the page."""

    policies = {"POST": SIGNED_IN}
    tag = TAG
    verbs = {"POST": Verb("publication_correct", "更正或撤下", "`seen` 是现行版本号，被别人先更正过就不写入。",
                          takes=object_of(CorrectForm.base_fields), gives=WholeShape, status=201,
                          refuses=(403, 404, 409, 412, 422), keyed=True)}  # fmt: skip

    def post(self, request: Request, id: int) -> Response:
        """The version that replaces it, once per `Idempotency-Key`."""
        data = read(CorrectForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            issue = version_for(reader_of(self.by), id).issue
            said = valid(CorrectForm(data))
            act = retract if said["act"] == "retract" else correct
            return dict(WholeShape(act(issue, reason=said["reason"], by=self.by, seen=said["seen"])).data)

        return self.keyed(data, effect, status=201)


class Given(KeyedEndpoint):
    """已阅, once a reader."""

    policies = {"POST": SIGNED_IN}
    tag = TAG
    verbs = {"POST": Verb("publication_read", "点已阅", "点几次都只记一次。", takes=object_of({}), gives=ReadShape,
                          refuses=(403, 404, 409, 422))}  # fmt: skip

    def post(self, request: Request, id: int) -> Response:
        """One's own receipt; needs no key, because a second one changes nothing."""
        self.body(forms.Form)
        who = reader_of(self.by)
        return Response({"fresh": receipts.read(version_for(who, id).issue, by=self.by, who=who)})


class Receipts(KeyedEndpoint):
    """What asks for one's own 已阅."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {"GET": Verb("receipts", "要我看的", "要求我点已阅的，新的在前。", asks=ReceiptsForm, gives=AskedShape, many=True,
                         refuses=(422,))}  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        asked = self.asked()
        rows = receipts.asking(self.by, which=asked["which"])

        def ask(bounds: Q, back: bool, n: int) -> list[Issue]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        page = page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"])
        return self.page(page, AskedShape, made=current_of(page.rows))
