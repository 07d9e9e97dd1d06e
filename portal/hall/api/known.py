"""Who asks: the doorkeeper has found out already, by token or by session; here the API's frame is told."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request


class Known(BaseAuthentication):
    """The person the doorkeeper let in, with their token if they have one."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The person and the token, or nobody."""
        before = request._request
        return (before.user, getattr(before, "token", None)) if before.user.is_authenticated else None

    def authenticate_header(self, request: Request) -> str:
        """How a program says who it is."""
        return "Bearer"


class OneFormat(BaseContentNegotiation):
    """Bodies are read by their type; answers are JSON whatever is asked for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser for the body's media type, none for another."""
        said = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == said), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first and only one."""
        return renderers[0], renderers[0].media_type
