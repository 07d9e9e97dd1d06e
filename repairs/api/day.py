"""今天的活 for programs, in the same order as the page."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.shapes import CaseShape, live_clocks
from portal.orgs.policies import holding, person
from portal.wire.endpoint import Endpoint, Verb
from repairs.queries.day import group_of, jobs_of


class JobShape(CaseShape):
    """A job of the day: under which heading it stands, and when a visit is agreed."""

    group = serializers.SerializerMethodField(help_text="约好的、已超时、今天到期、以后到期、协助别人的")
    visit_at = serializers.DateTimeField(allow_null=True)

    def get_group(self, ticket: Any) -> str:
        """The heading."""
        return group_of(ticket)


class DayShape(serializers.Serializer[Any]):
    """The jobs in the order of the day, at most sixty."""

    results = JobShape(many=True)


class Day(Endpoint):
    """What the person has to do."""

    policies = {"GET": holding("technician", "contractor")}
    tag = "报修"
    verbs = {
        "GET": Verb("repairs_today", "今天的活", "派给本人和请本人协助的，按约定时间、时限和地点排好。", gives=DayShape)
    }

    def get(self, request: Request) -> Response:
        """Their jobs."""
        jobs = jobs_of(person(self.here))
        return Response(DayShape({"results": jobs}, context={"clocks": live_clocks(jobs)}).data)
