"""Whatever goes wrong while a program is answered becomes the same kind of problem as the portal's own refusals."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions

from portal.errors import BadInput, NotAllowed, NotSignedIn, NotThere, Refused
from portal.hall.errors import Unreadable, WrongVerb, problem

log = logging.getLogger(__name__)
UNREADABLE = "这次提交的内容无法读取，没有写入任何记录。"


class WrongMedia(Refused):
    """The body's type is not one this address reads (HTTP 415)."""

    status = 415
    title = "内容类型不对"


class TooLarge(Refused):
    """The body is larger than any this address needs (HTTP 413)."""

    status = 413
    title = "内容太大"


def answer(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The problem this error is; none for a failure of ours, which is answered and logged as such."""
    refused = refusal_of(error)
    return problem(refused) if refused else None


def refusal_of(error: Exception) -> Refused | None:
    """What the portal would say, for everything that is not a failure of ours."""
    match error:
        case Refused():
            return error
        case Http404() | exceptions.NotFound():
            return NotThere()
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return NotSignedIn("请先登录：在 Authorization 里带上令牌。")
        case PermissionDenied() | exceptions.PermissionDenied():
            return NotAllowed("这里您打不开。")
        case exceptions.MethodNotAllowed():
            return WrongVerb("这个地址没有这个方法，见 Allow。")
        case exceptions.UnsupportedMediaType():
            return WrongMedia("内容类型不对，请照接口说明填写 Content-Type。")
        case DataError() | UnicodeEncodeError():
            log.warning("the database cannot hold what was sent", exc_info=error)
            return BadInput("有的内容系统存不下，可能数字太大或日期太远。没有写入任何记录。")
        case SuspiciousOperation() | UnreadablePostError() | exceptions.ParseError():
            return Unreadable(str(error) if isinstance(error, exceptions.ParseError) else UNREADABLE)
        case exceptions.APIException(status_code=413):
            return TooLarge(str(error))
    return None
