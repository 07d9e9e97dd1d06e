"""What every address of the canteen has in common: who asks, and writes that happen once per key."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from portal.cases.keys import Answer, once
from portal.orgs.models import User
from portal.orgs.policies import person
from portal.wire.endpoint import Endpoint

DIGITS, PLACES, CENTS = 15, 3, 2


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
