"""No sequence of steps by any cast leaves the law of a hazard: grades, plans, checkers, board and clocks hold after every move."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest

from portal import clock
from portal.cases.merging import MERGED
from portal.cases.models import CaseLink, CaseParty
from portal.ledger.models import Event
from safety_grid.flow import FLOW
from safety_grid.models import Hazard
from safety_grid.queries.hazards import NOT_ONE
from safety_grid.rules.hazards import fixers
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, build_district, cast_of
from tests.lives import SILENCE, CaseLife, Start, live, stood_in
from tests.safety_grid.cast import Grid, grid_of
from tests.safety_grid.hazards import five, reported
from tests.safety_grid.test_visits import anonymous

GENERAL = [("register", "an"), ("plan", "gao"), ("start", "gao"), ("finish", "gao"), ("close_out", "an")]
MAJOR = [("register:major", "hu"), ("plan", "gao"), ("finish", "gao"), ("accept", "song"), ("recheck_ok", "an")]
STARTS: list[Start] = [GENERAL[:n] for n in range(6)] + [MAJOR[:n] for n in range(1, 6)]
STARTS += [[GENERAL[0], ("fix_now", "gao")], [*GENERAL[:2], SILENCE], [("refer", "an")]]
STARTS += [[GENERAL[0], ("fix_now", "gao"), ("finish", "gao")], [GENERAL[0], ("fix_now", "gao"), SILENCE]]
STARTS += [[("refuse", "an")], [("withdraw", "rita")], [("merge", "an")], [("refer", "an"), ("merge", "hu")]]
STRANGERS: list[Start] = [[("vouch", "an")], [("dismiss", "an")]]
PLANNED = ("planned", "working", "supervised", "to_accept", "to_recheck")


class HazardLife(CaseLife):
    """One hazard."""

    flow, starts, silence = FLOW, [*STARTS, *STRANGERS], 400
    people: ClassVar = ["rita", "an", "gao", "hu", "vera", "song", "liang", "bao", "xin", "ouyang", "shi"]
    plays: ClassVar = {
        "opener": "rita", "safety_head": "an", "assignee": "gao", "principal": "hu", "vice_principal": "vera",
        "safety_officer": "song", "director": "song", "governor": "hu", "told": "an", "helper": "gao",
    }  # fmt: skip
    cast: ClassVar[Cast]
    grid: ClassVar[Grid]

    def begun(self, start: Start) -> Hazard:
        self.other = reported(self.place, self.cast.vera)
        return anonymous(self.place, self.cast) if start in STRANGERS else reported(self.place, self.cast.rita)

    def person(self, name: str) -> Any:
        return getattr(self.grid, name, None) or getattr(self.cast, name)

    def said(self, name: str, person: Any) -> dict[str, Any]:
        grade = "major" if name == "register:major" else "general"
        data = {
            "topic": "RP-04" if name == "to_repair" else "HZ-03",
            "grade": grade,
            "note": "说明",
            "reason": "有原因",
        }
        data |= {"progress": "到货", "words": "一句话", "unit": self.place.room.pk} | five(self.person("gao"))
        data |= {"asked_on": (self.at + timedelta(days=20)).date().isoformat(), "into": self.other.number}
        return data | ({"after": [str(photo_of(person).pk)]} if name == "finish" else {})

    def also_holds(self, case: Hazard) -> None:
        """Planned means all five; graded; merged leads on; nobody checked their own work."""
        assert case.state not in PLANNED or all((case.measures, case.interim, case.due_on, case.assignee_id))
        assert case.state not in PLANNED[2:] or case.supervised_at is not None
        assert case.state not in PLANNED[3:] or case.is_major
        assert case.grade or case.state in (*NOT_ONE, "reported", "to_grade")
        self._nobody_waits_in_vain(case)
        self._nobody_checked_their_own(case)

    def _nobody_waits_in_vain(self, case: Hazard) -> None:
        """Merged, its reporter follows the other one, which is as it was."""
        parties = CaseParty.objects.filter(case=self.other.pk, person=case.opener_id, as_what="follower")
        followed = case.opener_id is None or parties.exists()  # a stranger has a receipt, which leads to the other one
        linked = CaseLink.objects.filter(source=case.pk, target=self.other.pk, kind=MERGED).exists()
        assert (case.state == "merged") == linked and (not linked or followed)
        assert Hazard.objects.get(pk=self.other.pk).is_open

    def _nobody_checked_their_own(self, case: Hazard) -> None:
        if case.state != "closed_out":
            return
        last = Event.objects.filter(address=case.address, verb__in=["close_out", "recheck_ok"]).latest("seq")
        assert int(last.who.partition(":")[2]) not in fixers(case)


@pytest.fixture
def lives(db: None) -> type[HazardLife]:
    with clock.at(MONDAY):
        HazardLife.place = build_district()
        HazardLife.cast, HazardLife.grid = cast_of(HazardLife.place), grid_of(HazardLife.place)
    return HazardLife


def test_no_sequence_of_steps_leaves_the_law(lives: type[HazardLife]) -> None:
    live(lives, examples=40, steps=12)


def test_every_state_is_stood_in_by_somebody(lives: type[HazardLife]) -> None:
    assert stood_in(lives) | {"unconfirmed"} == set(FLOW.tokens)
