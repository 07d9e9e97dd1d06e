"""Asking a WSGI application in process, as a web server would, and keeping time."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

Application = Callable[..., Any]


@dataclass(frozen=True)
class Answer:
    """What came back, and how many milliseconds it took from the call to the last byte."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    ms: float

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    @property
    def cookies(self) -> str:
        """The cookies it sets, as the next request sends them."""
        return "; ".join(value.partition(";")[0] for name, value in self.headers if name == "Set-Cookie")


def ask(app: Application, address: str, cookie: str, form: Mapping[str, str] | None = None) -> Answer:
    """GETs an address, or POSTs a form to it, with a session's cookie."""
    parts = urlsplit(address)
    sent = urlencode(form).encode() if form is not None else b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(sent),
        "CONTENT_LENGTH": str(len(sent)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    setup_testing_defaults(environ)
    said: list[Any] = []
    began = perf_counter()
    parts_of_body = app(environ, lambda status, headers, *_: said.extend((status, headers)))
    body = b"".join(parts_of_body)
    if hasattr(parts_of_body, "close"):
        parts_of_body.close()
    ms = (perf_counter() - began) * 1000
    return Answer(int(said[0].split()[0]), said[1], body, ms)


def timed(effect: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds an effect took, and what it gave."""
    began = perf_counter()
    given = effect()
    return (perf_counter() - began) * 1000, given
