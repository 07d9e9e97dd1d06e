"""A form of a case sent from a page: taken once for one submission, shown again with everything typed on a refusal."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from portal.errors import BadInput, NotAllowed, Refused
from portal.evidence.fields import add_errors, collect, contents
from portal.wire.phone import by_script

from .actors import Actor
from .forms import StepForm, show_refusal
from .keys import once, typed


@dataclass(kw_only=True)
class Sending(ABC):
    """What opening a case and taking a step share; each says which form it is, what it does and where to then."""

    request: HttpRequest
    by: Actor
    refused: Refused | None = None
    spoiled: dict[str, list[str]] = field(default_factory=dict)

    def answer(self) -> HttpResponse:
        """Does it, once for one submission; on a refusal shows the form again with everything typed."""
        data, self.spoiled = collect(self.request, by=self.by, fields=self.form_class.base_fields)
        if "more" in data and not self.spoiled:  # one more line was asked for, nothing was sent
            return self.page(data)
        try:
            if self.spoiled:
                raise BadInput("有的照片没有收下，别的内容都还在。", errors=self.spoiled)
            asked = [*self.about(), typed(self.request.POST), contents(self.request)]
            answer, _ = once(by=self.by, key=data.get("key", ""), asked=asked, effect=lambda: self.effect(data))
        except NotAllowed:
            raise
        except Refused as refused:  # shown beside the form, so that nothing typed is lost
            if by_script(self.request):
                raise
            self.refused = refused
            return self.page(data)
        return self.onwards(answer)

    @property
    @abstractmethod
    def form_class(self) -> type[StepForm]:
        """The one form of what is sent."""

    @abstractmethod
    def about(self) -> list[Any]:
        """What else makes two submissions different ones."""

    @abstractmethod
    def effect(self, data: QueryDict) -> dict[str, Any]:
        """Does it, and says what the answer needs."""

    @abstractmethod
    def onwards(self, answer: dict[str, Any]) -> HttpResponse:
        """Where the person goes then."""

    @abstractmethod
    def page(self, data: QueryDict | None = None) -> HttpResponse:
        """The form, empty or as it was typed."""

    def judged(self, form: StepForm, data: QueryDict | None) -> StepForm:
        """The form with what was refused beside its fields; not judged yet where only one more line was asked for."""
        if data is not None and "more" in data:
            form.not_yet_judged()
        if self.refused is not None:
            add_errors(form, self.spoiled)
            show_refusal(form, self.refused)
        return form

    @property
    def status(self) -> int:
        """The page's."""
        return self.refused.status if self.refused else 200

    def filled_beforehand(self) -> dict[str, str]:
        """What the address fills in of the form."""
        return {name: str(value) for name, value in self.request.GET.items() if name in self.form_class.base_fields}
