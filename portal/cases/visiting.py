"""A report by somebody who is not signed in: from a sticker, with photos, slowed down, seen by the desk alone at first.

The page carries a signed slip with the receipt's code; a slip opens one case, however often it is sent.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, TooMany
from portal.evidence.fields import add_errors, collect, contents
from portal.orgs.throttle import Pace, key_of, take
from portal.stickers.models import Sticker
from portal.stickers.queries import welcomes

from .actions import filled, new_receipt
from .actors import Receipt
from .flow import Flow, Step, address_of
from .forms import StepForm, show_refusal
from .keys import once, typed
from .models import Case
from .receipts import KEPT

SALT = "portal.cases.visiting"
TRAP = "website"  # a field no person sees; whoever fills it is a machine
SOONEST, LONGEST = timedelta(seconds=2), timedelta(hours=3)  # between opening the page and sending it
MOST_BYTES = 36 * 1024 * 1024  # of one submission, photos and all
# By network every sending counts; by sticker and by school only what was taken in: 6, then one an hour; 30 a day.
NETWORK = Pace(free=12, first=30, longest=1800, forgive=300)
STICKER = Pace(free=6, first=600, longest=3600, forgive=3600)
SCHOOL = Pace(free=30, first=2880, longest=2880, forgive=2880)


@dataclass(frozen=True)
class Slip:
    """What a visitor's page was given: the code of the receipt to be, and when."""

    code: str
    at: datetime

    @classmethod
    def fresh(cls) -> "Slip":
        """A new one."""
        return cls(new_receipt(), clock.now())

    @classmethod
    def read(cls, text: str) -> "Slip | None":
        """The slip in a form; none when it is not ours."""
        try:
            said = signing.loads(text, salt=SALT)
            return cls(str(said["code"]), datetime.fromisoformat(said["at"]))
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            return None

    def signed(self) -> str:
        """As it stands in the form."""
        return signing.dumps({"code": self.code, "at": self.at.isoformat()}, salt=SALT)


@dataclass
class Visiting:
    """One stranger opening one case of a flow at a sticker; `network` is where they come from."""

    request: HttpRequest
    flow: Flow
    sticker: Sticker
    network: str
    template: str
    slip: Slip = field(default_factory=Slip.fresh)
    refused: Refused | None = None
    spoiled: dict[str, list[str]] = field(default_factory=dict)

    def answer(self) -> HttpResponse:
        """Opens the case and shows the receipt's code, once; on a refusal shows the form again with everything typed."""
        _refuse_unwelcome(self.sticker)
        data = self.request.POST.copy()
        try:
            _slow_down(NETWORK, "network", self.network)
            self.slip = self._slip()
            data, self.spoiled = collect(self.request, by=self.by, fields=self.form_class.base_fields)
            if self.spoiled:
                raise BadInput("有的照片没有收下，别的内容都还在。", errors=self.spoiled)
            asked = [
                self.sticker.pk,
                typed(self.request.POST, but=("slip", "csrfmiddlewaretoken")),
                contents(self.request),
            ]
            key = f"visit-{self.by.digest}"
            told, _ = once(by=self.by, key=key, asked=asked, effect=lambda: self._open(data))
        except NotAllowed:
            raise
        except Refused as refused:  # shown beside the form, so that nothing typed is lost
            self.refused = refused
            return self.page(data)
        self.request.session[KEPT] = self.by.digest
        page = {"code": self.slip.code, "number": told["number"], "url": told["url"], "sticker": self.sticker}
        return render(self.request, "cases/visited.html", page | {"receipt_url": reverse("cases:receipt")})

    def page(self, data: QueryDict | None = None) -> HttpResponse:
        """The form, empty or as it was typed."""
        _refuse_unwelcome(self.sticker)
        form = self.form_class(data, by=self.by, needs=self.step.needs)
        if self.refused is not None:
            add_errors(form, self.spoiled)
            show_refusal(form, self.refused)
        page = {"form": form, "sticker": self.sticker, "slip": self.slip.signed(), "trap": TRAP}
        return render(self.request, self.template, page, status=self.refused.status if self.refused else 200)

    @property
    def by(self) -> Receipt:
        """Who acts: the holder of the receipt to be."""
        return Receipt.of(self.slip.code)

    @property
    def step(self) -> Step:
        """The strangers' way in."""
        if self.flow.visiting is None:
            raise NotAllowed("这件事要登录后才能办。")
        return self.flow.visiting

    @property
    def form_class(self) -> type[StepForm]:
        """Its one form."""
        return self.flow.form(self.step)

    def _slip(self) -> Slip:
        """The slip sent along; refused: none, too quick, too old, filled traps, too heavy. A fresh one stands ready."""
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise BadInput("照片加起来太大了，一次最多 36 MB。请少传一张，或用手机相机的普通模式重拍。")
        slip = Slip.read(self.request.POST.get("slip", ""))
        now = clock.now()
        if slip is None or slip.at > now or now - slip.at > LONGEST:
            raise BadInput("页面放得太久了，内容还在，请再选一次照片，重新提交。")
        if self.request.POST.get(TRAP) or now - slip.at < SOONEST:
            raise BadInput("没有收下，请看一遍内容，再选一次照片，重新提交。")
        return slip

    def _open(self, data: QueryDict) -> dict[str, Any]:
        form = filled(self.flow, self.step, case=None, by=self.by, data=data)
        _slow_down(STICKER, "sticker", self.sticker.pk)
        _slow_down(SCHOOL, "school", self.sticker.unit.school_id)
        opened: Case = self.flow.open_action(self.step)(form, by=self.by, sticker=self.sticker, receipt=self.slip.code)
        return {"number": opened.number, "url": address_of(opened)}


def _slow_down(pace: Pace, what: str, which: object) -> None:
    wait = take(key_of("visit", what, which), pace)
    if wait:
        minutes = max(1, round(wait / 60))
        where = {"network": "您这里", "sticker": "这张贴纸", "school": "这所学校"}[what]
        raise TooMany(f"{where}报得太密了，请过 {minutes} 分钟再试。急事请直接打电话或找值班人员。", wait=wait)


def _refuse_unwelcome(sticker: Sticker) -> None:
    if not welcomes(sticker.unit.school):
        raise NotAllowed("这所学校没有开放未登录报修。", instead="请登录后再报；没有账号，请告诉老师或值班人员。")
