"""Another authority's system over real HTTP, as unreliable as one likes; it keeps to the contract of docs/connectors.md."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
PAGE = 7  # records a page
Behaviour = Callable[["Handler"], None]


@dataclass
class Books:
    """What the other side has: every request, each message once by its key, one record for each number."""

    asked: Counter[str] = field(default_factory=Counter)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    behave: Behaviour = lambda handler: handler.take()
    forged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, key: str, body: dict[str, Any]) -> str:
        """Takes a message once; its receipt number is the record's."""
        with self.lock:
            data = body["data"]
            record = self.records.setdefault(data["number"], {"receipt": f"YJ-{len(self.records) + 1:04d}", "seqs": []})
            if key not in self.messages:
                self.messages[key] = body
                record["seqs"].append(data["seq"])
            return str(record["receipt"])

    def page(self, cursor: str) -> dict[str, Any]:
        """Some of what it has."""
        numbers = [one for one in sorted(self.records) if one > cursor]
        rows = [
            {"number": one, "seq": max(self.records[one]["seqs"]), "receipt": self.records[one]["receipt"]}
            for one in numbers[:PAGE]
        ]
        return {"reports": rows, "next": numbers[PAGE - 1] if len(numbers) > PAGE else ""}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    books: Books

    def do_POST(self) -> None:
        """A report."""
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self._judge(self.body)
        with self.books.lock:
            self.books.asked[self.headers["webhook-id"]] += 1
        self.books.behave(self)

    def do_GET(self) -> None:
        """What it has."""
        self._judge(self.path.encode())
        if self.books.behave is down:
            down(self)
            return
        cursor = parse_qs(urlsplit(self.path).query).get("cursor", [""])[0]
        self.answer(200, self.books.page(cursor))

    def _judge(self, content: bytes) -> None:
        """The signature, checked as the specification says."""
        name, moment, given = (self.headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
        mac = hmac.new(b"k" * 32, f"{name}.{moment}.".encode() + content, hashlib.sha256).digest()
        self.books.forged += given != f"v1,{base64.b64encode(mac).decode()}"

    def take(self) -> str:
        """Enters the report and says its receipt number."""
        receipt = self.enter()
        self.answer(200, {"receipt": receipt})
        return receipt

    def enter(self) -> str:
        """Enters the report without a word."""
        return self.books.enter(self.headers["webhook-id"], json.loads(self.body))

    def answer(self, status: int, told: Any, *, times: int = 1, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """A JSON answer, now and then more than once."""
        body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
        for _ in range(times):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


def down(handler: Handler) -> None:
    """Hangs up without a word."""
    handler.close_connection = True
    handler.connection.close()


def lost_answer(handler: Handler) -> None:
    """Takes the report and hangs up before answering."""
    handler.enter()
    down(handler)


def slow(handler: Handler) -> None:
    """Takes its time."""
    time.sleep(0.05)
    handler.take()


def broken(handler: Handler) -> None:
    """Fails inside."""
    handler.answer(500, {"reason": "内部错误"})


def gateway(handler: Handler) -> None:
    """Some proxy answers in its place."""
    handler.answer(200, "<html>请先登录政务外网</html>".encode())


def twice(handler: Handler) -> None:
    """Got the request doubled by the network, and answers twice."""
    handler.enter()
    handler.answer(200, {"receipt": handler.enter()}, times=2)


def later(handler: Handler) -> None:
    """Takes it and gives the receipt number another day."""
    handler.enter()
    handler.answer(202, {})


def refusing(handler: Handler) -> None:
    """Reads it and will not have it."""
    handler.answer(422, {"reason": "单位代码不在库中"})


def elsewhere(handler: Handler) -> None:
    """Sends one on to another server."""
    handler.answer(307, {}, headers=(("Location", "http://127.0.0.1:9/"),))


def endless(handler: Handler) -> None:
    """Answers with more than anybody wants to read."""
    handler.answer(200, b" " * (3 * 1024 * 1024))


@dataclass
class Receiver:
    """A running receiver."""

    books: Books
    origin: str

    @property
    def url(self) -> str:
        """Where reports go."""
        return f"{self.origin}/reports"


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Runs one on a free port of this machine."""
    books = Books()
    handler = type("Own", (Handler,), {"books": books})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield Receiver(books, f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
