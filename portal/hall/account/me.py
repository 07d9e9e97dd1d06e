"""我的: who I am here, my posts, absences, tokens, devices and password."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.errors import NotThere, Refused
from portal.orgs import second_factor, signin
from portal.orgs.access import colleagues
from portal.orgs.actions import end_absence, record_absence
from portal.orgs.models import Absence, AccessToken, Device
from portal.orgs.passwords import change_password, must_change
from portal.orgs.policies import SECOND_FACTOR, SIGNED_IN, VERIFIED, guard, person
from portal.orgs.queries import absences_of, devices_of, posts_of
from portal.orgs.tokens import issue_token, revoke

from .caller import caller_of
from .forms import AbsenceForm, NewPasswordForm, TokenForm, refuse
from .signing_in import NOWHERE, asked_again, keep_device, onwards


@guard(GET=SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """Everything of one's own on one page."""
    who = person(request)
    page = {"posts": posts_of(who), "absences": absences_of(who), "devices": devices_of(who)}
    page |= {"tokens": AccessToken.objects.filter(person=who).count(), "bound": second_factor.enrolled(who)}
    return render(request, "portal/account.html", page | {"this_device": caller_of(request).device})


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def absence(request: HttpRequest) -> HttpResponse:
    """请假与代理: from when to when, and who acts instead."""
    who = person(request)
    form = AbsenceForm(colleagues(who), request.POST or None)
    if form.is_valid():
        try:
            record_absence(person=who, by=who, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "已登记。期间的提醒会发给代理人。")
            return redirect("me")
    return asked_again(request, "portal/absence.html", {"form": form, "here": "me"}, form)


@guard(POST=SIGNED_IN)
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back early: the substitute stops at once."""
    mine = Absence.objects.filter(pk=pk, person=person(request)).first()
    if mine is None:
        raise NotThere
    end_absence(mine, by=person(request))
    messages.success(request, "已结束请假，代理随之停止。")
    return redirect("me")


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens for programs: those there are, and a new one, shown this one time."""
    who, made = person(request), ""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            verified = request.session.get(SECOND_FACTOR) == "passed"
            made = issue_token(person=who, name=form.cleaned_data["name"], by=who, second_factor=verified)
            form = TokenForm()
        except Refused as refused:
            refuse(form, refused)
    page = {"form": form, "made": made, "tokens": AccessToken.objects.filter(person=who).order_by("-pk"), "here": "me"}
    return asked_again(request, "portal/tokens.html", page, form)


@guard(POST=SIGNED_IN)
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revokes one token."""
    revoke(pk, by=person(request))
    messages.success(request, "令牌已作废。")
    return redirect("tokens")


@guard(POST=SIGNED_IN)
def device_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs one device out; the next signing in there is that of a stranger."""
    device = Device.objects.filter(pk=pk, person=person(request)).first()
    if device is None:
        raise NotThere
    Session.objects.filter(session_key=device.session_key).delete()
    device.delete()
    messages.success(request, "已退出那台设备。")
    return redirect("me")


@guard(POST=SIGNED_IN)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ends every session, device and token of one's own, this session too."""
    signin.sign_out_everywhere(person(request), by=person(request))
    logout(request)
    return redirect("sign-in")


@guard(GET=VERIFIED, POST=VERIFIED)
@never_cache
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session ends."""
    who, outcome = person(request), NOWHERE
    form = NewPasswordForm(who, request.POST or None)
    if form.is_valid():
        outcome = signin.confirm(who, form.cleaned_data["current"])
        if outcome.person:
            update_session_auth_hash(request, change_password(who, new=form.cleaned_data["new"], by=who))
            keep_device(request)
            messages.success(request, "密码已修改，其他设备需要重新登录。")
            return redirect(onwards(request))
        form.add_error("current", outcome.sentence)
    page = {"form": form, "next": onwards(request), "first": must_change(who)}
    return asked_again(request, "portal/password.html", page, form, outcome)
