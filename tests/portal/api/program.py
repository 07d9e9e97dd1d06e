"""A program that speaks to the API as one person."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.orgs.models import User
from portal.orgs.tokens import issue_token
from tests.conftest import jpeg

TICKETS = "/api/v1/repairs/tickets"


@dataclass
class Program:
    """Sends JSON with a token (none: nobody); `raw` bodies go as they are."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    @classmethod
    def of(cls, person: User) -> "Program":
        return cls(issue_token(person=person, name="测试", by=person, second_factor=True))

    def get(self, url: str, **query: Any) -> Any:
        return self.client.get(url, query, headers=self._headers({}))

    def post(self, url: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        sent = json.dumps({} if body is None else body).encode() if raw is None else raw
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = headers.pop("content-type", "application/json")
        return self.client.post(url, sent, content_type=kind, headers=self._headers(headers))

    def delete(self, url: str) -> Any:
        return self.client.delete(url, headers=self._headers({}))

    def photo(self, colour: str = "teal") -> str:
        """Uploads a photo and gives its id."""
        answer = self.upload({"file": SimpleUploadedFile("photo.jpg", jpeg(colour), "image/jpeg")})
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def upload(self, data: dict[str, Any]) -> Any:
        return self.client.post("/api/v1/evidence", data, headers=self._headers({}))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return more | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


def step_of(number: str, step: str) -> str:
    """Where a step of a ticket is sent."""
    return f"{TICKETS}/{number}/steps/{step}"
