"""演练 for programs: one beside those before it. Everything else about a drill is the spine's."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.queries import find
from portal.orgs.policies import SIGNED_IN
from portal.wire.endpoint import Verb, shape
from safety_grid.flow.drills import DRILLS
from safety_grid.queries import drills as queries

from .shapes import GridEndpoint

ComparedShape = shape(
    "ComparedDrillShape", "One drill: `slowest` and `middle` (the median) in seconds, and each group's seconds by its name.",
    number=serializers.CharField(), day=serializers.DateField(), people=serializers.IntegerField(),
    slowest=serializers.IntegerField(), middle=serializers.IntegerField(),
    groups=serializers.DictField(child=serializers.IntegerField()),
)  # fmt: skip
ComparisonShape = shape(
    "DrillComparisonShape", "This drill and up to five of the same kind before it, the oldest first.",
    results=ComparedShape(many=True),
)  # fmt: skip


class Comparison(GridEndpoint):
    """和前几次比较."""

    policies = {"GET": SIGNED_IN}
    verbs = {"GET": Verb("safety_drill_compare", "演练：和前几次比较", "演练过的才有。", gives=ComparisonShape)}

    def get(self, request: Request, number: str) -> Response:
        """The oldest first."""
        self.asked()
        case = queries.held(find(DRILLS, number.replace("\x00", ""), by=self.by))
        return Response(ComparisonShape({"results": queries.compared(case)}).data)
