"""What is open already at a place, for programs that report: the same answer as the report form shows."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.shapes import CaseShape, live_clocks
from portal.cases.queries import open_alike
from portal.errors import NotThere
from portal.orgs.access import places_for
from portal.orgs.policies import SIGNED_IN, person
from portal.wire.endpoint import Endpoint, Verb
from repairs.forms.similar import SimilarForm
from repairs.queries.similar import KIND, MOST


class SimilarShape(serializers.Serializer[Any]):
    """Open reports of this kind at this place, the newest first, at most three."""

    results = CaseShape(many=True)


class SimilarReports(Endpoint):
    """Asked before reporting: what is open here already, as far as the person may see it."""

    policies = {"GET": SIGNED_IN}
    tag = "报修"
    verbs = {
        "GET": Verb(
            "repairs_tickets_similar", "报修：同地点同类在办的", "报修前先问一次；是同一件就关注它（steps/follow）。",
            asks=SimilarForm, gives=SimilarShape, refuses=(404,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """The newest of them. Not there: a place where the person may not report."""
        by, asked = person(self.here), self.asked()
        place = places_for(by).filter(pk=asked["unit"]).first()
        if place is None:
            raise NotThere
        rows = list(open_alike(KIND, place, asked["topic"], by=by).select_related("unit", "opener", "assignee")[:MOST])
        return Response(SimilarShape({"results": rows}, context={"clocks": live_clocks(rows)}).data)
