"""盘点: beginning one, code after code, and the differences with what becomes of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from portal.cases.flow import address_of
from portal.cases.opening import Opening
from portal.cases.queries import find
from portal.errors import BadInput, NotThere
from portal.hall.settings.asking import Asking, sent
from portal.hall.settings.frame import paged
from portal.hall.settings.reach import number as number_in
from portal.orgs.models import Unit
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid
from repairs.actions.stocktakes import scan, settle
from repairs.flow.stocktakes import STOCKTAKES
from repairs.forms.stocktakes import SeenForm, SettleForm
from repairs.models import CountLine, StockTake
from repairs.queries import stocktakes as queries
from repairs.queries.assets import READERS, WRITERS

READING, WRITING = holding(*READERS), holding(*WRITERS)
STANDING = "count-{}"  # the session's key: where this person stands in a stock-take


@guard(GET=WRITING, POST=WRITING)
def begin(request: HttpRequest) -> HttpResponse:
    """A stock-take of the chosen place."""
    opening = Opening(request=request, flow=STOCKTAKES, by=person(request), template="repairs/stocktake_open.html")
    return opening.answer() if request.method == "POST" else opening.page()


@guard(GET=WRITING, POST=WRITING)
def count(request: HttpRequest, number: str) -> HttpResponse:
    """Code after code: a place's says where one stands, an asset's that it was seen; the page says how far it is."""
    take = _take(request, number)
    if request.method == "POST":
        _scan(request, take)
        if not request.headers.get("HX-Request"):  # a script's scan is answered with the next page at once
            return HttpResponseRedirect(request.path)
    page = {"take": take, "form": SeenForm(), "now": queries.progress_of(take), "latest": queries.latest(take)}
    return render(request, "repairs/count.html", page | {"standing": _standing(request, take), "url": address_of(take)})


@guard(GET=READING)
def differences(request: HttpRequest, number: str) -> HttpResponse:
    """What is missing, misplaced or surplus, and what becomes of it."""
    take = _take(request, number)
    lines, last = paged(queries.page_of_differences(take, after=number_in(request.GET.get("after", ""))))
    page = {"take": take, "now": queries.progress_of(take), "url": address_of(take), "last": last}
    page["lines"] = [(line, queries.KINDS[queries.kind_of(line)]) for line in lines]
    return render(request, "repairs/differences.html", page)


@guard(GET=WRITING, POST=WRITING)
def settling(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One difference: what becomes of it, and why."""
    take = _take(request, number)
    line = CountLine.objects.select_related("asset", "found", "take").filter(take=take, pk=pk).first()
    if line is None:
        raise NotThere
    form = SettleForm(sent(request), initial={"outcome": line.outcome, "reason": line.reason})
    back = reverse("repairs:differences", args=[number])

    def write() -> str:
        settle(line, **form.cleaned_data, by=person(request))
        return back

    return Asking(request, form, "repairs/asset_form.html", write, "已处理。", context=_about(line, back)).answer()


def _about(line: CountLine, back: str) -> dict[str, Any]:
    words = f"{line.asset.name} · {line.asset.code} · {queries.KINDS[queries.kind_of(line)]}"
    return {"title": "处理差异", "words": words, "back": back, "act": "保存"}


def _take(request: HttpRequest, number: str) -> StockTake:
    found = find(STOCKTAKES, number.replace("\x00", ""), by=person(request))
    assert isinstance(found, StockTake)
    return found


def _scan(request: HttpRequest, take: StockTake) -> None:
    """Takes one code and says what it was; a refusal is said above the next code, so that counting goes on."""
    form = SeenForm(request.POST)
    try:
        said = scan(take, valid(form)["code"], at=_standing(request, take), by=person(request))
    except BadInput as refused:
        messages.error(request, refused.sentence)
        return
    if said.place is not None:
        request.session[STANDING.format(take.pk)] = said.place.pk
    messages.success(request, said.words)


def _standing(request: HttpRequest, take: StockTake) -> Unit | None:
    """Where this person said they are."""
    pk = request.session.get(STANDING.format(take.pk))
    return Unit.objects.filter(pk=pk).first() if pk else None
