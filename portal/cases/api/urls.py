"""Addresses of cases for programs: `/api/v1/repairs/tickets`, its cases and each of their steps, from the flows."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from portal.cases.flow import FLOWS, PERSONAL, Flow, Step
from portal.cases.many import MOST
from portal.orgs.roles import title as role_title
from portal.wire.endpoint import Verb
from portal.wire.fields import object_of
from portal.wire.kinds import Schema
from portal.wire.paging import PageForm

from .chain import EventShape
from .listing import list_form
from .mapping import BESIDE, takeable
from .shapes import CaseShape, ManyShape, OpenedShape, WholeCaseShape
from .views import Cases, Events, Many, OneCase, Steps

VERSION: Schema = {
    BESIDE: {
        "type": "integer",
        "minimum": 0,
        "maximum": 2**31 - 1,
        "description": "看到的版本；也可以放在 If-Match 里。",
    }
}

CASES: Schema = {
    "cases": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST, "description": "编号。"}
}


def of_flow(flow: Flow) -> Iterator[URLPattern]:
    """Every address of one flow."""
    at, name = f"{flow.affair}/{flow.plural}", f"{flow.affair}_{flow.plural}"
    told = {"flow": flow, "tag": flow.title}
    yield path(at, Cases.as_view(**told, verbs={"GET": _list(flow, name), "POST": _open(flow, name)}))
    for step in (one for one in takeable(flow) if one.many):
        yield path(f"{at}/many/{step.name}", Many.as_view(**told, step=step, verbs={"POST": _many(flow, step, name)}))
    one = Verb(f"{name}_case", f"{flow.title}：一件", gives=WholeCaseShape)
    yield path(f"{at}/<str:number>", OneCase.as_view(**told, verbs={"GET": one}))
    events = Verb(f"{name}_events", f"{flow.title}：经过", asks=PageForm, gives=EventShape, many=True)
    yield path(f"{at}/<str:number>/events", Events.as_view(**told, verbs={"GET": events}))
    for step in takeable(flow):
        verb = _step(flow, step, name)
        yield path(f"{at}/<str:number>/steps/{step.name}", Steps.as_view(**told, step=step, verbs={"POST": verb}))


def _many(flow: Flow, step: Step, name: str) -> Verb:
    takes = object_of(flow.form(step).base_fields, needs=step.needs, beside=CASES)
    takes["required"] = ["cases", *takes.get("required", [])]
    about = "一件一件办，各有各的回答：一件不成，不影响别的。"
    return Verb(
        f"{name}_many_{step.name}", f"{flow.title}：批量{step.title}", about, takes=takes, gives=ManyShape, keyed=True
    )


def _list(flow: Flow, name: str) -> Verb:
    about = "您看得到的全部，新的在前；每行不含 steps。"
    return Verb(f"{name}_list", f"{flow.title}：列表", about, asks=list_form(flow), gives=CaseShape, many=True)


def _open(flow: Flow, name: str) -> Verb:
    step = flow.opening
    takes = object_of(flow.form(step).base_fields, needs=step.needs)
    return Verb(
        f"{name}_{step.name}", step.title, step.help, takes=takes, gives=OpenedShape, status=201, keyed=True,

    )  # fmt: skip


def _step(flow: Flow, step: Step, name: str) -> Verb:
    who = "、".join(PERSONAL.get(role) or role_title(role) for role in step.roles)
    states = "、".join(flow.state(state).title for state in step.sources)
    takes = object_of(flow.form(step).base_fields, needs=step.needs, beside=VERSION)
    return Verb(
        f"{name}_{step.name}", f"{flow.title}：{step.title}", f"由{who}在“{states}”时办。{step.help}",
        takes=takes, gives=WholeCaseShape, refuses=(409, 412), keyed=True, versioned=True,
    )  # fmt: skip


urlpatterns = [one for flow in FLOWS.values() for one in of_flow(flow)]
