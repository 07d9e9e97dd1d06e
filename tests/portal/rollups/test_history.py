"""Whatever happens, in whatever order and whenever a pass runs: roll-ups equal a recount from scratch."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.cases.sweep import sweep
from portal.errors import Refused
from portal.orgs.actions import transplant
from portal.rollups.folding import fold
from portal.rollups.models import Daily
from portal.rollups.recounting import recount
from portal.worktime.actions import set_unit_day
from repairs.actions import report
from repairs.flow import FLOW
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, build_district, cast_of

pytestmark = pytest.mark.django_db
STEPS = (
    "accept",
    "assign",
    "arrive",
    "finish",
    "confirm",
    "send_back",
    "reject",
    "withdraw",
    "return_job",
    "reclassify",
    "replace",
)
FORWARD = {"reported": "accept", "accepted": "assign", "assigned": "arrive", "working": "finish", "finished": "confirm"}
THINGS = ("forward",) * 6 + (
    *STEPS,
    "report",
    "report",
    "fold",
    "sweep",
    "move_school",
    "move_building",
    "close_day",
    "circle",
)
HISTORY = st.lists(st.tuples(st.sampled_from(THINGS), st.integers(0, 3), st.integers(1, 90)), min_size=8, max_size=30)


class AnyHistory(TestCase):
    """A district lives through whatever hypothesis thinks of."""

    place: District
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        """The district once for all histories."""
        with clock.at(MONDAY):
            cls.place = build_district()
            cls.cast = cast_of(cls.place)

    @settings(max_examples=12, phases=[Phase.generate])
    @given(HISTORY)
    def test_roll_ups_equal_a_recount_after_any_history(self, history: list[tuple[str, int, int]]) -> None:
        at = MONDAY
        for thing, which, hours in history:
            at += timedelta(hours=hours)
            with clock.at(at):
                self.happen(thing, which, at)
        with clock.at(at):
            fold()
            assert fold() == 0
            assert recount(keep=False) == []
            self.every_total_is_the_sum_of_its_kinds()

    def happen(self, thing: str, which: int, at: datetime) -> None:
        """One thing; what the law refuses does not happen."""
        cases = list(Ticket.objects.order_by("pk"))
        try:
            if thing == "report":
                self.report(which)
            elif thing in (*STEPS, "forward") and cases:
                case = cases[which % len(cases)]
                thing = FORWARD.get(case.state, "") or "comment" if thing == "forward" else thing
                who, data = self.said(thing, which)
                move(case, thing, by=who, data=data)
            elif thing == "circle" and cases:
                Case.objects.filter(pk=cases[-1].pk).update(circle="grievance")
                move(cases[-1], "comment", by=self.cast.rita, data={"words": "这件事不要公开"})
            else:
                self.beside(thing, at)
        except Refused:
            pass

    def beside(self, thing: str, at: datetime) -> None:
        """What happens beside the cases."""
        if thing == "fold":
            fold(batches=1 + at.hour % 3)
        elif thing == "sweep":
            sweep()
        elif thing == "move_school":
            self.place.school.refresh_from_db()
            under = self.place.bureau if len(self.place.school.path) > 8 else self.place.town
            transplant(self.place.school, under=under, by="clock")
        elif thing == "move_building":
            transplant(
                self.place.building, under=self.place.far_school if at.hour % 2 else self.place.school, by="clock"
            )
        elif thing == "close_day":
            set_unit_day(
                unit=self.place.bureau, day=at.date(), is_open=bool(at.hour % 2), name="停课", by=self.cast.ada
            )

    def report(self, which: int) -> None:
        """A fault in one of two rooms, of one of two kinds."""
        data = {
            "unit": (self.place.room, self.place.other_room)[which % 2].pk,
            "topic": ("RP-05", "RP-03")[which // 2],
            "words": f"坏了 {next(NUMBERS)}",
        }
        report(filled(FLOW, FLOW.opening, case=None, by=self.cast.rita, data=data), by=self.cast.rita)

    def said(self, step: str, which: int) -> tuple[Any, dict[str, Any]]:
        """Who takes the step, and with which words."""
        cast = self.cast
        return {
            "comment": (cast.rita, {"words": "还有话说"}),
            "accept": (cast.dora, {"reply": "马上来"}),
            "assign": (cast.dora, {"assignee": cast.will.pk}),
            "arrive": (cast.will, {}),
            "finish": (cast.will, {"after": [photo_of(cast.will).pk] if step == "finish" else []}),
            "confirm": (cast.rita, {"speed": 3 + which % 3, "quality": 5}),
            "send_back": (cast.rita, {"reason": "还在漏"}),
            "reject": (cast.dora, {"reason": "不归我们管"}),
            "withdraw": (cast.rita, {}),
            "return_job": (cast.will, {"reason": "要电工证"}),
            "reclassify": (cast.dora, {"topic": "RP-01", "priority": 2, "reason": "看错了"}),
            "replace": (cast.dora, {"unit": self.place.other_room.pk, "reason": "写错了"}),
        }[step]

    def every_total_is_the_sum_of_its_kinds(self) -> None:
        """Kinds add up to the whole, tally by tally."""
        whole: dict[tuple[Any, ...], int] = {}
        kinds: dict[tuple[Any, ...], int] = {}
        for row in Daily.objects.filter(tally__in=["repairs.reported", "repairs.finished", "repairs.rework"]):
            into = kinds if row.topic else whole
            key = (row.tally, row.unit_id, row.day)
            into[key] = into.get(key, 0) + row.n
        assert whole == kinds


NUMBERS = count()
