"""Speaking to one server over HTTPS: no redirects, no private networks, an end to patience and to size.

Addresses are https and public, but for the origins an operator has listed in `OUTBOUND_ORIGINS` (a government network
inside, say). The name is resolved once, looked at, and that very address is connected to.
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from portal.errors import BadInput
from portal.outbox import NotNow

PATIENCE = 10.0  # seconds for each answer of the network
AT_MOST = 40.0  # seconds for the whole exchange, well below the outbox's lease
LARGEST = 2 * 1024 * 1024  # bytes of an answer
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Said:
    """What the server said."""

    status: int
    body: bytes


def refuse_endpoint(endpoint: str) -> None:
    """Refused with a sentence: no https address with a host, one that carries a password, or one that names a network inside."""
    try:
        parts = urlsplit(endpoint)
        ready = bool(parts.hostname) and _port(parts) > 0
    except ValueError:
        ready = False
    if not ready or parts.username is not None or parts.fragment or not endpoint.isascii():
        raise BadInput("请填写完整的接口地址，例如 https://hazards.example.gov.cn/reports。")
    if _listed(parts):
        return
    if parts.scheme != "https":
        raise BadInput("接口地址要以 https:// 开头。内网地址请运维登记到 OUTBOUND_ORIGINS。")
    if _is_inside(str(parts.hostname)):
        raise BadInput("这是内网地址。要用它，请运维登记到 OUTBOUND_ORIGINS。")


def ask(method: str, endpoint: str, *, headers: Mapping[str, str], body: bytes = b"") -> Said:
    """One request, one answer. Raises NotNow with a code when there was none, or it was too long or too slow."""
    connection = _connection(urlsplit(endpoint))
    timer = Timer(AT_MOST, _hang_up, [connection])
    timer.daemon = True
    timer.start()
    try:
        if isinstance(connection.sock, ssl.SSLSocket):
            connection.sock.do_handshake()
        connection.request(method, target(endpoint), body or None, {"Connection": "close", **headers})
        answer = connection.getresponse()
        said = answer.read(LARGEST + 1)
    except (OSError, HTTPException) as error:
        raise NotNow(type(error).__name__) from error
    finally:
        timer.cancel()
        connection.close()
    if len(said) > LARGEST:
        raise NotNow("too_long")
    return Said(answer.status, said)


def target(endpoint: str) -> str:
    """Path and query of an address, as the request's first line has them."""
    parts = urlsplit(endpoint)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(parts: SplitResult) -> HTTPConnection:
    """A connection to the address we have looked at, and no other; its handshake is still to be done."""
    host, port = str(parts.hostname), _port(parts)
    try:
        sock = socket.create_connection((_address(parts, host, port), port), timeout=PATIENCE)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    except OSError as error:
        raise NotNow(type(error).__name__) from error
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    connection.sock = sock
    return connection


def _address(parts: SplitResult, host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not _listed(parts) and (parts.scheme != "https" or any(_is_inside(one) for one in addresses)):
        raise NotNow("address_inside")
    return addresses[0]


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS.get(parts.scheme, 0)


def _listed(parts: SplitResult) -> bool:
    """Whether the operator has listed this origin: scheme, host and port."""
    asked = (parts.scheme, parts.hostname, _port(parts))
    return any((one.scheme, one.hostname, _port(one)) == asked for one in map(urlsplit, settings.OUTBOUND_ORIGINS))


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return host == "localhost" or "." not in host


def _hang_up(connection: HTTPConnection) -> None:
    """Ends an exchange that drips on for ever; reading then fails."""
    try:
        connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
