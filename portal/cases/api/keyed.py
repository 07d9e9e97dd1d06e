"""What addresses that write have in common beside cases: who asks, and writes that happen once per key."""

from collections.abc import Callable
from typing import Any

from rest_framework.response import Response

from portal.cases.keys import Answer, once
from portal.errors import BadInput
from portal.orgs.models import User
from portal.orgs.policies import person
from portal.wire.endpoint import Endpoint
from portal.wire.kinds import Schema

from .mapping import BESIDE

SEEN: Schema = {
    BESIDE: {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "description": "看到的版本，取自上一次回答。"}
}


def seen_in(body: Any) -> int | None:
    """The version a body says it has seen; none where it says none. Refused: what is no version."""
    value = body.get(BESIDE) if isinstance(body, dict) else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadInput("version 要用整数。", errors={BESIDE: ["要用整数，取自上一次回答。"]})
    return value


class KeyedEndpoint(Endpoint):
    """An address whose writes take an `Idempotency-Key`."""

    @property
    def by(self) -> User:
        """Who asks."""
        return person(self.here)

    def keyed(self, data: Any, effect: Callable[[], Any], *, status: int = 200) -> Response:
        """Writes once per `Idempotency-Key`: the same request again gets the stored answer."""

        def answer() -> Answer:
            return {"status": status, "body": effect()}

        key = self.here.headers.get("Idempotency-Key", "")
        told, replayed = once(by=self.by, key=key, asked=[self.here.path, data], effect=answer)
        return Response(told["body"], status=status, headers={"Idempotency-Replayed": "true"} if replayed else {})
