"""Where a request comes from: the browser's own mark, and the network's address as far as it can be believed."""

import secrets
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.orgs.signin import Caller

COOKIE, SALT, AGE = "sunlit_browser", "portal.hall.browser", 2 * 365 * 24 * 3600
BROWSERS = {"MicroMessenger": "微信", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def caller_of(request: HttpRequest) -> Caller:
    """The browser and the network a try comes from; a program has no browser."""
    return Caller(device=_mark(request), network=network_of(request))


def network_of(request: HttpRequest) -> str:
    """The address of the network: what trusted proxies say, read from the nearest; a whole /64 for IPv6."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    address = request.META.get("REMOTE_ADDR", "")
    while hops and _trusted(address):
        address = hops.pop()
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found or "unknown")


def marked(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer, leaving the browser a mark of its own when it has none; refreshed at each signing in."""
    code = mark_of(request)
    answer.set_signed_cookie(
        COOKIE, code, salt=SALT, max_age=AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer


def device_name(request: HttpRequest) -> str:
    """What the person recognises the device by: the browser and the system."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "浏览器")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} · {system}" if system else browser


def mark_of(request: HttpRequest) -> str:
    """The browser's mark; a browser without one has the one it will be given with the answer."""
    mark: str = _mark(request) or getattr(request, "new_mark", "") or secrets.token_hex(16)
    request.new_mark = mark  # type: ignore[attr-defined]
    return mark


def _mark(request: HttpRequest) -> str:
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=AGE) or ""


def _trusted(address: str) -> bool:
    """Whether this hop is one of our proxies; a server behind a socket file sees no address, and `unix` trusts it."""
    found = _parsed(address)
    if found is None:
        return not address and "unix" in settings.TRUSTED_PROXIES
    networks = (ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES if one != "unix")
    return any(found.version == network.version and found in network for network in networks)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address.strip("[]"))
    except ValueError:
        return None
