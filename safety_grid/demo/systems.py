"""双线报送 in the demo: the county's emergency system has no interface yet, so receipts are brought back by Excel; another is not switched on."""

from datetime import datetime, time, timedelta

from portal import clock
from portal.errors import Refused
from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage, Story
from portal.outbound.actions import set_up, switch
from portal.outbound.models import System
from portal.outbound.receipts import due, enter
from safety_grid.flow import FLOW
from safety_grid.models import GENERAL, MAJOR

OFFICER = "caoyan"
MORNING = time(9, 10)
AFTER = timedelta(hours=20)  # until somebody has taken a report over there
EVERY = 6  # one in so many is refused
SAID = {"kind": FLOW.kind, "moments": ["registered", "supervised", "closed_out"], "endpoint": ""}


class Systems:
    """Sets both up on the first day; every morning the officer brings back what the other side answered."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage = district, stage
        self.answered = 0

    def begin(self) -> None:
        """One system is on, told of both grades; one waits for its key."""
        by, unit = self.district.person(OFFICER), self.district.bureau
        one = set_up(
            by=by,
            unit=unit,
            code="yingji",
            name="应急管理自助系统",
            connector="by_hand",
            sorts=[GENERAL, MAJOR],
            **SAID,
        )
        switch(one, on=True, by=by)
        away = SAID | {"endpoint": "https://hazards.example.gov.cn/reports"}
        set_up(by=by, unit=unit, code="pingtai", name="省隐患平台", connector="signed_json", sorts=[MAJOR], **away)
        self.stage.add(self.stage.starts + timedelta(days=1), self._mornings())

    def _mornings(self) -> Story:
        while True:
            yield datetime.combine(clock.today(), MORNING, clock.SCHOOL_TIME) + timedelta(days=1)
            self.answer()

    def answer(self) -> None:
        """Reports of the day before are answered: a receipt number for most, a reason for some."""
        by, system = self.district.person(OFFICER), System.objects.get(code="yingji")
        for report in due(system).filter(made_at__lt=clock.now() - AFTER)[:20]:
            self.answered += 1
            said = {"number": report.line.case.number, "seq": report.seq, "receipt": "", "reason": ""}
            bad = self.answered % EVERY == 0
            said |= {"reason": "单位代码不在库中"} if bad else {"receipt": f"QHYJ-2026-{self.answered:04}"}
            try:
                enter(system, said, by=by)
            except Refused:
                continue  # an earlier report of the same case was refused this morning


def summary() -> str:
    """How many reports there are."""
    return f"{System.objects.count()} systems told"
