"""Announcements for programs: one's list, writing, changing, handing in, issuing, correcting, and who has read them."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.keyed import SEEN, KeyedEndpoint, seen_in
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN
from portal.publications import announcing, pictures, receipts
from portal.publications.announce_forms import AnnouncementForm, ReturnForm
from portal.publications.models import Announcement
from portal.publications.queries import school_code
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of

TAG = "通知和信息公开"
ORDER: Keyset[Announcement] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)
NAMES: Keyset[User] = Keyset(("username",), (str,), lambda one: (one.username,))
FIELDS = AnnouncementForm.base_fields
NEW = {name: field for name, field in FIELDS.items() if name not in ("kept", "reason")}
DRAFT = {name: field for name, field in FIELDS.items() if name not in ("unit", "reason")}
OUT = {name: field for name, field in FIELDS.items() if name not in ("unit", "audience", "asks_receipt")}
FIRST = "0"  # before every school's path
ACTS = {
    "hand_in": (announcing.hand_in, "交签发"), "issue": (announcing.issue, "发布"),
    "send_back": (announcing.send_back, "退回修改"), "discard": (announcing.discard, "不发了"),
}  # fmt: skip


class AnnouncementShape(serializers.Serializer[Announcement]):
    """One announcement; `publication` is the address of what is out."""

    id = serializers.IntegerField(source="pk")
    unit = serializers.SerializerMethodField(help_text="学校或教育局的编码")
    audience = serializers.CharField()
    category = serializers.CharField()
    title = serializers.CharField()
    asks_receipt = serializers.BooleanField()
    author = serializers.CharField(source="author.name")
    state = serializers.ChoiceField(choices=Announcement.State.choices)
    returned = serializers.CharField(allow_blank=True, help_text="退回的原因")
    version = serializers.IntegerField()
    changed_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField(help_text="公示出来的网页；没有发布的为空")

    def get_unit(self, one: Announcement) -> str:
        """Whose it is."""
        return school_code(one.unit)

    def get_url(self, one: Announcement) -> str:
        """Its page for readers."""
        return announcing.page_of(one)


class WholeAnnouncementShape(AnnouncementShape):
    """With its text as typed and as readers see it, its files, and how many of those asked have read it."""

    text = serializers.CharField()
    html = serializers.SerializerMethodField(help_text="图的地址写成 picture: 加编号，编号在 pictures 里")
    pictures = serializers.SerializerMethodField(help_text="正文里的图：文件的编号，取法同照片")
    files = serializers.ListField(child=serializers.UUIDField(), help_text="附件的编号")
    read = serializers.IntegerField(source="counted.read", allow_null=True, default=None)
    asked = serializers.IntegerField(source="counted.asked", allow_null=True, default=None)

    def get_html(self, one: Announcement) -> str:
        """Safe rich text."""
        return pictures.published(one.text, pictures.of(one))

    def get_pictures(self, one: Announcement) -> list[str]:
        """The ids of those it shows."""
        held = pictures.of(one)
        return [str(held[name].pk) for name, _ in pictures.named_in(one.text) if name in held]


PersonShape = shape(
    "ReaderShape", "Somebody who was asked.", id=serializers.IntegerField(source="pk"), name=serializers.CharField()
)
SchoolShape = shape(
    "ReadersAtShape", "How many have read at one school; without a code: who works at none.",
    school=serializers.CharField(allow_blank=True), name=serializers.CharField(),
    read=serializers.IntegerField(), asked=serializers.IntegerField(),
)  # fmt: skip


class ReadersForm(PageForm):
    """Which readers, where."""

    which = forms.ChoiceField(
        label="看哪些",
        required=False,
        choices=[("unread", "还没看的"), ("read", "已看的")],
        help_text="不填为还没看的。",
    )
    at = forms.CharField(
        label="学校编码", required=False, max_length=20, help_text="教育局的通知才填；office 是机关和乡镇。"
    )


class SchoolsForm(forms.Form):
    """Where a list of schools goes on."""

    after = forms.CharField(
        label="接在哪所学校之后", required=False, max_length=20, help_text="上一次回答里最后一所的编码。"
    )


class AnnouncementEndpoint(KeyedEndpoint):
    """An address of announcements."""

    tag = TAG

    def told(self, one: Announcement) -> dict[str, Any]:
        """One as this person may see it."""
        one = Announcement.objects.select_related("unit", "author", "issue__unit").get(pk=one.pk)
        asks = one.issue is not None and one.asks_receipt and not one.issue.withdrawn
        one.counted = receipts.count(one.issue) if asks and one.issue else None  # type: ignore[attr-defined]
        return dict(WholeAnnouncementShape(one).data)


class Announcements(AnnouncementEndpoint):
    """One's own and those handed in; a new draft."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    verbs = {
        "GET": Verb("announcements", "通知：列表", "自己写的，和交给自己签发的，新的在前。", asks=PageForm, gives=AnnouncementShape,
                    many=True, refuses=(422,)),
        "POST": Verb("announcement_write", "通知：起草", takes=object_of(NEW), gives=WholeAnnouncementShape, status=201,
                     refuses=(403, 422), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        asked, rows = self.asked(), announcing.seen_by(self.by)

        def ask(bounds: Q, back: bool, n: int) -> list[Announcement]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), AnnouncementShape)

    def post(self, request: Request) -> Response:
        """A draft, once per `Idempotency-Key`."""
        data = read(NEW, request.data)

        def effect() -> dict[str, Any]:
            form = AnnouncementForm(data, by=self.by)
            valid(form)
            return self.told(announcing.write(None, by=self.by, **form.said()))

        return self.keyed(data, effect, status=201)


class OneAnnouncement(AnnouncementEndpoint):
    """One announcement, and another wording of a draft."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    verbs = {
        "GET": Verb("announcement", "通知：一篇", gives=WholeAnnouncementShape, refuses=(404,)),
        "POST": Verb("announcement_change", "通知：修改草稿", "整篇替换。", takes=object_of(DRAFT, beside=SEEN),
                     gives=WholeAnnouncementShape, refuses=(403, 404, 409, 412, 422), keyed=True),
    }  # fmt: skip

    def get(self, request: Request, id: int) -> Response:
        """As whoever writes and issues sees it."""
        return Response(self.told(announcing.find(id, by=self.by)))

    def post(self, request: Request, id: int) -> Response:
        """Another wording."""
        data, seen = read(DRAFT, request.data, beside=SEEN), seen_in(request.data)

        def effect() -> dict[str, Any]:
            one = announcing.find(id, by=self.by)
            announcing.refuse_unless(one, Announcement.State.DRAFT, Announcement.State.HANDED_IN)
            form = AnnouncementForm(data, by=self.by, one=one)
            valid(form)
            return self.told(announcing.write(one, unit=one.unit, by=self.by, seen=seen, **form.said()))

        return self.keyed([data, seen], effect)


class Amendment(AnnouncementEndpoint):
    """更正 of what is out."""

    policies = {"POST": SIGNED_IN}
    verbs = {"POST": Verb("announcement_amend", "通知：更正", "公示新的一版，写明原因；`version` 必填。",
                          takes=object_of(OUT, beside=SEEN), gives=WholeAnnouncementShape,
                          refuses=(403, 404, 409, 412, 422), keyed=True)}  # fmt: skip

    def post(self, request: Request, id: int) -> Response:
        """The next version."""
        data, seen = read(OUT, request.data, beside=SEEN), seen_in(request.data)

        def effect() -> dict[str, Any]:
            one = announcing.find(id, by=self.by)
            announcing.refuse_unless(one, Announcement.State.ISSUED)
            form = AnnouncementForm(data, by=self.by, one=one)
            valid(form)
            announcing.amend(one, by=self.by, seen=seen or 0, **form.said())
            return self.told(one)

        return self.keyed([data, seen], effect)


class Act(AnnouncementEndpoint):
    """One of the verbs."""

    policies = {"POST": SIGNED_IN}
    verb = ""

    def post(self, request: Request, id: int) -> Response:
        """Once per `Idempotency-Key`, if it still is as the caller has seen it."""
        form_class = ReturnForm if self.verb == "send_back" else forms.Form
        data, seen = read(form_class.base_fields, request.data, beside=SEEN), seen_in(request.data)

        def effect() -> dict[str, Any]:
            one = announcing.find(id, by=self.by)
            do: Any = ACTS[self.verb][0]
            do(one, by=self.by, seen=seen, **valid(form_class(data)))
            return self.told(one)

        return self.keyed([data, seen], effect)


def acting(verb: str) -> Any:
    """The address of one verb."""
    fields = ReturnForm.base_fields if verb == "send_back" else {}
    said = Verb(f"announcement_{verb}", f"通知：{ACTS[verb][1]}", takes=object_of(fields, beside=SEEN), gives=WholeAnnouncementShape,
                refuses=(403, 404, 409, 412, 422), keyed=True)  # fmt: skip
    return Act.as_view(verb=verb, verbs={"POST": said})


class Reminder(AnnouncementEndpoint):
    """提醒没看的."""

    policies = {"POST": SIGNED_IN}
    verbs = {"POST": Verb("announcement_remind", "通知：提醒没看的", "一天最多一次。", takes=object_of({}),
                          gives=shape("RemindedShape", "How many were told.", told=serializers.IntegerField()),
                          refuses=(403, 404, 409, 422))}  # fmt: skip

    def post(self, request: Request, id: int) -> Response:
        """Everybody asked who has not read it is told again."""
        self.body(forms.Form)
        return Response({"told": receipts.remind(announcing.find(id, by=self.by), by=self.by)})


class Readers(AnnouncementEndpoint):
    """Who has not read it, or who has."""

    policies = {"GET": SIGNED_IN}
    verbs = {"GET": Verb("announcement_readers", "通知：谁看了、谁还没看", "只有发布的岗位，和本校负责人看本校的。", asks=ReadersForm,
                         gives=PersonShape, many=True, refuses=(404, 422))}  # fmt: skip

    def get(self, request: Request, id: int) -> Response:
        """A page of people."""
        asked = self.asked()
        one, trees = receipts.known_of(id, by=self.by)
        assert one.issue is not None
        at = receipts.narrowed(one.issue, trees, asked["at"])
        rows = receipts.people(one.issue, at=at, read=asked["which"] == "read")

        def ask(bounds: Q, back: bool, n: int) -> list[User]:
            return list(rows.filter(bounds).order_by("-username" if back else "username")[:n])

        return self.page(page_of(ask, NAMES, cursor=asked["cursor"], limit=asked["limit"]), PersonShape)


class ReadersAt(AnnouncementEndpoint):
    """How many have read at each school."""

    policies = {"GET": SIGNED_IN}
    verbs = {"GET": Verb("announcement_schools", "通知：各校已阅", "教育局发的才有；一次最多 50 所。", asks=SchoolsForm,
                         gives=SchoolShape(many=True), refuses=(404, 422))}  # fmt: skip

    def get(self, request: Request, id: int) -> Response:
        """Schools in their order."""
        after = self.asked()["after"]
        one, trees = receipts.known_of(id, by=self.by)
        assert one.issue is not None
        start = receipts.narrowed(one.issue, trees, after).replace(receipts.OFFICE, FIRST) if after else ""
        rows = receipts.by_school(one.issue, trees=trees, after=start)[:50]
        said = [
            {"school": school_code(school) if school else "", "name": school.name if school else "机关和乡镇"}
            | vars(count)
            for school, count in rows
        ]
        return Response(SchoolShape(said, many=True).data)
