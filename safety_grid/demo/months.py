"""What the clock asks of every school each month: the safety publication and a drill; one school lets them lie."""

from datetime import timedelta

from portal import clock
from portal.cases.actions import move
from portal.hall.demo.district import District, School
from portal.hall.demo.routines import KNOWN, comes_since
from portal.hall.demo.stage import Stage, Story
from safety_grid.flow import DRILLS, MONTHS
from safety_grid.models import Drill, SafetyMonth

from .rounds import results

LATE = "SM01"  # whose heads have signed nothing since the summer
TODAY = "LX01"  # where this month's drill is still to be held
LATELY = timedelta(weeks=5)
CHECKED, OUT, HELD, REVIEWED = timedelta(hours=33), timedelta(days=4), timedelta(days=3), timedelta(hours=26)


class Monthly:
    """Sees what the clock has opened, and lets each school's people deal with it."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage = district, stage
        self.month = self.drill = 0

    def begin(self) -> None:
        """Waits for the clock; at schools that nobody of the cast belongs to it has come only lately."""
        until = self.stage.until.astimezone(clock.SCHOOL_TIME).date()
        for flow in (MONTHS, DRILLS):
            comes_since(self.district, flow, until - LATELY, but=KNOWN)
        self.stage.when_opened(self.look, MONTHS.kind, DRILLS.kind)

    def look(self) -> None:
        """Publications are checked and signed; drills that nobody planned otherwise are held and reviewed."""
        for case in SafetyMonth.objects.filter(pk__gt=self.month).select_related("unit").order_by("pk"):
            self.month = case.pk
            self._later(case.unit.code, CHECKED, self._signed(case, self.district.schools[case.unit.code]))
        for drill in Drill.objects.filter(pk__gt=self.drill, opener=None).select_related("unit").order_by("pk"):
            self.drill = drill.pk
            school = self.district.schools[drill.unit.code]
            if school.code != TODAY or self.stage.until - clock.now() > timedelta(days=20):
                self._later(school.code, HELD, self._held(drill, school))

    def _later(self, code: str, after: timedelta, story: Story) -> None:
        if code != LATE:
            path = self.district.place(code).path
            self.stage.add(self.district.hours.at_work(path, clock.now() + after, 30), story)

    def _signed(self, case: SafetyMonth, school: School) -> Story:
        move(case, "check", by=self.district.person(school.holder("safety_head")), data={"note": "已与隐患台账核对"})
        yield self.district.hours.at_work(school.unit.path, case.opened_at + OUT, 40)
        move(case, "publish", by=self.district.person(school.holder("principal")))

    def _held(self, drill: Drill, school: School) -> Story:
        by = self.district.person(school.holder("safety_head"))
        move(drill, "hold_drill", by=by, data=results(school, drill.pk % 3, by))
        yield self.district.hours.at_work(school.unit.path, clock.now() + REVIEWED, 20)
        move(drill, "review_drill", by=by, data={"words": "撤离有序；集合点名可以再快一些。"})
