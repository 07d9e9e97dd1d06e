"""值班签到 for programs: one's own posts, a school's list of a day or a month, signing in and correcting."""

from datetime import date
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.orgs.policies import SIGNED_IN, holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.kinds import LARGEST
from safety_grid.actions import duty as verbs
from safety_grid.forms.duty import CorrectForm, SignInForm
from safety_grid.forms.lists import DayField
from safety_grid.models import SignIn
from safety_grid.queries import duty as queries

from .cells import SEEN, whole
from .shapes import GridEndpoint

CORRECTING = holding(*queries.CORRECTORS)


class DutyShape(serializers.Serializer[Any]):
    """A post of somebody on a day: its hours, who is to be there or was, and how it stands; `holding` and `day` name it."""

    holding = serializers.IntegerField(source="watch.holding.pk")
    day = serializers.DateField(source="watch.day")
    unit = serializers.IntegerField(source="watch.cell.unit_id")
    place = serializers.CharField(source="watch.cell.unit.place")
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    person = serializers.CharField(source="person.name", allow_null=True, default=None)
    instead_of = serializers.CharField(source="watch.instead_of.name", allow_null=True, default=None)
    standing = serializers.ChoiceField(choices=list(queries.WORDS.items()))
    signed_at = serializers.DateTimeField(source="sign_in.at", allow_null=True, default=None)
    reason = serializers.CharField(source="sign_in.reason", default="", allow_blank=True)
    version = serializers.IntegerField(source="sign_in.version", default=0)


DayShape = shape(
    "DutyDayShape", "The posts of one day by their hours; every one of them, since a day has no more than the school has posts.",
    results=DutyShape(many=True),
)  # fmt: skip
MonthRowShape = shape(
    "DutyMonthRowShape", "One person's month at posts; posts still to come do not count.",
    person=serializers.CharField(source="person.name"), username=serializers.CharField(source="person.username"),
    due=serializers.IntegerField(), on_time=serializers.IntegerField(), late=serializers.IntegerField(),
    absent=serializers.IntegerField(), excused=serializers.IntegerField(),
)  # fmt: skip
MonthShape = shape("DutyMonthShape", "Those most often absent or late first.", results=MonthRowShape(many=True))
SignedShape = shape(
    "SignedInShape", "A signature: whose, at which post, of which day, when.",
    holding=serializers.IntegerField(source="holding_id"), place=serializers.CharField(source="holding.cell.unit.place"),
    day=serializers.DateField(), at=serializers.DateTimeField(allow_null=True),
    corrected=serializers.ChoiceField(choices=SignIn.STANDINGS, allow_blank=True), reason=serializers.CharField(allow_blank=True),
    version=serializers.IntegerField(),
)  # fmt: skip


class WhoseForm(forms.Form):
    """Whose posts: a school's."""

    school = forms.IntegerField(
        label="学校", required=False, min_value=1, max_value=LARGEST, help_text="不填是您看得到的第一所。"
    )


class DayOfForm(WhoseForm):
    """Whose posts, and of which day."""

    day = DayField(label="哪一天", required=False, help_text="不填是今天。")


class MonthOfForm(WhoseForm):
    """Whose posts, and of which month."""

    month = forms.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])$", label="哪个月", min_length=7, max_length=7)


class DutyDay(GridEndpoint):
    """A school's posts of one day."""

    policies = {"GET": SIGNED_IN}
    verbs = {
        "GET": Verb("safety_duty", "值班：一天", "按岗位看得到的学校；没有的为空。", asks=DayOfForm, gives=DayShape, refuses=(404,))
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """By their hours."""
        asked = self.asked()
        school, _ = queries.school_read(self.by, str(asked["school"] or ""))
        day: date = asked["day"] or clock.today()
        return Response(DayShape({"results": queries.duties(school, day, day) if school else []}).data)


class DutyMonth(GridEndpoint):
    """A school's month, by person."""

    policies = {"GET": SIGNED_IN}
    verbs = {
        "GET": Verb("safety_duty_month", "值班：一个月", asks=MonthOfForm, gives=MonthShape, refuses=(404,)),
    }

    def get(self, request: Request) -> Response:
        """Those most often absent or late first."""
        asked = self.asked()
        school, _ = queries.school_read(self.by, str(asked["school"] or ""))
        rows = queries.month_rows(school, *queries.month_of(asked["month"])) if school else []
        return Response(MonthShape({"results": rows}).data)


class OwnDuty(GridEndpoint):
    """One's own posts today."""

    policies = {"GET": SIGNED_IN}
    verbs = {"GET": Verb("safety_duty_mine", "值班：我今天的岗位", gives=DayShape)}

    def get(self, request: Request) -> Response:
        """Those one stands in for among them."""
        self.asked()
        return Response(DayShape({"results": queries.own_duties(self.by, clock.today())}).data)


class SigningIn(GridEndpoint):
    """签到."""

    policies = {"POST": SIGNED_IN}
    verbs = {
        "POST": Verb(
            "safety_duty_sign_in", "值班：签到", "岗位贴纸上的编码。", takes=object_of(SignInForm.base_fields), gives=SignedShape,
            status=201, keyed=True,
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Now, once per `Idempotency-Key`."""
        asked = self.body(SignInForm)
        return self.keyed(asked, lambda: dict(SignedShape(verbs.sign_in(asked["code"], by=self.by)).data), status=201)


class Correction(GridEndpoint):
    """更正签到."""

    policies = {"POST": CORRECTING}
    verbs = {
        "POST": Verb(
            "safety_duty_correct", "值班：更正", takes=object_of(CorrectForm.base_fields, beside=SEEN), gives=SignedShape,
            refuses=(412,), keyed=True,
        )
    }  # fmt: skip

    def post(self, request: Request, pk: int, day: str) -> Response:
        """How one post of one day really was, once per `Idempotency-Key`."""
        data = read(CorrectForm.base_fields, request.data, beside=("version",))
        seen = whole(request.data, "version")

        def effect() -> dict[str, Any]:
            one = queries.duty_at(self.by, pk, day)
            said = valid(CorrectForm(data))
            return dict(SignedShape(verbs.correct(one, by=self.by, seen=seen, **said)).data)

        return self.keyed([data, seen], effect)
