"""明厨亮灶: the kitchen's key spots and cameras, one to look at, setting them, and when parents may look."""

import re
from typing import Any
from urllib.parse import urlencode, urljoin

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canteen.actions import retire_camera, set_camera, set_view
from canteen.apps import KEEPERS
from canteen.forms.duties import DutyDayForm
from canteen.forms.kitchen import CameraForm, ViewForm
from canteen.models import Canteen
from canteen.queries import kitchen as queries
from canteen.queries import the_canteen
from canteen.queries.places import choose
from portal.errors import NotThere
from portal.hall.settings.asking import Asking, SureForm, seen, sent
from portal.orgs.access import holds
from portal.orgs.policies import SIGNED_IN, guard, holding, person
from portal.outbound.connectors import web
from portal.outbox import NotNow
from portal.wire.fields import valid

KEEPING = holding(*KEEPERS)
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}\.(m3u8|ts|m4s|mp4)")
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t", "m4s": "video/iso.segment", "mp4": "video/mp4"}


@guard(GET=SIGNED_IN)
def kitchen(request: HttpRequest) -> HttpResponse:
    """The kitchen's key spots with their cameras: for who reads the canteen, and for the school's parents."""
    by, asked = person(request), valid(DutyDayForm(request.GET))
    choice = choose(queries.kitchens_for(by), asked)
    canteen = choice.canteen
    if canteen is None:
        return render(request, "canteen/kitchen.html", {"choice": choice, "here": "canteen"})
    page = _spots(canteen) | {"choice": choice, "looks": queries.may_look(by, canteen), "here": "canteen"}
    page |= {"keeps": holds(by, KEEPERS, canteen.school.path)}
    return render(request, "canteen/kitchen.html", page)


def _spots(canteen: Canteen) -> dict[str, Any]:
    """What the page says of one kitchen."""
    eyes = queries.eyes_of(canteen)
    spots = queries.spots_of(eyes)
    needed = [one for one in spots if one.needed]
    return {
        "canteen": canteen, "spots": spots, "view": queries.view_of(canteen), "needed": len(needed), "eyes": len(eyes),
        "covered": sum(one.covered for one in needed), "online": sum(one.online for one in eyes),
    }  # fmt: skip


@guard(GET=SIGNED_IN)
def camera(request: HttpRequest, pk: int) -> HttpResponse:
    """One camera, to look at: the stream by the browser's own player, else a picture."""
    by = person(request)
    one = queries.camera_for(by, pk)
    page = {"camera": one, "looks": queries.may_look(by, one.canteen), "view": queries.view_of(one.canteen)}
    page |= {"online": queries.is_online(one), "spot": queries.spots()[one.spot]["title"], "here": "canteen"}
    return render(request, "canteen/camera.html", page | {"keeps": holds(by, KEEPERS, one.canteen.school.path)})


@guard(GET=SIGNED_IN)
def still(request: HttpRequest, pk: int) -> HttpResponse:
    """The camera's picture as it is now, passed through and kept nowhere."""
    one = queries.camera_for(person(request), pk, looking=True)
    if not one.still:
        raise NotThere
    return _passed(one.still, "image/jpeg")


@guard(GET=SIGNED_IN)
def stream(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A playlist or a piece of the stream, passed through and kept nowhere; nothing but what lies beside the playlist."""
    one = queries.camera_for(person(request), pk, looking=True)
    match = NAME.fullmatch(name)
    if not one.stream or match is None:
        raise NotThere
    address = one.stream if name == "live.m3u8" else urljoin(one.stream, name)
    return _passed(address, TYPES[match[1]])


@guard(GET=KEEPING, POST=KEEPING)
def camera_add(request: HttpRequest) -> HttpResponse:
    """A new camera."""
    canteen = the_canteen(person(request), valid(DutyDayForm(request.GET))["canteen"], *KEEPERS)
    form = CameraForm(sent(request))

    def write() -> str:
        set_camera(None, canteen=canteen, by=person(request), **form.cleaned_data)
        return _home(canteen)

    page = _frame("加摄像头", canteen, "保存")
    return Asking(request, form, "canteen/form.html", write, "已加上。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def camera_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another spot, name or address."""
    one = queries.camera_for(person(request), pk)
    canteen = the_canteen(person(request), one.canteen_id, *KEEPERS)
    form = CameraForm(sent(request), initial={name: getattr(one, name) for name in CameraForm.base_fields})

    def write() -> str:
        set_camera(one, canteen=canteen, by=person(request), seen=seen(request), **form.cleaned_data)
        return _home(canteen)

    page = _frame("改摄像头", canteen, "保存")
    return Asking(request, form, "canteen/form.html", write, version=one.version, context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def camera_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """停用."""
    one = queries.camera_for(person(request), pk)
    canteen = the_canteen(person(request), one.canteen_id, *KEEPERS)

    def write() -> str:
        retire_camera(one, by=person(request))
        return _home(canteen)

    page = _frame("停用摄像头", canteen, "停用") | {"words": f"{one.name}不再显示，也不再算掉线。"}
    return Asking(request, SureForm(sent(request)), "canteen/form.html", write, "已停用。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def hours(request: HttpRequest) -> HttpResponse:
    """Whether parents may look, and when."""
    canteen = the_canteen(person(request), valid(DutyDayForm(request.GET))["canteen"], *KEEPERS)
    view = queries.view_of(canteen)
    windows = ",".join(f"{since}-{until}" for since, until in view.windows)
    form = ViewForm(sent(request), initial={"parents": view.parents, "windows": windows})

    def write() -> str:
        set_view(canteen, by=person(request), seen=seen(request), **form.cleaned_data)
        return _home(canteen)

    page = _frame("家长可看的时段", canteen, "保存")
    return Asking(request, form, "canteen/form.html", write, version=view.version, context=page).answer()


def _passed(address: str, kind: str) -> HttpResponse:
    """What the camera answers, as it is; not there where it does not answer. No picture is stored, none looked at."""
    try:
        said = web.ask("GET", address, headers={"Accept": kind})
    except NotNow:
        raise NotThere from None
    if said.status != 200:
        raise NotThere
    answer = HttpResponse(said.body, content_type=kind)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _home(canteen: Canteen) -> str:
    return f"{reverse('canteen:kitchen')}?{urlencode({'canteen': canteen.pk})}"


def _frame(title: str, canteen: Canteen, act: str) -> dict[str, Any]:
    said = {"title": title, "words": f"{canteen.school.name} {canteen.name}", "act": act, "here": "canteen"}
    return said | {"back": _home(canteen), "crumbs": [("明厨亮灶", _home(canteen)), (title, "")]}
