"""Cases by address: a flow's list and opening, a case, each of its steps, its chain."""

import re
from collections.abc import Callable
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.actions import filled, move
from portal.cases.flow import Flow, Step
from portal.cases.keys import Answer, once
from portal.cases.many import chosen_cases, take_for_each
from portal.cases.models import Case
from portal.cases.queries import find
from portal.errors import BadInput
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, person
from portal.wire.endpoint import Endpoint
from portal.wire.fields import read, refuse

from .chain import EventShape, chain_page
from .keyed import seen_in
from .listing import everything
from .mapping import BESIDE
from .shapes import CaseShape, live_clocks, shown

TAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')  # proxies that compress weaken the tag; people forget its quotes
NEVER = -1  # a version no case has: what was sent is no version of ours


class FlowEndpoint(Endpoint):
    """An address of one flow."""

    flow = cast(Flow, None)  # given where the address is written

    @property
    def by(self) -> User:
        """Who asks."""
        return person(self.here)

    def found(self, number: str) -> Case:
        """The case of that number; not there for those who may not see it."""
        return find(self.flow, number, by=self.by, shown=True)

    def refuse_unasked(self, step: Step, data: dict[str, Any], *, case: Case | None) -> None:
        """What the step does not ask of this person, on this case, is not silently left out."""
        asks = self.flow.form(step)(by=self.by, case=case, needs=step.needs).fields
        refuse({name: ["这一项不由您来填，请去掉。"] for name in data if name not in asks})

    def write(self, asked: list[Any], effect: Callable[[], Case], *, status: int) -> Response:
        """Writes once per `Idempotency-Key`: the same request again gets the stored answer."""

        def answer() -> Answer:
            return {"status": status, "body": shown(effect(), by=self.by)}

        key = self.here.headers.get("Idempotency-Key", "")
        told, replayed = once(by=self.by, key=key, asked=[self.here.path, *asked], effect=answer)
        headers = tagged(told["body"]) | ({"Idempotency-Replayed": "true"} if replayed else {})
        return Response(told["body"], status=told["status"], headers=headers)


class Cases(FlowEndpoint):
    """The cases of one kind, and opening one."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}

    def get(self, request: Request) -> Response:
        """Those the person may see, newest first."""
        page = everything(self.by, self.flow, self.asked())
        return self.page(page, CaseShape, clocks=live_clocks(page.rows))

    def post(self, request: Request) -> Response:
        """Opens a case by the opening step's form."""
        flow, by, opened = self.flow, self.by, list[Case]()
        data = read(flow.form(flow.opening).base_fields, request.data)

        def effect() -> Case:
            self.refuse_unasked(flow.opening, data, case=None)
            opened.append(flow.open_action()(filled(flow, flow.opening, case=None, by=by, data=data), by=by))
            return opened[0]

        answer = self.write([data], effect, status=201)
        answer.data["receipt_code"] = next((getattr(case, "receipt_code", "") or None for case in opened), None)
        return answer  # the code is said once and stored nowhere, not even for a replay


class OneCase(FlowEndpoint):
    """A case as this person may see it."""

    policies = {"GET": SIGNED_IN}

    def get(self, request: Request, number: str) -> Response:
        """With the steps the person may take now."""
        told = shown(self.found(number), by=self.by)
        return Response(told, headers=tagged(told))


class Steps(FlowEndpoint):
    """Taking one step of a case."""

    policies = {"POST": SIGNED_IN}
    step = cast(Step, None)

    def post(self, request: Request, number: str) -> Response:
        """Takes the step by its one form, if the case still is as the caller has seen it."""
        by, step, match = self.by, self.step, self.here.headers.get("If-Match", "").strip()
        data = read(self.flow.form(step).base_fields, request.data, beside=(BESIDE,))
        version = seen_in(request.data)

        def effect() -> Case:
            case = find(self.flow, number, by=by)
            self.refuse_unasked(step, data, case=case)
            return move(case, step.name, by=by, data=data, seen=_matched(match, case) if match else version)

        return self.write([data, match, version], effect, status=200)


class Many(FlowEndpoint):
    """One step for several cases, each answered on its own."""

    policies = {"POST": SIGNED_IN}
    step = cast(Step, None)

    def post(self, request: Request) -> Response:
        """Takes it for each; an `Idempotency-Key` holds for each of them."""
        fields = self.flow.form(self.step).base_fields
        data = read(fields, request.data, beside=("cases",))
        numbers = cast(dict[str, Any], request.data).get("cases")
        if not isinstance(numbers, list) or not all(isinstance(one, str) for one in numbers):
            raise BadInput("cases 要用编号的列表。", errors={"cases": ["要用编号的列表，最多 25 件。"]})
        chosen = chosen_cases(self.flow, numbers, self.by)
        for case in chosen[:1]:
            self.refuse_unasked(self.step, data, case=case)
        key = self.here.headers.get("Idempotency-Key", "")
        told = take_for_each(chosen, self.step, by=self.by, data=data, key=key)
        return Response({"results": [{"number": one.case.number, "done": not one.why, "why": one.why} for one in told]})


class Events(FlowEndpoint):
    """What happened to a case."""

    policies = {"GET": SIGNED_IN}

    def get(self, request: Request, number: str) -> Response:
        """Its chain, oldest first."""
        return self.page(chain_page(self.found(number), self.asked(), by=self.by), EventShape)


def tagged(told: dict[str, Any]) -> dict[str, str]:
    """The case's version as the answer's tag, to be sent back in `If-Match`."""
    return {"ETag": f'"{told["version"]}"'}


def _matched(header: str, case: Case) -> int | None:
    """The version a case must still have; none for `*`."""
    if header == "*":
        return None
    tags = [TAG.fullmatch(one.strip()) for one in header.split(",")]
    versions = [int(tag[1]) for tag in tags if tag]
    return case.version if case.version in versions else next(iter(versions), NEVER)
