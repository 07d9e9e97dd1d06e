"""What every address of the canteen has in common: who asks, and writes that happen once per key."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from portal.cases.keys import Answer, once
from portal.errors import BadInput
from portal.orgs.models import User
from portal.orgs.policies import person
from portal.wire.endpoint import Endpoint
from portal.wire.kinds import Schema

DIGITS, PLACES, CENTS = 15, 3, 2
LARGEST = 2**31 - 1
WHERE: Schema = {"canteen": {"type": "integer", "minimum": 1, "maximum": LARGEST, "description": "食堂的编号。"}}


class CanteenEndpoint(Endpoint):
    """An address of the canteen."""

    tag = "食堂"

    @property
    def by(self) -> User:
        """Who asks."""
        return person(self.here)

    def keyed(self, data: dict[str, Any], effect: Callable[[], Any], *, status: int = 200) -> Response:
        """Writes once per `Idempotency-Key`."""

        def answer() -> Answer:
            return {"status": status, "body": effect()}

        key = self.here.headers.get("Idempotency-Key", "")
        told, replayed = once(by=self.by, key=key, asked=[self.here.path, data], effect=answer)
        return Response(told["body"], status=status, headers={"Idempotency-Replayed": "true"} if replayed else {})


def how_many(**options: Any) -> serializers.DecimalField:
    """A quantity as text, three decimals."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES, **options)


def yuan(**options: Any) -> serializers.DecimalField:
    """An amount in 元 as text, two decimals."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=CENTS, **options)


def whole(body: object, name: str) -> int:
    """A whole number beside a form's fields. Refused: anything else."""
    said = body.get(name) if isinstance(body, dict) else None
    if isinstance(said, bool) or not isinstance(said, int) or not 0 < said <= LARGEST:
        raise BadInput(f"{name} 要用整数。", errors={name: ["要用整数。"]})
    return said
