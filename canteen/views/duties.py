"""每日事项: the day at a canteen, labels of samples and where their scan leads, a parent's booking, health certificates."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from canteen.actions import book_meal, enter_health_card, leave_kitchen
from canteen.apps import COOKS, READERS
from canteen.flow import SAMPLINGS
from canteen.forms import BookMeal
from canteen.forms.duties import DutyDayForm, HealthForm
from canteen.models import Sampling
from canteen.queries import canteens_for, the_canteen
from canteen.queries import duties as queries
from canteen.queries.places import choose
from portal import clock
from portal.cases.flow import address_of
from portal.cases.queries import find
from portal.errors import NotThere
from portal.evidence.fields import add_errors, collect
from portal.hall.settings.asking import Asking, SureForm, sent
from portal.orgs.access import holds
from portal.orgs.policies import SIGNED_IN, guard, holding, person
from portal.stickers.codes import shown
from portal.wire.fields import valid

BOOKING = "和孩子吃一样的，付一样的钱；名额约满为止。吃过以后写意见，食堂会答复。"
READING, KEEPING, PARENTS = holding(*READERS), holding(*COOKS), holding("parent", "meal_committee")


@guard(GET=READING)
def duties(request: HttpRequest) -> HttpResponse:
    """The day's duties of a canteen, one's own first."""
    by, asked = person(request), valid(DutyDayForm(request.GET))
    choice = choose(canteens_for(by), asked)
    canteen = choice.canteen
    if canteen is None:
        return render(request, "canteen/duties.html", {"choice": choice, "here": "canteen"})
    day = asked["day"]
    page: dict[str, Any] = {"canteen": canteen, "choice": choice, "day": day, "here": "canteen"}
    page |= {"before": day - timedelta(days=1), "after": day + timedelta(days=1) if day < clock.today() else None}
    page |= {"groups": queries.day_of(by, canteen, day)}
    page |= {"ending": [one for one in queries.health_of(canteen) if one.tone != "done"][:5]}
    return render(request, "canteen/duties.html", page)


@guard(GET=SIGNED_IN)
def labels(request: HttpRequest, number: str) -> HttpResponse:
    """The labels of one meal's samples, to be printed and stuck onto the boxes."""
    case = find(SAMPLINGS, number.replace("\x00", ""), by=person(request))
    if not isinstance(case, Sampling):
        raise NotThere
    rows = [(one, _qr(one.code), shown(one.code)) for one in queries.samples_of(case)]
    page = {"case": case, "url": address_of(case), "rows": rows, "canteen": case.canteen, "here": "canteen"}
    return render(request, "canteen/labels.html", page)


@guard(GET=SIGNED_IN)
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """Where a label's scan leads: to its discarding, the code filled in; to its meal where that is over."""
    one = queries.sample_at(code.replace("\x00", "")[:8], person(request))
    at = address_of(one.sampling)
    over = one.discarded_at is not None or one.sampling.state != "kept"
    return HttpResponseRedirect(at if over else f"{at}discard_sample/?{urlencode({'code': one.code})}")


@guard(GET=PARENTS, POST=PARENTS)
def book(request: HttpRequest) -> HttpResponse:
    """A parent books a place at a meal."""
    by = person(request)
    canteen = queries.bookable(by).first()
    first = {"canteen": canteen, "day": queries.next_meal_day(canteen) if canteen else None}
    form = BookMeal(sent(request), by=by, initial=first)

    def write() -> str:
        return address_of(book_meal(form, by=by))

    page = _frame("预约陪餐", BOOKING) | {"act": "预约", "back": "/", "crumbs": [("预约陪餐", "")]}
    return Asking(request, form, "canteen/form.html", write, "已预约。", context=page).answer()


@guard(GET=READING)
def health(request: HttpRequest) -> HttpResponse:
    """The health certificates of a canteen, the first to end on top."""
    by, asked = person(request), valid(DutyDayForm(request.GET))
    canteen = the_canteen(by, asked["canteen"])
    page = {"canteen": canteen, "rows": queries.health_of(canteen), "writes": holds(by, COOKS, canteen.school.path)}
    return render(request, "canteen/health.html", page | {"here": "canteen"})


@guard(GET=KEEPING, POST=KEEPING)
def health_add(request: HttpRequest) -> HttpResponse:
    """A new certificate, or one renewed."""
    by, asked = person(request), valid(DutyDayForm(request.GET))
    canteen = the_canteen(by, asked["canteen"], *COOKS)
    data, spoiled = collect(request, by=by, fields=HealthForm.base_fields) if request.method == "POST" else (None, {})
    form = HealthForm(data, by=by)
    add_errors(form, spoiled) if data is not None else None

    def write() -> str:
        enter_health_card(canteen, by=by, **form.cleaned_data)
        return f"{reverse('canteen:health')}?canteen={canteen.pk}"

    page = _frame("登记健康证", "到期前一个月、一周、一天都会提醒；同名的再登记一次就是续办。") | {"act": "保存"}
    return Asking(request, form, "canteen/form.html", write, "已登记。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def health_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """离岗."""
    card = queries.health_for(person(request), pk)
    the_canteen(person(request), card.canteen_id, *COOKS)

    def write() -> str:
        leave_kitchen(card, by=person(request))
        return f"{reverse('canteen:health')}?canteen={card.canteen_id}"

    page = _frame("离岗", f"{card.name}不再在食堂上岗，健康证不再提醒。") | {"act": "离岗"}
    return Asking(request, SureForm(sent(request)), "canteen/form.html", write, "已登记离岗。", context=page).answer()


def _frame(title: str, words: str) -> dict[str, Any]:
    crumbs = [("健康证", reverse("canteen:health")), (title, "")]
    return {"title": title, "words": words, "back": reverse("canteen:health"), "crumbs": crumbs, "here": "canteen"}


def _qr(code: str) -> SafeString:
    """The label's code as a QR picture of its address."""
    made = segno.make(f"{settings.BASE_URL}{reverse('canteen:sample', args=[code])}", error="m")
    drawn = made.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from an address of ours
