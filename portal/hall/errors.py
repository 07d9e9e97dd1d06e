"""Refusals as pages: help, not failure."""

from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    return HttpResponse("页面停留太久了，请返回刷新后再提交一次。", status=403)
