"""Signed JSON over HTTPS, signed as the Standard Webhooks specification says; the secret stands in the environment.

One report is one POST; what the other side has is asked with GET at the same address. See docs/connectors.md.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings

from portal.outbound.models import REASON, Report, System
from portal.outbox import NotNow

from . import web
from .connector import Answer, Connector, Known, Rejected

PREFIX = "whsec_"
PAGES = 400  # of what the other side has, at most
SIGNS = 80  # of a receipt number


class SignedJson(Connector):
    """Signed JSON over HTTPS; works with any system that keeps to the contract."""

    code = "signed_json"
    title = "接口直报"
    about = "自动发送，对方收到后回执。密钥由运维登记。"

    def refuse_endpoint(self, endpoint: str) -> None:
        """Https and public, or listed by the operator."""
        web.refuse_endpoint(endpoint)

    def send(self, system: System, report: Report, *, at: datetime) -> Answer:
        """One POST under the report's key. 2xx is taken, 400, 409 or 422 with a reason refused, all else is tried again."""
        body = report.body.encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **signed(system, f"msg_{report.key.hex}", at, body),
        }
        said = web.ask("POST", system.endpoint, headers=headers, body=body)
        told = _object(said)
        receipt = _text(told.get("receipt"), SIGNS)
        if said.status in (200, 201, 409) and receipt:
            return Answer(receipt)
        if said.status == 202:
            return Answer()
        reason = _text(told.get("reason"), REASON)
        if said.status in (400, 409, 422) and reason:
            raise Rejected(reason)
        raise NotNow(f"http_{said.status}")

    def known(self, system: System, since: datetime, *, at: datetime) -> Iterator[Known]:
        """Page after page of what they say they have."""
        cursor = ""
        for _ in range(PAGES):
            asked = {"since": since.isoformat()} | ({"cursor": cursor} if cursor else {})
            joint = "&" if "?" in system.endpoint else "?"
            address = f"{system.endpoint}{joint}{urlencode(asked)}"
            headers = signed(system, f"ask_{uuid4().hex}", at, web.target(address).encode())
            said = web.ask("GET", address, headers=headers)
            told = _object(said)
            rows = told.get("reports")
            if said.status != 200 or not isinstance(rows, list):
                raise NotNow(f"http_{said.status}")
            yield from map(_known, rows)
            cursor = _text(told.get("next"), 400)
            if not cursor:
                return
        raise NotNow("too_many_pages")


def signed(system: System, name: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; `name` is the same however often the same thing is sent.

    A question (GET) has no body: what is signed in its place is its path and query.
    """
    moment = str(int(at.timestamp()))
    mac = hmac.new(secret_of(system), b".".join((name.encode(), moment.encode(), body)), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": name, "webhook-timestamp": moment, "webhook-signature": signature}


def secret_of(system: System) -> bytes:
    """The key shared with this system, from `OUTBOUND_SECRETS`. Raises NotNow while none is set: it waits for the operator."""
    text = settings.OUTBOUND_SECRETS.get(system.code, "")
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < 24:
        raise NotNow("no_secret")
    return key


def _object(said: web.Said) -> dict[str, Any]:
    """The answer as a JSON object; an empty one for anything else, so that a page of some gateway is no receipt."""
    try:
        told = json.loads(said.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        if said.status < 300:
            raise NotNow("not_json")
        return {}
    return told


def _known(row: Any) -> Known:
    if not isinstance(row, dict) or not isinstance(row.get("number"), str) or not isinstance(row.get("seq"), int):
        raise NotNow("not_the_contract")
    return Known(_text(row["number"], SIGNS), row["seq"], _text(row.get("receipt"), SIGNS))


def _text(value: Any, most: int) -> str:
    """A printable line of at most so many signs; nothing for anything else."""
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(sign for sign in line if sign.isprintable())[:most]
