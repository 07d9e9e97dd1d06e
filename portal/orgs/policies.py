"""Deny by default: every route names who may come in, from one registry; a route without a policy answers nobody."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

from portal.errors import NotAllowed, NotSignedIn, Refused

from . import passwords, second_factor
from .access import holds_anywhere
from .models import User
from .roles import title

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SECOND_FACTOR = "second_factor"  # the session's key: "wanted" after the password, "passed" after the code
Check = Callable[[HttpRequest], None]
View = TypeVar("View", bound=Callable[..., Any])
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Policy:
    """Who may come in, under a stable code; `check` raises a refusal for everybody else."""

    code: str
    about: str
    check: Check


class FirstDo(Refused):
    """Something comes before everything else (a code, a new password); `page` names where (HTTP 403)."""

    status = 403
    title = "还差一步"

    def __init__(self, sentence: str, *, page: str) -> None:
        super().__init__(sentence)
        self.page = page


POLICIES: dict[str, Policy] = {}


def policy(code: str, about: str) -> Callable[[Check], Policy]:
    """Puts a check into the registry under its code."""

    def enter(check: Check) -> Policy:
        return POLICIES.setdefault(code, Policy(code, about, check))

    return enter


def person(request: HttpRequest) -> User:
    """The person behind the request, to be given on as `by`; refused when nobody is signed in."""
    if not isinstance(request.user, User):
        raise NotSignedIn("请先登录，再继续刚才的操作。")
    return request.user


def _anybody(request: HttpRequest) -> None:
    """Refuses nobody."""


def _known(request: HttpRequest) -> None:
    person(request)


def _verified(request: HttpRequest) -> None:
    person(request)
    if second_factor_missing(request):
        raise FirstDo("您的岗位需要两步验证，请先输入验证码。", page="second-factor")


def _signed_in(request: HttpRequest) -> None:
    _verified(request)
    if passwords.must_change(person(request)):
        raise FirstDo("请先设置一个新密码，再继续使用。", page="password")


PUBLIC = policy("public", "任何人，包括没有登录的人")(_anybody)
KNOWN = policy("known", "输对了密码的人，还差验证码或新密码也可以")(_known)
VERIFIED = policy("verified", "已登录并通过两步验证的人，还差新密码也可以")(_verified)
SIGNED_IN = policy("signed-in", "已登录的人")(_signed_in)


def holding(*codes: str) -> Policy:
    """People who hold one of these roles anywhere; what they may see and do there is asked again at the row."""

    def check(request: HttpRequest) -> None:
        _signed_in(request)
        if not holds_anywhere(person(request), *codes):
            names = "、".join(title(code) for code in codes)
            raise NotAllowed(
                "这里是给别的岗位用的，您的岗位打不开。", who=names, instead="回到首页，从菜单里选择您的事项。"
            )

    return policy("holding:" + "+".join(sorted(codes)), "任职：" + "、".join(codes))(check)


ADMIN = holding("admin")


def guard(every: Policy | None = None, **verbs: Policy) -> Callable[[View], View]:
    """Marks a view (function, class, or what `as_view()` gave): one policy, or one per verb (`guard(GET=PUBLIC)`)."""
    codes = {verb: one.code for verb, one in verbs.items()} or dict.fromkeys(VERBS, every.code if every else "")

    def mark(view: View) -> View:
        view.policies = codes  # type: ignore[attr-defined]
        return view

    return mark


def policies_of(view: Any) -> dict[str, str]:
    """The policy codes of a view by verb, from its mark or its class's `policies`; empty when it has none."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        found = getattr(holder, "policies", None)
        if found:
            return {verb: one.code if isinstance(one, Policy) else one for verb, one in found.items()}
    return {}


def policy_for(view: Any, verb: str) -> Policy | None:
    """The registry's policy for this view and verb, looked up now; HEAD and OPTIONS are answered as GET."""
    codes = policies_of(view)
    if verb in ("HEAD", "OPTIONS") and verb not in codes:
        verb = "GET" if "GET" in codes else next(iter(codes), "")
    return POLICIES.get(codes.get(verb, ""))


def second_factor_missing(request: HttpRequest) -> bool:
    """Whether this person still owes the code, by session or by token; nobody owes it in demo mode."""
    if settings.DEMO:
        return False
    token = getattr(request, "token", None)
    if token is not None:
        passed, wanted = token.second_factor, False
    else:
        state = request.session.get(SECOND_FACTOR)
        passed, wanted = state == "passed", state == "wanted"
    who = person(request)
    return not passed and (second_factor.required(who) or (wanted and second_factor.enrolled(who)))


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every route of the portal with its view."""
    for one in (resolver or get_resolver()).url_patterns:
        where = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield where, one.callback
        else:
            yield from routes(one, where)


@register(Tags.urls)
def every_route_has_a_policy(app_configs: Any, **_: Any) -> list[Error]:
    """Start-up fails while any route, or any verb a class answers, has no policy of the registry."""
    missing = []
    for where, view in routes():
        codes = policies_of(view)
        known = getattr(view, "cls", None) or getattr(view, "view_class", None)
        answered = [verb for verb in VERBS if known and hasattr(known, verb.lower())] or list(codes) or ["GET"]
        missing += [f"{verb} /{where}" for verb in answered if codes.get(verb, "") not in POLICIES]
    return [Error(f"no policy for {one}: mark the view with @guard(...)", id="sunlit.E001") for one in missing]
