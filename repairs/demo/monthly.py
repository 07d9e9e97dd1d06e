"""The monthly publication in the demo: opened by the clock, checked and signed within days; one school lets it lie."""

from datetime import timedelta

from portal import clock
from portal.cases.actions import move
from portal.cases.routines import arrange
from portal.hall.demo.cast import ADMIN
from portal.hall.demo.district import District, School
from portal.hall.demo.routines import KNOWN, comes_since
from portal.hall.demo.stage import Stage, Story
from repairs.flow import MONTHLY
from repairs.models import Monthly

LATE = "SM01"  # whose heads have not signed since the summer
DAYS = {"LX01": 2, "SY01": 1, "YT01": 16}  # until it is out; others take about four
CHECKED, USUAL = 30, 4  # hours, days
LATELY = timedelta(weeks=5)  # since when schools that nobody of the cast belongs to owe it


class Months:
    """Sees each month's case when the clock has opened it, and lets the school's people deal with it."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage = district, stage
        self.last = 0

    def begin(self) -> None:
        """Every school's duty is planned as it is on a fresh installation; then waits."""
        until = self.stage.until.astimezone(clock.SCHOOL_TIME).date()
        comes_since(self.district, MONTHLY, until - LATELY, but=KNOWN)
        arrange(by=self.district.person(ADMIN))
        self.stage.when_opened(self.look, MONTHLY.kind)

    def look(self) -> None:
        """Those opened since the last look are checked and signed, except at the school that lets them lie."""
        for case in Monthly.objects.filter(pk__gt=self.last).select_related("unit").order_by("pk"):
            self.last = case.pk
            school = self.district.schools[case.unit.code]
            if school.code != LATE:
                awake = self.district.hours.at_work(school.unit.path, case.opened_at + timedelta(hours=CHECKED), 5)
                self.stage.add(awake, self._signed(case, school))

    def _signed(self, case: Monthly, school: School) -> Story:
        move(case, "check", by=self.district.person(school.holder("logistics_head")), data={"note": "已与工单核对"})
        later = case.opened_at + timedelta(days=DAYS.get(school.code, USUAL), hours=10)
        yield self.district.hours.at_work(school.unit.path, later, 40)
        move(case, "publish", by=self.district.person(school.holder("principal")))
