"""One clock being set at one unit: what stands there, what was typed, what would follow."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.cases.flow import FLOWS, Clock, Flow, Ladder, Rung
from portal.cases.models import ClockSetting
from portal.cases.settings import MOST_RUNGS, set_clock
from portal.errors import NotThere
from portal.orgs.models import Unit
from portal.orgs.policies import person

from . import reach
from .asking import Asking, seen
from .clock_forms import PARTS, ClockForm, Row, row_of, rows_typed
from .example import example, touched
from .frame import frame
from .limits import EVERY, Holds, Limits, address, ladder_words, source, spelled, tellers, topics_of

SPARE: Row = {"tells": "", "when": "plus:24", "ack": ""}


@dataclass(frozen=True)
class Typed:
    """What stands in the page's fields; without `rows` the ladder is taken over."""

    amount: str = ""
    measure: str = ""
    rows: list[Row] | None = None

    @classmethod
    def saved(cls, own: ClockSetting | None) -> "Typed":
        """As the version made right here says."""
        if own is None:
            return cls()
        rows = None if own.rungs is None else [row_of(Rung.from_json(row)) for row in own.rungs]
        return cls(spelled(own.amount), own.measure, rows)

    @classmethod
    def sent(cls, request: HttpRequest) -> "Typed":
        """As the page was sent, whatever stands in it."""
        rows = rows_typed(request.POST) if request.POST.get("own") else None
        return cls(request.POST.get("amount", ""), request.POST.get("measure", ""), rows)

    def data(self) -> Mapping[str, str]:
        """As a form takes it."""
        rows = {f"{part}-{at}": row[part] for at, row in enumerate(self.rows or []) for part in PARTS}
        return {"amount": self.amount, "measure": self.measure, **rows}

    def after(self, act: str, above: Ladder) -> "Typed":
        """After the button that was pressed: a row more, less or moved, a ladder of its own, or none."""
        name, _, at = act.partition("-")
        rows, number = list(self.rows or []), reach.number(at or "0")
        if name == "own":
            return Typed(self.amount, self.measure, [row_of(one) for one in above] or [dict(SPARE)])
        if name == "inherit" or self.rows is None:
            return Typed(self.amount, self.measure, None)
        if name == "add" and len(rows) < MOST_RUNGS:
            rows.append(dict(SPARE))
        elif name == "drop" and number < len(rows):
            del rows[number]
        elif name == "up" and 0 < number < len(rows):
            rows[number - 1], rows[number] = rows[number], rows[number - 1]
        return Typed(self.amount, self.measure, rows)


@dataclass
class Tuning:
    """One clock of one kind and topic, being set at one unit."""

    request: HttpRequest
    unit: Unit
    flow: Flow
    clock: Clock
    topic: str

    @classmethod
    def of(cls, request: HttpRequest, kind: str, name: str) -> "Tuning":
        """From the address; what the flow does not know is not there."""
        flow, topic = FLOWS.get(kind), request.GET.get("topic", "")
        known = {one.name: one for one in flow.clocks} if flow else {}
        if flow is None or name not in known or (topic and topic not in dict(topics_of(flow))):
            raise NotThere
        return cls(request, reach.unit_asked(request), flow, known[name], topic)

    @cached_property
    def limits(self) -> Limits:
        """All settings that bear on this unit."""
        return Limits(self.unit)

    @cached_property
    def own(self) -> ClockSetting | None:
        """The latest version made right here."""
        return self.limits.latest(self.flow, self.clock.name, self.topic)

    @cached_property
    def above(self) -> Holds:
        """What would hold without what was set right here."""
        return self.limits.holding(self.flow, self.clock, self.topic, own=False)

    @property
    def version(self) -> int:
        """The number of the latest version; 0 for none."""
        return self.own.version if self.own else 0

    @property
    def title(self) -> str:
        """What is being set."""
        what = dict(topics_of(self.flow)).get(self.topic, EVERY if topics_of(self.flow) else "")
        return f"{what or self.flow.title}：{self.clock.title}的时限与阶梯"

    def save(self) -> HttpResponse:
        """Keeps it as a new version; refused with every row as it was typed."""
        typed = Typed.sent(self.request)
        form = self._form(typed)
        done = f"已保存为第 {self.version + 1} 版，从下一件新{self.flow.title}起生效。"
        asking = Asking(self.request, form, "settings/clock.html", lambda: self._write(form), done, self.version)
        asking.context = self._context(typed)
        return asking.answer()

    def show(self) -> HttpResponse:
        """The page: as it was saved, or as it was typed with one row more, less or moved."""
        act = self.request.POST.get("act", "")
        sent = self.request.method == "POST"
        typed = Typed.sent(self.request).after(act, self.above.ladder) if sent else Typed.saved(self.own)
        form = self._form(typed) if act == "preview" else self._form(typed, is_sent=False)
        context = self._context(typed) | {"form": form, "key": secrets.token_urlsafe(18)}
        was = seen(self.request)
        context["version"] = self.version if was is None else was
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, "settings/clock.html", context, status=status)

    def _form(self, typed: Typed, *, is_sent: bool = True) -> ClockForm:
        known = [Rung.from_json(row) for row in (self.own.rungs if self.own else None) or []]
        offered = tellers(self.flow, (*known, *self.above.ladder))
        more: dict[str, Any] = {} if is_sent else {"initial": {"amount": typed.amount, "measure": typed.measure}}
        rows = [row_of(one) for one in (*known, *self.above.ladder)]
        return ClockForm(typed.data() if is_sent else None, rows=typed.rows, known=rows, tellers=offered, **more)

    def _write(self, form: ClockForm) -> str:
        amount = form.cleaned_data["amount"]
        made = set_clock(
            unit=self.unit,
            kind=self.flow.kind,
            clock=self.clock.name,
            topic=self.topic,
            amount=amount,
            measure=form.cleaned_data["measure"] if amount is not None else "",
            rungs=form.rungs(),
            by=person(self.request),
            seen=seen(self.request),
        )
        return address(self.flow, made.clock, self.unit, self.topic)

    def _wanted(self, typed: Typed) -> ClockSetting | None:
        """What is typed, as a setting that is never saved; none while it holds mistakes."""
        form = self._form(typed)
        if not form.is_valid():
            return None
        said = {"amount": form.cleaned_data["amount"], "measure": form.cleaned_data["measure"], "rungs": form.rungs()}
        named = {"unit": self.unit, "kind": self.flow.kind, "clock": self.clock.name, "topic": self.topic}
        return ClockSetting(**named, **said, version=self.version + 1)

    def _context(self, typed: Typed) -> dict[str, Any]:
        wanted, here = self._wanted(typed), self.unit
        own = None if wanted is None or wanted.rungs is None else wanted.rungs
        ladder = self.above.ladder if own is None else tuple(Rung.from_json(row) for row in own)
        step = self.flow.step(self.clock.then) if self.clock.then else None
        page = {"unit": here, "flow": self.flow, "clock": self.clock, "then": step, "next": self.version + 1}
        page |= {"above": self.above.words, "above_from": source(self.above.span_from, here)}
        page |= {"ladder": ladder_words(self.above.ladder), "ladder_from": source(self.above.ladder_from, here)}
        page |= {"has_own": typed.rows is not None, "full": len(typed.rows or []) >= MOST_RUNGS}
        page |= {"example": example(self.flow, self.clock, here, self.topic, wanted), "is_draft": wanted is None}
        page |= {"touched": touched(self.flow, self.clock, here, () if step else ladder)}
        page["history"] = address(self.flow, self.clock.name, here, self.topic, page="settings-clock-history")
        words = f"管{here.name}和它下面的所有地方。改动从下一件新{self.flow.title}起生效；旧值留在历史里。"
        return page | frame(self.title, ("时限与阶梯", f"{reverse('settings-clocks')}?unit={here.pk}"), words=words)
