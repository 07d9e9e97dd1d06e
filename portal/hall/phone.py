"""The portal on a phone whose network comes and goes: its service worker, the page it shows, what waits to be sent."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.orgs.policies import PUBLIC, SIGNED_IN, guard, person
from portal.wire.phone import kept

FILES = (
    "bootstrap/bootstrap-reboot.min.css",
    "sunlit.css",
    "django_htmx/htmx-2.min.js",
    "sunlit.js",
    "photos.js",
    "offline.js",
    "unsent.js",
    "favicon.svg",
)


@guard(GET=PUBLIC)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, for every page; it changes whenever a file it keeps changes."""
    text = _worker() if settings.DEBUG else _worker_once()
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    answer = get_conditional_response(request, etag=etag) or HttpResponse(text, content_type="text/javascript")
    answer["ETag"] = etag
    answer["Cache-Control"] = "no-cache"
    return answer


def _worker() -> str:
    """`static/sw.js` behind the names of the files it keeps; their version is that of their contents."""
    paths = [Path(str(finders.find(name))) for name in (*FILES, "sw.js")]
    version = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]
    known = {"version": version, "files": [static(name) for name in FILES], "offline": reverse("offline")}
    known |= {"doors": [reverse("sign-in"), reverse("sign-out")], "places": reverse("places")}
    return f"const KNOWN = {json.dumps(known)};\n{paths[-1].read_text(encoding='utf-8')}"


_worker_once = cache(_worker)


@guard(GET=PUBLIC)
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows without network instead of a page it has not kept; asks nothing of anybody."""
    return render(request, "errors/offline.html")


@guard(SIGNED_IN)
@kept
@require_GET
def unsent(request: HttpRequest) -> HttpResponse:
    """待发送: what was filled in on this phone without network; the list itself never leaves the phone unsent."""
    return render(request, "portal/unsent.html")


@guard(SIGNED_IN)
@never_cache
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token their forms need now; the script asks before it sends what waited."""
    return JsonResponse({"person": person(request).pk, "token": get_token(request)})
