"""One step taken from a page: the form with what was typed kept, the same answer for the same submission."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from portal.errors import Stale, WrongStep
from portal.wire.phone import done

from .access import refuse_wrong_role, sees, takes
from .actions import move
from .actors import Actor
from .carrying import begun_with, carried_photos
from .faces import ActionFace
from .flow import Step, address_of, flow_of
from .forms import StepForm
from .models import Case
from .page import changes_since, face_of
from .photos import shot
from .sending import Sending

NEVER = -1  # a version no case has: what was sent is no version of ours


@dataclass(kw_only=True)
class Taking(Sending):
    """One person taking one step of one case from its page."""

    case: Case
    step: Step

    @classmethod
    def of(cls, request: HttpRequest, case: Case, name: str, *, by: Actor) -> "Taking":
        """Refused where the flow has no such step, or another role takes it."""
        step = flow_of(case).step(name)
        if step is None or step in flow_of(case).openings:
            raise WrongStep("没有这一步。", instead="请回到事项页面，从按钮里选择。")
        refuse_wrong_role(by, step, case, ask=False)  # `move` asks
        return cls(request=request, case=case, step=step, by=by)

    def page(self, data: QueryDict | None = None) -> HttpResponse:
        """The step's form, empty or as it was typed."""
        form = self.form_class(
            data,
            by=self.by,
            case=self.case,
            needs=self.step.needs,
            carried=carried_photos(self.case, self.step),
            initial=begun_with(self.case, self.step) | self.filled_beforehand(),
        )
        return render(self.request, "cases/step.html", self._context(self.judged(form, data)), status=self.status)

    def onwards(self, answer: dict[str, Any]) -> HttpResponse:
        """Back to the case; to the desk where the step took it out of this person's sight (a job given back)."""
        stays = not {"assignee", "unit"} & {*self.step.sets, *self.step.clears}
        if stays or sees(self.by, Case.objects.get(pk=self.case.pk)):
            messages.success(self.request, f"已办：{self.step.title}。")
            return done(self.request, address_of(self.case), version=answer["version"])
        messages.success(self.request, f"已办：{self.step.title}。{self.case.number} 不再由您办理。")
        return done(self.request, "/desk/", version=answer["version"])

    @property
    def form_class(self) -> type[StepForm]:
        """The step's one form."""
        return flow_of(self.case).form(self.step)

    def about(self) -> list[Any]:
        """Which step of which case."""
        return [self.case.pk, self.step.name]

    def effect(self, data: QueryDict) -> dict[str, Any]:
        """Takes it, where the case is still as it was seen."""
        version = data.get("version", "")
        seen = int(version) if version.isdecimal() and len(version) < 9 else NEVER
        moved = move(self.case, self.step.name, by=self.by, data=data, seen=seen if version else None)
        return {"number": moved.number, "state": moved.state, "version": moved.version}

    def _what_changed(self, case: Case) -> list[tuple[str, str, str, str]]:
        """For a page that was overtaken: what was seen, what is, what was wanted."""
        seen = self.request.POST.get("version", "")
        overtaken = isinstance(self.refused, Stale | WrongStep) and seen.isdecimal() and len(seen) < 9
        return changes_since(case, int(seen), self.step) if overtaken and int(seen) != case.version else []

    def _then(self) -> ActionFace | None:
        """What the same person does next on the main road: a phone without network lays that form in too."""
        flow, step = flow_of(self.case), self.step
        stays_mine = step.target and "assignee" not in (*step.sets, *step.clears)
        for one in flow.steps if stays_mine else ():
            if one.main and step.target in one.sources and takes(self.by, one, self.case):
                return ActionFace(one.name, one.title, one.icon, False, f"{address_of(self.case)}{one.name}/")
        return None

    def _context(self, form: StepForm) -> dict[str, Any]:
        step = self.step
        face = ActionFace(step.name, step.title, step.icon, True, "", step.help)
        case = type(self.case)._base_manager.select_related("unit", "opener", "assignee").get(pk=self.case.pk)
        return {
            "step": face,
            "case": case,
            "face": face_of(case, by=self.by),
            "form": form,
            "key": secrets.token_urlsafe(18),  # a refused submission kept no key; a changed one must not meet it
            "version": case.version,
            "refused": self.refused,
            "stale": self._what_changed(case),
            "then": self._then(),
            "carried": [shot(str(piece.pk), shown=piece.shown_sha256) for piece in form.carried],
        }
