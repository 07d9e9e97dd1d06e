"""Refusals as pages: help, not failure."""

import json
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme

from portal.errors import NotAllowed, NotSignedIn, NotThere, Refused, TooMany
from portal.orgs.policies import FirstDo

PAGES = {404: "errors/not_found.html", 412: "errors/stale.html", 429: "errors/too_many.html"}


class FormExpired(Refused):
    """The form's token is not this browser's (HTTP 403)."""

    status = 403
    title = "请刷新后再提交"


class Unreadable(Refused):
    """The request itself could not be read (HTTP 400)."""

    status = 400
    title = "内容无法读取"


class WrongVerb(Refused):
    """The address answers to a button of a page, not to a link, or the other way round (HTTP 405)."""

    status = 405


class OurFault(Refused):
    """A failure of ours (HTTP 500)."""

    status = 500
    title = "系统出了差错"


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The answer to a refusal: a page, a fragment for htmx, a problem for programs, the sign-in page for strangers."""
    if request.path.startswith("/api/") or "application/problem+json" in request.headers.get("Accept", ""):
        return problem(refused)
    if isinstance(refused, NotSignedIn):
        return _turn_to(request, settings.LOGIN_URL)
    if isinstance(refused, FirstDo):
        return _turn_to(request, refused.page)
    page = "errors/fragment.html" if _partial(request) else PAGES.get(refused.status, "errors/refused.html")
    answer = render(request, page, {"refused": refused, "back": _back(request)}, status=refused.status)
    return _with_wait(answer, refused)


def problem(refused: Refused) -> HttpResponse:
    """The same refusal for a program (RFC 9457)."""
    kind = "".join("-" + letter.lower() if letter.isupper() else letter for letter in type(refused).__name__).strip("-")
    body = {"type": f"urn:sunlit:{kind}", "title": refused.title, "status": refused.status, "detail": refused.sentence}
    more = {"rule": refused.rule, "who": refused.who, "instead": refused.instead, "errors": refused.errors}
    body |= {name: value for name, value in more.items() if value}
    body |= {"see": refused.see[1]} if refused.see else {}
    text = json.dumps(body, ensure_ascii=False).encode(errors="replace")  # sentences are read by people, even in a log
    answer = HttpResponse(text, status=refused.status, content_type="application/problem+json")
    if refused.status == NotSignedIn.status:
        answer["WWW-Authenticate"] = "Bearer"
    return _with_wait(answer, refused)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    sentence = "页面停留太久了，或浏览器没有保存 Cookie。请返回、刷新页面，再提交一次。"
    return refusal(request, FormExpired(sentence, instead="您填的内容还在上一页，返回后可以复制出来。"))


def _turn_to(request: HttpRequest, page: str) -> HttpResponse:
    """Sends the person to do that first, and back here afterwards; htmx is told to load the whole page."""
    back = request.get_full_path() if request.method == "GET" and not _partial(request) else _back(request)
    to = f"{resolve_url(page)}?{urlencode({'next': back})}"
    if _partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def _partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def _with_wait(answer: HttpResponse, refused: Refused) -> HttpResponse:
    if isinstance(refused, TooMany):
        answer["Retry-After"] = str(refused.wait)
    return answer


def _back(request: HttpRequest) -> str:
    """The page this one was opened from, if it is ours; otherwise the front page."""
    before = urlsplit(request.headers.get("Referer", ""))
    path = before.path + (f"?{before.query}" if before.query else "")
    here = request.headers.get("Host") or request.META.get("SERVER_NAME")
    return path if before.netloc == here and is_local(path) else "/"


def is_local(address: str) -> bool:
    """Whether an address stays in the portal, so that nobody is sent elsewhere by a forged link."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django refused the request itself: too big, forged, or not to be read."""
    sentence = "这次提交的内容无法读取，没有写入任何记录。"
    return refusal(request, Unreadable(sentence, instead="请返回上一页检查后再提交。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own refusal."""
    return refusal(request, NotAllowed("这里您打不开。", instead="回到首页，从菜单里选择您的事项。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address."""
    return refusal(request, NotThere())


def server_error(request: HttpRequest) -> HttpResponse:
    """A failure of ours; the page needs neither database nor session."""
    sentence = "系统出了差错，您的操作可能没有写入。请稍后再试；如果一直这样，请告诉系统管理员。"
    if request.path.startswith("/api/"):
        return problem(OurFault(sentence))
    return HttpResponse(loader.get_template("500.html").render({"sentence": sentence}), status=500)
