"""The second factor's page: giving a code, binding an authenticator, new backup codes, unbinding."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from portal.errors import NotAllowed, Refused
from portal.orgs import second_factor
from portal.orgs.policies import KNOWN, SECOND_FACTOR, SIGNED_IN, guard, person
from portal.orgs.signin import try_code

from .caller import caller_of
from .forms import CodeForm, FirstCodeForm, refuse
from .signing_in import NOWHERE, asked_again, keep_device, onwards, settle

PENDING = "second_factor_secret"  # of an authenticator being bound, in the session until a right code comes


@guard(GET=KNOWN, POST=KNOWN)
@never_cache
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Asks for the code that is owed; binds an authenticator where there is none; else tells how things stand."""
    who = person(request)
    if not second_factor.enrolled(who):
        return _bind(request)
    if second_factor.wanted(who) and request.session.get(SECOND_FACTOR) != "passed":
        return _ask(request)
    left = second_factor.backup_codes_left(who)
    return render(
        request, "portal/second_factor.html", {"state": "bound", "left": left, "form": CodeForm(), "here": "me"}
    )


@guard(POST=SIGNED_IN)
@never_cache
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new backup codes in place of the old, for one right code."""
    _refuse_without_code(request)
    return _show_codes(request, second_factor.new_backup_codes(person(request)))


@guard(POST=SIGNED_IN)
def unbind(request: HttpRequest) -> HttpResponse:
    """Takes the authenticator away, for one right code; whose role asks for one binds another at once."""
    _refuse_without_code(request)
    second_factor.unbind(person(request), by=person(request))
    request.session.pop(SECOND_FACTOR, None)
    messages.success(request, "已解除绑定。")
    return redirect("second-factor" if second_factor.required(person(request)) else "me")


def _ask(request: HttpRequest) -> HttpResponse:
    form, outcome = CodeForm(request.POST or None), NOWHERE
    if form.is_valid():
        outcome = try_code(person(request), form.cleaned_data["code"], caller_of(request))
        if outcome.person:
            _passed(request)
            return settle(request)
        form.add_error("code", outcome.sentence)
    page = {"state": "ask", "form": form, "next": onwards(request)}
    return asked_again(request, "portal/second_factor.html", page, form, outcome)


def _bind(request: HttpRequest) -> HttpResponse:
    who, form = person(request), FirstCodeForm(request.POST or None)
    secret = request.session.setdefault(PENDING, second_factor.new_secret())
    if form.is_valid():
        try:
            codes = second_factor.enrol(who, secret=secret, code=form.cleaned_data["code"], by=who)
        except Refused as refused:
            refuse(form, refused)
        else:
            del request.session[PENDING]
            _passed(request)
            keep_device(request)
            return _show_codes(request, codes)
    picture = segno.make(second_factor.otpauth(who, secret), error="m").svg_data_uri(scale=5, border=3, light="white")
    page = {"state": "bind", "form": form, "next": onwards(request), "picture": picture}
    page["secret"], page["required"] = second_factor.spelled(secret), second_factor.required(who)
    return asked_again(request, "portal/second_factor.html", page, form)


def _passed(request: HttpRequest) -> None:
    """The session is worth more now, so it gets a new key."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = "passed"


def _refuse_without_code(request: HttpRequest) -> None:
    outcome = try_code(person(request), request.POST.get("code", "")[:20], caller_of(request))
    if outcome.person is None:
        raise NotAllowed(outcome.sentence, instead="请返回，重新输入验证码。")


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    page = {"state": "codes", "codes": codes, "next": onwards(request)}
    return render(request, "portal/second_factor.html", page)
