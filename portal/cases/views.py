"""Pages every affair gets for free: the case, a step's form, the printed job sheet."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from portal.errors import NotThere
from portal.evidence.who import BEARING, bearer
from portal.notices.actions import mark_read
from portal.orgs.models import User
from portal.orgs.policies import PUBLIC, guard
from portal.wire.phone import fetched_ahead, kept, unkept

from .actors import Actor, Receipt
from .flow import address_of, flow_at
from .forms import refusals_in
from .models import Case
from .page import face_of
from .queries import find
from .receipts import present
from .taking import Taking


def actor(request: HttpRequest) -> Actor:
    """Who acts: the person signed in, or the holder of a receipt."""
    by = bearer(request)
    if not isinstance(by, User | Receipt):
        raise NotThere
    return by


def found(affair: str, plural: str, number: str, by: Actor, *, shown: bool = False) -> Case:
    """The case at an address; not there for strangers."""
    flow = flow_at(affair, plural)
    if flow is None or "\x00" in number:
        raise NotThere
    return find(flow, number, by=by, shown=shown)


class ReceiptForm(forms.Form):
    """The code on a receipt; spaces, dashes and capitals do not matter."""

    code = forms.CharField(
        label="回执码", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
    )


@guard(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """A reporter without an account finds their case by its code."""
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            return HttpResponseRedirect(address_of(present(request, form.cleaned_data["code"])))
    return render(request, "cases/receipt.html", {"form": form}, status=422 if form.errors else 200)


@guard(BEARING)
@kept
@require_GET
def case(request: HttpRequest, affair: str, plural: str, number: str) -> HttpResponse:
    """One case; opening it reads its notices."""
    by = actor(request)
    one = found(affair, plural, number, by, shown=True)
    if isinstance(by, User) and getattr(one, "has_unread", False) and not fetched_ahead(request):
        mark_read(by=by, about=one.address)
    pages = [f"{affair}/{plural}_case.html", f"{affair}/case.html", "cases/case.html"]
    page = render(request, pages, {"case": one, "face": face_of(one, by=by), "here": affair})
    return unkept(page) if one.circle else page  # what is for a closed circle leaves no copy on phones


@guard(BEARING)
@kept
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, affair: str, plural: str, number: str, name: str) -> HttpResponse:
    """One step's form, and taking it."""
    by = actor(request)
    one = found(affair, plural, number, by)
    taking = Taking.of(request, one, name, by=by)
    page = taking.answer() if request.method == "POST" else taking.page()
    return unkept(page) if one.circle else page


@guard(BEARING)
@require_GET
def sheet(request: HttpRequest, affair: str, plural: str, number: str) -> HttpResponse:
    """The job sheet for paper: what is to be done, room to write, a place to sign."""
    by = actor(request)
    one = found(affair, plural, number, by, shown=True)
    return render(request, "cases/sheet.html", {"case": one, "face": face_of(one, by=by)})
