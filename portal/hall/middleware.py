"""What every request passes."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.csrf import CsrfViewMiddleware

from portal import clock
from portal.errors import BadInput, NotAllowed, NotSignedIn, NotThere, Refused
from portal.orgs.policies import policies_of, policy_for
from portal.orgs.tokens import token_of
from portal.wire.phone import keep

from .errors import WrongVerb, refusal

Answer = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SAFE = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger(__name__)


def one_moment(get_response: Answer) -> Answer:
    """A page shows one time, asked of the database once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with clock.one_moment():
            return get_response(request)

    return middleware


class Doorkeeper:
    """Asks the route's policy before the view, and turns every refusal into a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lets programs in by their token, and nobody with characters no database can keep."""
        try:
            _refuse_unreadable(request.META.get("PATH_INFO", ""), *_flat(request.GET))
            if request.path.startswith("/api/"):
                _identify_program(request)
        except Refused as refused:
            return refusal(request, refused)
        answer = self.get_response(request)
        wrong = isinstance(answer, HttpResponseNotAllowed)
        return _wrong_verb(request, answer["Allow"]) if wrong else keep(request, answer)

    def process_view(self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Any) -> HttpResponse | None:
        """Lets nobody in where no policy says who may."""
        policy = policy_for(view, request.method or "")
        verbs = policies_of(view)
        if policy is None and verbs and request.method not in verbs:
            return _wrong_verb(request, ", ".join(verbs))
        try:
            if policy is None:
                log.error("no policy for %s %s", request.method, request.path)
                raise NotThere
            policy.check(request)
            if request.method == "POST" and request.content_type in FORMS:
                typed = _flat(request.POST)  # what cannot be read at all is refused here
                if request.path.startswith("/api/"):  # on pages the forms say it, so that nothing typed is lost
                    _refuse_unreadable(*typed)
        except Refused as refused:
            return refusal(request, refused)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal raised by a view becomes a page; anything else is a failure of ours."""
        if isinstance(exception, DataError | UnicodeEncodeError) or _holds_nul(exception):  # no column holds these
            log.warning("the database cannot hold what was sent to %s", request.path, exc_info=exception)
            return refusal(request, BadInput("有的内容系统存不下，可能数字太大或日期太远。没有写入任何记录。"))
        return refusal(request, exception) if isinstance(exception, Refused) else None


class _ProgramCsrf(CsrfViewMiddleware):
    """Tells why a form's token does not fit, instead of answering."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _identify_program(request: HttpRequest) -> None:
    """A program is who its token says and no session counts; a browser's session writes only with its CSRF token."""
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = token_of(presented.strip())
        request.user = token.person if token else AnonymousUser()
        request.token = token  # type: ignore[attr-defined]
        if token is None:
            raise NotSignedIn("令牌无效或已作废，请重新申请。")
    elif request.method not in SAFE and request.user.is_authenticated:
        guard = _ProgramCsrf(lambda _: HttpResponse())
        guard.process_request(request)
        if guard.process_view(request, lambda _: HttpResponse(), (), {}):
            raise NotAllowed("用浏览器会话写入时要带 X-CSRFToken；程序请用令牌。")


def _wrong_verb(request: HttpRequest, verbs: str) -> HttpResponse:
    """The address is there, and does not answer to this verb: those it answers to are named."""
    answer = refusal(request, WrongVerb("这个地址不能这样打开，请从页面上的按钮操作。"))
    answer["Allow"] = verbs
    return answer


def _flat(values: Any) -> list[str]:
    return [text for name, many in values.lists() for text in (name, *many) if isinstance(text, str)]


def _holds_nul(exception: Exception) -> bool:
    """What the database's driver says of a NUL byte that no form has refused."""
    return isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)


def _refuse_unreadable(*texts: str) -> None:
    if any("\x00" in text for text in texts):
        raise BadInput("内容里有看不见的空字符，没有写入任何记录。", instead="请删掉从别处粘贴来的部分，重新输入。")
