"""Opening a case from a page: the place first, then the opening step's form, kept whole on every refusal."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from portal.errors import BadInput
from portal.orgs.access import places_for
from portal.orgs.models import Unit, User
from portal.stickers.doors import doors_at
from portal.wire.phone import done

from .actions import filled
from .flow import Flow, address_of
from .forms import StepForm
from .sending import Sending
from .whereabouts import recent_places, settle_place

More = Callable[[Unit, StepForm], dict[str, Any]]
First = Callable[[StepForm, QueryDict], None]
Filled = Callable[[Unit], dict[str, Any]]


@dataclass(kw_only=True)
class Opening(Sending):
    """One person opening one case of a flow; `more` adds what only this affair shows beside the form, `given` fills in
    beforehand what is known of the place.

    Without `places` the form itself says where, in its own way. `first` may refuse a valid form with `LookFirst`: the page comes back with everything typed, and what to look at.
    """

    by: User
    flow: Flow
    template: str
    more: More | None = None
    first: First | None = None
    given: Filled | None = None
    places: bool = True
    meant: list[Unit] = field(default_factory=list)

    def page(self, data: QueryDict | None = None) -> HttpResponse:
        """The form for the chosen place; without one, the person is asked where first, or again beside what they typed.

        `?anywhere` asks it in the form itself: so the form can be opened with the network gone.
        """
        place = self._place(data)
        if self.places and place is None and data is None and "anywhere" not in self.request.GET:
            return HttpResponseRedirect(f"{reverse('places')}?{urlencode({'next': self.request.path})}")
        given = self.given(place) if self.given and place and data is None else {}
        initial = ({"unit": place.pk} if place else {}) | given | self.filled_beforehand()
        form = self.form_class(data, by=self.by, needs=self.flow.opening.needs, initial=initial)
        if self.refused is not None and data is not None and data.get("where"):
            form.errors.pop("unit", None)  # a place was said; what became of it is said below
        self.judged(form, data)
        context: dict[str, Any] = {
            "form": form,
            "place": place,
            "change_url": f"{reverse('places')}?{urlencode({'next': self.request.path})}",
            "key": secrets.token_urlsafe(18),
            "here": self.flow.affair,
            "refused": self.refused,
            "also": doors_at({"at": str(place.pk)}, by=self.by, but=self.request.path) if place else [],
        }
        if self.places and place is None:
            context |= {"places": self.meant or recent_places(self.flow, by=self.by), "meant": bool(self.meant)}
            context |= {"where": data.get("where", "") if data else ""}
        context |= self.more(place, form) if self.more and place else {}
        return render(self.request, self.template, context, status=self.status)

    @property
    def form_class(self) -> type[StepForm]:
        """The opening step's one form."""
        return self.flow.form(self.flow.opening)

    def about(self) -> list[Any]:
        """Which kind of case."""
        return [self.flow.kind]

    def effect(self, data: QueryDict) -> dict[str, Any]:
        """Opens it; a receipt is said once."""
        self._settle_place(data)
        form = filled(self.flow, self.flow.opening, case=None, by=self.by, data=data)
        if self.first is not None:
            self.first(form, data)
        case = self.flow.open_action()(form, by=self.by)
        code = getattr(case, "receipt_code", "")
        if code:  # said once, to whoever sits there; never stored
            messages.warning(
                self.request, f"回执码 {code}：请抄给报修人，只显示这一次。查进度的地址：{reverse('cases:receipt')}"
            )
        return {"number": case.number, "url": address_of(case)}

    def onwards(self, answer: dict[str, Any]) -> HttpResponse:
        """To the case."""
        messages.success(self.request, f"已收到，编号 {answer['number']}。有进展会通知您。")
        return done(self.request, answer["url"])

    def _settle_place(self, data: QueryDict) -> None:
        """A place typed by name becomes the form's; refused while it may be one of several."""
        self.meant = settle_place(data, by=self.by)
        if self.meant:
            why = f"叫“{data['where']}”的地点有 {len(self.meant)} 个，请选一个。"
            raise BadInput(why, errors={"unit": [why]})

    def _place(self, data: QueryDict | None) -> Unit | None:
        """The place named in the address or the form, if the person may report there."""
        named = (data or self.request.GET).get("unit") or self.request.GET.get("at") or ""
        if not named.isdecimal() or len(named) > 18:
            return None
        return places_for(self.by).filter(pk=int(named), school__isnull=False).select_related("school").first()
