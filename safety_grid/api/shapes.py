"""What programs are told of the grid, and what an address of the grid has in common."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from portal.cases.api.shapes import UnitShape
from portal.cases.keys import Answer, once
from portal.orgs.models import User
from portal.orgs.policies import person
from portal.wire.endpoint import Endpoint, shape
from safety_grid.models import Days, Level

CellShape = shape(
    "CellShape",
    "A spot of the grid. Without `begins` and `ends` it is watched round the clock; other hours make another spot.",
    id=serializers.IntegerField(),
    unit=UnitShape(),
    name=serializers.CharField(),
    title=serializers.CharField(allow_blank=True),
    level=serializers.ChoiceField(choices=Level.choices),
    days=serializers.ChoiceField(choices=Days.choices),
    begins=serializers.TimeField(allow_null=True, format="%H:%M"),
    ends=serializers.TimeField(allow_null=True, format="%H:%M"),
    duties=serializers.CharField(allow_blank=True),
    closed_on=serializers.DateField(allow_null=True),
    version=serializers.IntegerField(),
)
HoldingShape = shape(
    "HoldingShape",
    "Who answers for a spot: `until` is the last whole day, `ended_at` the moment where it was ended at once.",
    id=serializers.IntegerField(),
    cell=serializers.IntegerField(source="cell_id"),
    person=serializers.CharField(source="person.name"),
    username=serializers.CharField(source="person.username"),
    since=serializers.DateField(),
    until=serializers.DateField(allow_null=True),
    ended_at=serializers.DateTimeField(allow_null=True),
    substitute=serializers.CharField(source="substitute.name", allow_null=True, default=None),
)
HolderAtShape = shape(
    "HolderAtShape",
    "Who answered then: the holder, whether they were on leave, and who stood in (none: nobody did).",
    cell=serializers.IntegerField(source="cell.pk"),
    place=serializers.CharField(source="cell.unit.place"),
    person=serializers.CharField(source="holding.person.name"),
    away=serializers.BooleanField(),
    substitute=serializers.CharField(source="substitute.name", allow_null=True, default=None),
)
GapShape = shape(
    "GapShape", "A gap, where it is, and the page whose form mends it.",
    title=serializers.CharField(), where=serializers.CharField(), note=serializers.CharField(), url=serializers.CharField(),
)  # fmt: skip


class GridEndpoint(Endpoint):
    """An address of the grid."""

    tag = "安全网格"

    @property
    def by(self) -> User:
        """Who asks."""
        return person(self.here)

    def keyed(self, asked: Any, effect: Callable[[], dict[str, Any]], *, status: int = 200) -> Response:
        """Writes once per `Idempotency-Key`."""

        def answer() -> Answer:
            return {"status": status, "body": effect()}

        key = self.here.headers.get("Idempotency-Key", "")
        told, replayed = once(by=self.by, key=key, asked=[self.here.path, asked], effect=answer)
        return Response(told["body"], status=status, headers={"Idempotency-Replayed": "true"} if replayed else {})
