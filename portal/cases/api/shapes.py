"""How a case looks to a program: the same for a line of a list and, with steps and facts, for the case itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import clock
from portal.cases.actors import Actor
from portal.cases.faces import clock_face
from portal.cases.flow import Flow, address_of, flow_of
from portal.cases.models import Case, Deadline
from portal.cases.page import actions_for, facts_for
from portal.wire.endpoint import shape
from portal.wire.fields import told
from portal.wire.kinds import SMALL

STATES = ("running", "standing", "late")


class PersonShape(serializers.Serializer[Any]):
    """A person."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class UnitShape(serializers.Serializer[Any]):
    """A place; `school` is the id of its school."""

    id = serializers.IntegerField()
    place = serializers.CharField()
    school = serializers.IntegerField(source="school_id", allow_null=True)


class ClockShape(serializers.Serializer[Any]):
    """A clock of a case; one that stands still is due at no time."""

    name = serializers.CharField()
    title = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=STATES)
    words = serializers.CharField()


@extend_schema_field({"type": ["string", "integer"]})
class ValueField(serializers.Field[Any, Any, Any, Any]):
    """A value as the field's type wants it."""

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


ChoiceShape = shape(
    "ChoiceShape", "One thing that may be chosen: `value` is what to send.",
    value=ValueField(), label=serializers.CharField(),
)  # fmt: skip
LineFieldShape = shape(
    "LineFieldShape", "One field of a line.",
    name=serializers.CharField(), type=serializers.CharField(), required=serializers.BooleanField(),
    label=serializers.CharField(), help=serializers.CharField(), choices=ChoiceShape(many=True),
)  # fmt: skip
FieldShape = shape(
    "FieldShape", f"One field of a step. Choices are told where there are at most {SMALL}; `lines` are the fields of each row.",
    name=serializers.CharField(),
    type=serializers.CharField(help_text="string, list, integer, decimal, boolean, date, time, id, person, place, evidence, rows"),
    required=serializers.BooleanField(), label=serializers.CharField(), help=serializers.CharField(),
    choices=ChoiceShape(many=True), lines=LineFieldShape(many=True, required=False),
)  # fmt: skip
StepShape = shape(
    "StepShape", "A step this caller may take now, and where to send its fields.",
    name=serializers.CharField(), title=serializers.CharField(), main=serializers.BooleanField(),
    help=serializers.CharField(), url=serializers.CharField(), fields=FieldShape(many=True),
)  # fmt: skip
FactShape = shape(
    "FactShape",
    "What the affair says about its own case.",
    label=serializers.CharField(),
    value=serializers.CharField(),
)


class ChainShape(serializers.Serializer[Any]):
    """The case's chain of records: how many, and the digest of the last."""

    length = serializers.IntegerField(source="chain_seq", help_text="经过共几条")
    head = serializers.CharField(source="chain_head", help_text="最后一条的摘要")


class CaseShape(serializers.Serializer[Any]):
    """A case in a list. `url` is its page, `api_url` its address here; `version` goes into `If-Match`."""

    number = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    state_title = serializers.SerializerMethodField()
    is_open = serializers.BooleanField()
    unit = UnitShape()
    priority = serializers.IntegerField(help_text="1 为最急")
    opener = PersonShape(allow_null=True)
    assignee = PersonShape(allow_null=True)
    opened_at = serializers.DateTimeField()
    moved_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="最近一个走着的时限")
    clocks = serializers.SerializerMethodField()
    version = serializers.IntegerField(help_text="办下一步时放进 If-Match")
    url = serializers.SerializerMethodField(help_text="网页")
    api_url = serializers.SerializerMethodField(help_text="接口地址")

    def get_state_title(self, case: Case) -> str:
        """The state in words."""
        return flow_of(case).state(case.state).title

    @extend_schema_field(ClockShape(many=True))
    def get_clocks(self, case: Case) -> Any:
        """Its live clocks, the nearest first."""
        return ClockShape(
            [_clock(one, flow_of(case)) for one in self.context["clocks"].get(case.pk, [])], many=True
        ).data

    def get_url(self, case: Case) -> str:
        """Its page."""
        return address_of(case)

    def get_api_url(self, case: Case) -> str:
        """Its address for programs."""
        return api_address(case)


class WholeCaseShape(CaseShape):
    """A case with the steps this caller may take now, each with its fields, and what its affair says about it."""

    steps = serializers.SerializerMethodField(help_text="您现在能办的，主要的一步在前")
    facts = serializers.SerializerMethodField()
    chain = ChainShape(source="*")

    @extend_schema_field(StepShape(many=True))
    def get_steps(self, case: Case) -> Any:
        """What this caller may do now, the main step first."""
        return StepShape(steps_of(case, self.context["by"]), many=True).data

    @extend_schema_field(FactShape(many=True))
    def get_facts(self, case: Case) -> list[dict[str, str]]:
        """Labels and words."""
        return [{"label": label, "value": value} for label, value in facts_for(case, self.context["by"])]


class OpenedShape(WholeCaseShape):
    """A case just opened, with the receipt of a reporter who has no account."""

    receipt_code = serializers.CharField(
        read_only=True, allow_null=True, help_text="给没有账号的报修人的回执码，只在这一次回答里；重发时为空。"
    )


def shown(case: Case, *, by: Actor) -> dict[str, Any]:
    """The whole case for one caller, as plain values."""
    return dict(WholeCaseShape(case, context={"by": by, "clocks": live_clocks([case])}).data)


def live_clocks(cases: Iterable[Case]) -> dict[int, list[Deadline]]:
    """The live clocks of these cases, the nearest first; one query."""
    found: dict[int, list[Deadline]] = {}
    flows = {case.pk: flow_of(case) for case in cases if case.is_open}
    live = Deadline.objects.filter(case__in=list(flows), done_at=None)
    for deadline in live.order_by("due_at", "pk"):
        if flows[deadline.case_id].clock(deadline.clock).silent:
            continue
        found.setdefault(deadline.case_id, []).append(deadline)
    return found


def api_address(case: Case) -> str:
    """A case's address for programs."""
    flow = flow_of(case)
    return f"/api/v1/{flow.affair}/{flow.plural}/{case.number}"


def steps_of(case: Case, by: Actor) -> list[dict[str, Any]]:
    """The steps this caller may take now, with the fields of their forms as they stand for this case."""
    flow, found = flow_of(case), []
    for action in actions_for(case, by=by):
        step = flow.step(action.name)
        if step is not None:
            form = flow.form(step)(by=by, case=case, needs=step.needs)
            fields = [told(name, field) for name, field in form.fields.items()]
            url = f"{api_address(case)}/steps/{step.name}"
            found.append(
                {"name": step.name, "title": step.title, "main": action.primary, "help": step.help, "url": url}
            )
            found[-1]["fields"] = fields
    return found


def _clock(deadline: Deadline, flow: Flow) -> dict[str, Any]:
    standing = deadline.paused_at is not None
    due: datetime | None = None if standing else deadline.due_at
    state = "standing" if standing else "late" if deadline.due_at <= clock.now() else "running"
    title = flow.clock(deadline.clock).title
    return {
        "name": deadline.clock,
        "title": title,
        "due_at": due,
        "state": state,
        "words": clock_face(deadline, flow).words,
    }


class AnswerShape(serializers.Serializer[Any]):
    """What became of one of several cases: done, or the sentence that says why not."""

    number = serializers.CharField()
    done = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)


class ManyShape(serializers.Serializer[Any]):
    """An answer for each case the person may see."""

    results = AnswerShape(many=True)
