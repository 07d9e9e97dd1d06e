"""Surveys for programs: lists, issuing, answering, results, remarks; by the forms the pages use."""

from typing import Any

from django.db.models import Q
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.keys import once
from portal.errors import BadInput, NotThere
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, person
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of, read, refuse, valid
from portal.wire.paging import Keyset, page_of

from . import actions, classes, queries
from .access import answers_for, asking, the_survey
from .forms import AnswersForm, BallotForm, ClassForm, IssueForm, ListForm, ShownForm
from .models import Ask, Survey

TAG = "问卷"
ORDER: Keyset[Survey] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)

SurveyShape = shape(
    "SurveyShape",
    "A survey. `voted` people or households of `invited` have answered; who they are is told to nobody.",
    code=serializers.CharField(),
    unit=serializers.IntegerField(source="unit_id"),
    title=serializers.CharField(),
    about=serializers.CharField(allow_blank=True),
    per=serializers.ChoiceField(choices=["person", "household"]),
    least=serializers.IntegerField(),
    opened_at=serializers.DateTimeField(),
    closes_at=serializers.DateTimeField(),
    closed_at=serializers.DateTimeField(allow_null=True),
    withdrawn_at=serializers.DateTimeField(allow_null=True),
    voted=serializers.IntegerField(),
    invited=serializers.IntegerField(allow_null=True, help_text="截止时数出"),
)
QuestionShape = shape(
    "SurveyQuestionShape", "A question.",
    id=serializers.IntegerField(source="pk"), kind=serializers.ChoiceField(choices=Ask.values), title=serializers.CharField(),
    choices=serializers.ListField(child=serializers.CharField()), required=serializers.BooleanField(),
)  # fmt: skip
OneSurveyShape = shape(
    "OneSurveyShape", "A survey with its questions, and whether one's own answer is there.",
    survey=SurveyShape(), questions=QuestionShape(many=True), answered=serializers.BooleanField(),
)  # fmt: skip
OutcomeShape = shape(
    "SurveyOutcomeShape", "What the answers to one question say; `hidden` while too few have answered it.",
    question=serializers.IntegerField(source="question.pk"), title=serializers.CharField(source="question.title"),
    n=serializers.IntegerField(), hidden=serializers.BooleanField(),
    mean=serializers.DecimalField(5, 2, allow_null=True), satisfaction=serializers.DecimalField(4, 1, allow_null=True),
    lines=shape("SurveyLineShape", "One answer and how often it was given.", words=serializers.CharField(),
                n=serializers.IntegerField(), share=serializers.IntegerField())(many=True),
)  # fmt: skip
ResultShape = shape(
    "SurveyResultShape", "A result; `hidden` says why there is none.",
    state=serializers.CharField(source="standing.code"), voted=serializers.IntegerField(source="standing.voted"),
    invited=serializers.IntegerField(source="standing.invited"), hidden=serializers.CharField(allow_blank=True),
    outcomes=OutcomeShape(many=True), remarks=serializers.ListField(child=serializers.CharField()),
)  # fmt: skip
ClassShape = shape(
    "SurveyClassShape", "One class: how many of it have answered, of those asked.",
    school_class=serializers.IntegerField(source="school_class.pk"), name=serializers.CharField(source="school_class.name"),
    voted=serializers.IntegerField(), invited=serializers.IntegerField(),
)  # fmt: skip
DoneShape = shape("SurveyDoneShape", "It was taken.", done=serializers.BooleanField())
RemarkShape = shape(
    "SurveyRemarkShape", "A remark by nobody.", id=serializers.UUIDField(source="pk"), text=serializers.CharField(),
    state=serializers.CharField(),
)  # fmt: skip


class SurveyEndpoint(Endpoint):
    """An address of surveys."""

    tag = TAG

    @property
    def by(self) -> User:
        """Who asks."""
        return person(self.here)

    def mine(self, code: str) -> Survey:
        """The survey, where one answers for it; not there for others."""
        survey = the_survey(self.by, code)
        if not answers_for(self.by, survey):
            raise NotThere
        return survey


class Surveys(SurveyEndpoint):
    """What waits for an answer, what one's posts have issued; issuing one."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    verbs = {
        "GET": Verb("surveys", "问卷：列表", "等我答的，或我任职的单位发的，新的在前。", asks=ListForm, gives=SurveyShape, many=True,
                    refuses=(422,)),
        "POST": Verb("survey_issue", "问卷：发出", takes=object_of(IssueForm.base_fields), gives=SurveyShape, status=201,
                     refuses=(403, 422), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        asked = self.asked()
        kept = asked["which"] == "kept"
        rows = queries.kept(self.by) if kept else asking(self.by)

        def ask(bounds: Q, back: bool, n: int) -> list[Survey]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), SurveyShape)

    def post(self, request: Request) -> Response:
        """Issues one, once per `Idempotency-Key`."""
        data = read(IssueForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            form = IssueForm(data, by=self.by)
            valid(form)
            return dict(SurveyShape(actions.issue(by=self.by, **form.said())).data)

        key = self.here.headers.get("Idempotency-Key", "")
        told, replayed = once(by=self.by, key=key, asked=[self.here.path, data], effect=effect)
        return Response(told, status=201, headers={"Idempotency-Replayed": "true"} if replayed else {})


class OneSurvey(SurveyEndpoint):
    """One survey with its questions."""

    policies = {"GET": SIGNED_IN}
    verbs = {"GET": Verb("survey", "问卷：一份", gives=OneSurveyShape, refuses=(404,))}

    def get(self, request: Request, code: str) -> Response:
        """For those it asks, and those who answer for it."""
        one = the_survey(self.by, code)
        said = {"survey": one, "questions": one.questions.all(), "answered": queries.has_answered(one, self.by)}
        return Response(OneSurveyShape(said).data)


class Ballot(SurveyEndpoint):
    """Answering, once. It takes no key: the roll itself refuses a second ballot, and nothing of it is remembered."""

    policies = {"POST": SIGNED_IN}
    verbs = {"POST": Verb("survey_answer", "问卷：答卷", "一人或一户一份，不记是谁。", takes=object_of(AnswersForm.base_fields),
                          gives=DoneShape, status=201, refuses=(403, 404, 409, 422))}  # fmt: skip

    def post(self, request: Request, code: str) -> Response:
        """Takes it by the form the page shows."""
        one = the_survey(self.by, code)
        rows = self.body(AnswersForm)["answers"]
        known = {question.pk for question in one.questions.all()}
        if not {row["question"] for row in rows} <= known or len({row["question"] for row in rows}) < len(rows):
            raise BadInput("有的回答不是问这里的问题，或同一题答了两次。", errors={"answers": ["请对照问题再填。"]})
        form = BallotForm({f"q{row['question']}": row["answer"] for row in rows}, survey=one)
        if not form.is_valid():
            refuse({"answers": [str(line) for lines in form.errors.values() for line in lines]})
        actions.answer(one, by=self.by, answers=form.said())
        return Response({"done": True}, status=201)


class Result(SurveyEndpoint):
    """What the answers say."""

    policies = {"GET": SIGNED_IN}
    verbs = {
        "GET": Verb("survey_result", "问卷：结果", "截止以后、答的人够了才有。", gives=ResultShape, refuses=(404,))
    }

    def get(self, request: Request, code: str) -> Response:
        """Never without the response beside it."""
        return Response(ResultShape(queries.result_of(the_survey(self.by, code))).data)


class Withdrawal(SurveyEndpoint):
    """作废."""

    policies = {"POST": SIGNED_IN}
    verbs = {"POST": Verb("survey_withdraw", "问卷：作废", takes=object_of({}), gives=DoneShape, refuses=(404, 409))}

    def post(self, request: Request, code: str) -> Response:
        """By those who answer for it."""
        actions.withdraw(self.mine(code), by=self.by)
        return Response({"done": True})


class Classes(SurveyEndpoint):
    """One's own classes in a survey, for class teachers; reminding one."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    verbs = {
        "GET": Verb("survey_classes", "问卷：本班参与", "班主任看本班答了多少，看不到谁答了、答了什么。", gives=ClassShape(many=True), refuses=(404,)),
        "POST": Verb("survey_remind", "问卷：提醒本班", "全班都提醒，一天一次。", takes=object_of(ClassForm.base_fields), gives=DoneShape,
                     refuses=(404, 409, 422)),
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        """How many of each class have answered."""
        return Response(ClassShape(classes.parts_of(self.by, the_survey(self.by, code)), many=True).data)

    def post(self, request: Request, code: str) -> Response:
        """Reminds everybody of one class."""
        survey = the_survey(self.by, code)
        classes.remind(survey, self.body(ClassForm)["school_class"], by=self.by)
        return Response({"done": True})


class Remarks(SurveyEndpoint):
    """What was written, for those who answer for it; letting it through."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    verbs = {
        "GET": Verb("survey_remarks", "问卷：留言", "次序每次打乱，不记是谁写的。", gives=RemarkShape(many=True), refuses=(404,)),
        "POST": Verb("survey_let_through", "问卷：公开哪些留言", takes=object_of(ShownForm.base_fields), gives=DoneShape,
                     refuses=(404, 409, 422)),
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        """Once it is over and enough have answered."""
        one = self.mine(code)
        rows = [] if queries.result_of(one).hidden else queries.remarks_of(one)[:2000]
        return Response(RemarkShape(rows, many=True).data)

    def post(self, request: Request, code: str) -> Response:
        """The named ones are public from now on, the others never."""
        shown = [row["remark"] for row in self.body(ShownForm)["shown"]]
        actions.let_through(self.mine(code), shown=shown, by=self.by)
        return Response({"done": True})


urlpatterns = [
    path("surveys", Surveys.as_view()),
    path("surveys/<str:code>", OneSurvey.as_view()),
    path("surveys/<str:code>/ballot", Ballot.as_view()),
    path("surveys/<str:code>/result", Result.as_view()),
    path("surveys/<str:code>/withdraw", Withdrawal.as_view()),
    path("surveys/<str:code>/classes", Classes.as_view()),
    path("surveys/<str:code>/remarks", Remarks.as_view()),
]
