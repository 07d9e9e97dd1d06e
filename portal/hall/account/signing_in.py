"""Signing in with a password, then a code where the role asks for it; signing out."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.hall.demo_accounts import offered
from portal.hall.errors import is_local
from portal.orgs import second_factor
from portal.orgs.models import User
from portal.orgs.policies import PUBLIC, SECOND_FACTOR, guard, person
from portal.orgs.signin import Caller, Outcome, attempt, remember

from .caller import caller_of, device_name, mark_of, marked, network_of
from .forms import SignInForm

NOWHERE = Outcome()


@guard(GET=PUBLIC, POST=PUBLIC)
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name or phone and password; on a demo, the accounts to try it with."""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(onwards(request))
    form, outcome = SignInForm(request.POST or None), NOWHERE
    if form.is_valid():
        outcome = attempt(form.cleaned_data["username"], form.cleaned_data["password"], caller_of(request))
        if outcome.person:
            return enter(request, outcome.person)
        form.add_error(None, outcome.sentence)
    page = {"form": form, "next": onwards(request), "accounts": offered(), "password": settings.DEMO_PASSWORD}
    return marked(request, asked_again(request, "portal/sign_in.html", page, form, outcome))


@guard(POST=PUBLIC)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session."""
    logout(request)
    return redirect(settings.LOGIN_URL)


def enter(request: HttpRequest, who: User) -> HttpResponse:
    """Begins a new session; where a code is still owed, it knows nothing but that."""
    login(request, who)
    request.session.pop(SECOND_FACTOR, None)  # a code given before does not count for this signing in
    if second_factor.wanted(who):
        request.session[SECOND_FACTOR] = "wanted"
        return marked(request, redirect(f"{resolve_url('second-factor')}?{next_of(request)}"))
    return settle(request)


def settle(request: HttpRequest) -> HttpResponse:
    """The person is in: the browser is known from now on, and the page they came for opens."""
    keep_device(request)
    return marked(request, redirect(onwards(request)))


def keep_device(request: HttpRequest) -> None:
    """Remembers this browser and its session as the person's."""
    key = request.session.session_key or ""
    remember(person(request), Caller(mark_of(request), network_of(request)), name=device_name(request), session_key=key)


def onwards(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is ours; else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_local(wanted) else resolve_url("home")


def next_of(request: HttpRequest) -> str:
    """The same as the tail of an address."""
    return urlencode({"next": onwards(request)})


def asked_again(
    request: HttpRequest, page: str, context: dict[str, object], form: Form, outcome: Outcome = NOWHERE
) -> HttpResponse:
    """A form's page: 200 when it is first shown, 422 with its mistakes, 429 when it came too soon."""
    status = 429 if outcome.wait else 422 if form.errors else 200
    answer = render(request, page, context, status=status)
    if outcome.wait:
        answer["Retry-After"] = str(outcome.wait)
    return answer
