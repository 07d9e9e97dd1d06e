"""Scanning: the address on a sticker, and typing its code by hand."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from portal.errors import NotThere
from portal.orgs.access import places_for
from portal.orgs.models import User
from portal.orgs.policies import PUBLIC, SIGNED_IN, guard

from .doors import doors, visitor_doors
from .models import Sticker
from .queries import named, sticker_at


class CodeForm(forms.Form):
    """The code on a sticker; spaces, dashes and capitals do not matter."""

    code = forms.CharField(
        label="贴纸上的编码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "inputmode": "text"}),
        help_text="7 位字母和数字，在二维码下面。",
    )

    def clean_code(self) -> str:
        """The code of a sticker there is."""
        sticker = sticker_at(self.cleaned_data["code"])
        if sticker is None:
            raise forms.ValidationError("没有这个编码，请对照贴纸再输一遍。")
        return sticker.code


@guard(GET=PUBLIC)
@require_GET
def typing(request: HttpRequest) -> HttpResponse:
    """Typing a code by hand, for a camera that cannot scan."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(reverse("stickers:scan", args=[form.cleaned_data["code"]]))
    return render(request, "stickers/typing.html", {"form": form}, status=422 if form.errors else 200)


@guard(GET=PUBLIC)
@require_GET
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """Where the sticker leads; a stranger may sign in, or be a visitor."""
    sticker = alive(code)
    page: dict[str, Any] = {"sticker": sticker, "name": named([sticker]).get(sticker.about, "")}
    if isinstance(request.user, User):
        SIGNED_IN.check(request)
        if places_for(request.user).filter(pk=sticker.unit_id).exists():
            return _inside(request, page, request.user)
    return render(request, "stickers/stranger.html", page | {"doors": visitor_doors(sticker)})


def _inside(request: HttpRequest, page: dict[str, Any], by: User) -> HttpResponse:
    """Straight to the first form of the place; where something presses at this moment, that and the forms are a choice."""
    pressing, forms_here = doors(page["sticker"], by=by)
    if forms_here and not pressing:
        return HttpResponseRedirect(forms_here[0].url)
    return render(request, "stickers/choice.html", page | {"doors": pressing + forms_here})


def alive(code: str) -> Sticker:
    """The sticker of a code that opens something; refused with what to do for others."""
    sticker = sticker_at(code)
    if sticker is None:
        raise NotThere("没有这张贴纸。", instead="请对照贴纸上的编码再输一遍。")
    if sticker.revoked_at is not None or sticker.unit.school is None or sticker.unit.closed_on is not None:
        raise NotThere("这张贴纸已经作废，换了新的。", instead="请扫旁边的新贴纸，或从首页报修，自己选地点。")
    return sticker
