"""The day in the canteen of 柳溪镇中心小学: menus week by week, samples, meals eaten along, controls, cameras, certificates,
and what was bought, published each week.

The bureau tries it there first: elsewhere the duties of the day do not come yet.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from canteen.actions import (
    add_dish,
    enter_health_card,
    set_camera,
    set_meal,
    set_view,
)  # fmt: skip
from canteen.flow import ACCOMPANIES, CONTROLS, MENUS, PURCHASES, SAMPLINGS
from canteen.models import Accompany, Camera, Canteen, Control, Dish, Ingredient, Sample, Sampling
from canteen.queries.duties import unsampled
from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from portal.errors import Refused
from portal.hall.demo.district import District
from portal.hall.demo.routines import comes_only_at
from portal.hall.demo.stage import Stage, Story
from portal.worktime.calendars import calendar_for

from .places import the_canteen

SCHOOL = "LX01"
FLOWS = (MENUS, PURCHASES, SAMPLINGS, ACCOMPANIES, CONTROLS)
DAILY, LATELY = (SAMPLINGS, ACCOMPANIES, CONTROLS), timedelta(days=12)  # these came only lately
UNSAMPLED = 4  # the meal of which nobody kept samples
KEPT = timedelta(hours=24)  # what could be discarded since is for visitors to discard
DISHES = (
    ("米饭", "staple", "1.00", (("大米", 110),)),
    ("番茄炒蛋", "vegetable", "2.50", (("番茄", 80), ("鸡蛋", 30), ("菜籽油", 5))),
    ("土豆烧鸡腿", "meat", "4.50", (("鸡腿", 40), ("土豆", 60), ("菜籽油", 5))),
    ("红烧豆腐", "vegetable", "2.00", (("豆腐", 60), ("猪肉", 10))),
    ("炒大白菜", "vegetable", "1.50", (("大白菜", 120), ("菜籽油", 4))),
    ("萝卜炖牛肉", "meat", "5.00", (("牛肉", 30), ("白萝卜", 70))),
    ("冬瓜汤", "soup", "0.50", (("冬瓜", 50),)),
    ("香蕉", "side", "1.00", (("香蕉", 80),)),
    ("纯牛奶", "side", "1.50", (("纯牛奶", 100),)),
)
TRAYS = ((0, 1, 2, 6, 7), (0, 3, 5, 4, 8), (0, 1, 5, 6, 7), (0, 2, 4, 6, 8), (0, 3, 1, 6, 7))  # Monday to Friday
SPOTS = ("K01", "K02", "K03", "K04", "K05", "K07")
AWAKE, SILENT = timedelta(days=60), timedelta(hours=-3)  # no machine says so in a demo: all but one camera live
STAFF = (("楚香", "厨师长", 200), ("陈小琴", "洗消", 20), ("何大勇", "厨师", 6), ("冯秀", "分餐", 140))


def begin(district: District, stage: Stage) -> None:
    """Puts it on the stage; nothing where the school was not planted."""
    since = stage.until.astimezone(clock.SCHOOL_TIME).date() - LATELY
    for flow in FLOWS:
        comes_only_at(district, flow, (SCHOOL,), since=since if flow in DAILY else None)
    if not district.has(SCHOOL):
        return
    life = Days(district, stage)
    life.set_out()
    stage.when_opened(life.look, *(flow.kind for flow in FLOWS))


class Days:
    """What people do about what the clock opens."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage, self.last, self.number, self.meals = district, stage, 0, 0, 0
        self.canteen: Canteen = the_canteen(district, SCHOOL)
        self.manager, self.chef = district.person("jianghong"), district.person("chuxiang")
        self.officer, self.director = district.person("fangzheng"), district.person("zhongming")
        self.principal = district.person(district.schools[SCHOOL].holder("principal"))
        self.vice = district.person(district.schools[SCHOOL].holder("vice_principal"))

    def set_out(self) -> None:
        """Dishes, menus of the weeks, cameras but one, certificates."""
        food = {one.name: one for one in Ingredient.objects.filter(school=self.canteen.school)}
        dishes = [
            add_dish(
                school=self.canteen.school, name=name, course=course, price=Decimal(price), by=self.chef,
                parts=[{"ingredient": food[what], "grams": Decimal(grams)} for what, grams in parts],
            )
            for name, course, price, parts in DISHES
        ]  # fmt: skip
        self._menus(dishes)
        for at, spot in enumerate(SPOTS):
            still = f"https://kitchen.example.com/{spot}.jpg"
            one = set_camera(None, canteen=self.canteen, spot=spot, name=f"{at + 1} 号", still=still, by=self.manager)
            Camera.objects.filter(pk=one.pk).update(seen_at=self.stage.until + (SILENT if spot == SPOTS[-1] else AWAKE))
        set_view(self.canteen, parents=True, windows=[["10:30", "12:30"]], by=self.manager)
        for name, job, days in STAFF:
            until = self.stage.until.date() + timedelta(days=days)
            enter_health_card(self.canteen, name=name, job=job, until=until, by=self.manager)

    def _menus(self, dishes: list[Dish]) -> None:
        """Something to eat on every school day, also a Saturday that is worked instead of a holiday."""
        day, last = clock.today(), self.stage.until.date() + timedelta(days=9)
        calendar = calendar_for(self.canteen.school.path)
        while day <= last:
            if day.weekday() < len(TRAYS) or calendar.is_school_day(day):
                chosen = [dishes[at] for at in TRAYS[day.weekday() % len(TRAYS)]]
                set_meal(self.canteen, day=day, meal="lunch", dishes=chosen, by=self.chef)
            day += timedelta(days=1)

    def look(self) -> None:
        """What was opened since the last look: nearly everything is done; one meal had no samples, some nobody of the heads."""
        mine = Case.objects.filter(
            pk__gt=self.last, kind__in=[one.kind for one in FLOWS], unit__school=self.canteen.school
        )
        for case in mine.order_by("pk"):
            self.last, self.number = case.pk, self.number + 1
            story = {
                SAMPLINGS.kind: self._sample,
                ACCOMPANIES.kind: self._eat,
                CONTROLS.kind: self._control,
                MENUS.kind: self._sign,
                PURCHASES.kind: self._publish,
            }
            self.stage.add(case.opened_at + timedelta(hours=2), story[case.kind](case, self.number))

    def _sample(self, case: Case, number: int) -> Story:
        sampling, self.meals = Sampling.objects.get(pk=case.pk), self.meals + 1
        if self.meals == UNSAMPLED:
            return
        yield at(sampling.day, time(12, 35))
        rows = [{"dish": one.pk, "grams": 130 + number % 20} for one in unsampled(sampling)]
        move(sampling, "keep_samples", by=self.chef, data={"samples": rows})
        yield clock.now() + timedelta(hours=48, minutes=20)
        if self.stage.until - clock.now() < KEPT:
            return
        for one in Sample.objects.filter(sampling=sampling).order_by("pk"):
            move(Sampling.objects.get(pk=case.pk), "discard_sample", by=self.chef, data={"code": one.code})

    def _eat(self, case: Case, number: int) -> Story:
        meal = Accompany.objects.get(pk=case.pk)
        yield at(meal.day, time(12, 50))
        if number % 7 != 3:
            words = ("菜热，味道合适，学生吃得干净。", "汤偏淡，已和厨师长说。", "青菜剩得多，建议切小一点。")[
                number % 3
            ]
            move(
                meal,
                "record_meal",
                by=self.vice if number % 2 else self.principal,
                data={"score": str(3 + number % 3), "words": words},
            )

    def _control(self, case: Case, number: int) -> Story:
        control = Control.objects.get(pk=case.pk)
        yield at(control.day, time(15, 40))
        rows = [{"item": one["code"], "outcome": "ok"} for one in control.items]
        words = ""
        if number % 5 == 0:
            rows[-1] |= {"outcome": "failed"}
            words = "发现一处不合格，当天已整改，由管理员复查。"
        people = {"daily": self.officer, "weekly": self.director, "monthly": self.principal, "self": self.manager}
        move(control, "fill_control", by=people[control.topic_of], data={"outcomes": rows, "words": words})

    def _sign(self, case: Case, number: int) -> Story:
        if self.stage.until - clock.now() < timedelta(
            days=3, hours=20
        ):  # next week's: until Monday at six it waits for him
            return
        try:
            move(case, "check", by=self.officer)
        except Refused:
            return
        yield clock.now() + timedelta(hours=5)
        move(Case.objects.get(pk=case.pk), "sign_menu", by=self.manager)

    def _publish(self, case: Case, number: int) -> Story:
        """What was bought last week: checked by the accountant, published by the manager, but for the newest."""
        move(case, "check", by=self.district.person("kuaiqing"))
        yield clock.now() + timedelta(hours=4)
        if self.stage.until - case.opened_at > timedelta(days=7):
            move(Case.objects.get(pk=case.pk), "publish", by=self.manager)


def at(day: date, moment: time) -> datetime:
    """A moment of a day in China."""
    return datetime.combine(day, moment, clock.SCHOOL_TIME)
