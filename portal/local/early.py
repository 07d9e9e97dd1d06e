"""What people see who knock before the portal stands: a sentence, on a page that opens the portal by itself when it does."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from threading import Event, Thread

STYLE = "/static/sunlit.css"
AGAIN = 3  # seconds after which the page asks again
GLANCE, PATIENCE = 0.1, 2.0  # seconds: between two looks whether it is over, and for one visitor to say what they want
PAGE = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="{AGAIN}"><title>正在准备 · 阳光校务</title><link rel="stylesheet" href="{STYLE}"></head>
<body><main class="state" role="status"><h1>阳光校务正在准备</h1>
<p>第一次启动要建表并装入示范县的八周数据，约一两分钟。这一页会自己打开，不用刷新。</p></main></body></html>"""


@contextmanager
def answering(door: socket.socket, *, root: Path) -> Iterator[None]:
    """Answers at this listening door until the block ends; whoever knocks later waits for whoever takes it over.

    Nothing but the page and its style sheet is served, to anybody on this machine.
    """
    over = Event()
    usher = Thread(target=_usher, args=(door, over, root), daemon=True)
    usher.start()
    try:
        yield
    finally:
        over.set()
        usher.join()


def _usher(door: socket.socket, over: Event, root: Path) -> None:
    while not over.is_set():
        if select([door], [], [], GLANCE)[0]:
            with suppress(OSError):  # who has gone again needs no answer
                visitor, _ = door.accept()
                with visitor:
                    visitor.settimeout(PATIENCE)
                    visitor.sendall(_answer(visitor.recv(4096), root))


def _answer(asked: bytes, root: Path) -> bytes:
    if asked.startswith(f"GET {STYLE} ".encode()):
        return _response("200 OK", "text/css", (root / STYLE.lstrip("/")).read_bytes())
    return _response("503 Service Unavailable", "text/html; charset=utf-8", PAGE.encode())


def _response(status: str, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store\r\n"
    return f"{head}Retry-After: {AGAIN}\r\nConnection: close\r\n\r\n".encode() + body
