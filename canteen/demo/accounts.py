"""The canteen's books in the demo: meals counted and money booked each Friday, the week signed and out at five; one school lets it lie."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Sum

from canteen.actions.accounts import plan_refund, sign_plan
from canteen.actions.books import Amount, book, book_all, close_month, seal_all, stock_to_count
from canteen.actions.meals import count_meal
from canteen.flow import MEALS, MONTHS, SUPPLIES, WEEKLY
from canteen.models import Canteen, Entry, MonthlyAccount, TermAccount, WeeklyAccount
from canteen.queries.accounts import closed_account
from canteen.queries.books import week_span, week_with
from canteen.queries.stock import worth_on
from canteen.rules.accounts import over
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.hall.demo.district import District, School
from portal.hall.demo.routines import comes_since
from portal.hall.demo.stage import Stage, Story
from portal.ledger.actions import CLOCK
from portal.publications.periods import Every, period_of
from portal.wire.amounts import cents

from .cards import swipe

LATELY = timedelta(weeks=2)  # since when the other schools owe them
SETTLED = timedelta(days=7)  # into a month until every week of the one before is booked
LATE = "SM01"  # where the committee has not signed
STEPS = (("prepare", "canteen_accountant"), ("check", "canteen_manager"), ("sign", "meal_committee"))
MONTHLY = (*STEPS, ("agree", "logistics_head"), ("approve", "vice_principal"), ("publish", "principal"))
LEFT, BEFORE = Decimal("0.04"), "2025-2"
FEE, OWN = Decimal("9.00"), "LX01"
# Of each 元 of income, what goes where; the rest stays.
SHARES = (
    ("CE-03", "0.3168", "畜禽肉"), ("CE-07", "0.1379", "蔬菜菌菇"), ("CE-01", "0.1184", "大米、面粉"), ("CE-05", "0.0484", "鸡蛋"),
    ("CE-06", "0.0438", "牛奶"), ("CE-08", "0.0625", "水果"), ("CE-02", "0.0420", "食用油"), ("CE-09", "0.0275", "豆制品"),
    ("CE-10", "0.0166", "调味品"), ("CE-20", "0.0429", "燃气费"), ("CE-22", "0.0293", "电费"), ("CE-30", "0.0901", "炊事员工资"),
    ("CE-40", "0.0115", "清洁消毒用品"),
)  # fmt: skip

# The other schools', in fewer lines.
IN_SHORT = (
    ("CE-03", "0.3168", "肉禽蛋水产"), ("CE-07", "0.2380", "蔬菜豆制品"), ("CE-01", "0.1860", "粮油"), ("CE-30", "0.1230", "炊事员工资"),
    ("CE-20", "0.0720", "水电燃气"),
)  # fmt: skip
WAITING = (
    ("CE-20", "386.00", "燃气费", "canteen_accountant"), ("CE-40", "128.50", "消毒片和百洁布", "canteen_accountant"),
    ("CE-22", "912.30", "电费", "canteen_cashier"),
)  # fmt: skip


class Accounts:
    """Sees each account's case when the clock has opened it, and lets the school's people deal with it."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage = district, stage
        self.last = 0

    def begin(self) -> None:
        """Waits for the clock. One school has published every week and closed its months; the others began some weeks ago."""
        self.stage.when_opened(self.look, WEEKLY.kind)
        until = self.stage.until.astimezone(clock.SCHOOL_TIME).date()
        for flow in (WEEKLY, MEALS, SUPPLIES):
            comes_since(self.district, flow, until - LATELY, but=(OWN,))
        comes_since(self.district, MONTHS, until - LATELY, but=())
        if self.district.has(OWN):
            first = (until - SETTLED).replace(day=1)
            closing = datetime.combine(first + SETTLED, time(9), clock.SCHOOL_TIME)
            self.stage.add(
                max(self.stage.starts + timedelta(hours=3), closing), self._months(self.district.schools[OWN], first)
            )
            self.stage.add(self.stage.until - timedelta(minutes=2), self._waiting(self.district.schools[OWN]))

    def _months(self, school: School, first: date) -> Story:
        """The two months before this first day booked where nobody has, and closed; the last one's account signed and published,
        last term's surplus to go back."""
        canteen = Canteen.objects.select_related("school", "place").get(school=school.unit)
        by = {post: self.district.person(school.holder(post)) for _, post in MONTHLY}
        accountant, last = by["canteen_accountant"], first - timedelta(days=1)
        for day in (last.replace(day=1) - timedelta(days=1), last):
            month = period_of(Every.MONTH, f"{day:%Y-%m}")
            if not canteen.entries.filter(day__range=(month.since, month.until), by=accountant).exists():
                monday = day - timedelta(days=day.weekday() + 7)
                self._book(canteen, school, monday, monday + timedelta(days=4))
            food = stock_to_count(canteen, month)
            left = {code: cents(sum(row) * LEFT) for code, row in food.items() if sum(row)}
            said = "菜价平稳，略有结余，下月加一道水果。"
            why = "盘点在月底最后一天放学后，和库存账差的是当天的零头。" if worth_on(canteen, month.until) else ""
            close_month(canteen, month.code, counted=left, analysis=said, difference=why, by=accountant)
        data = {"unit": school.unit.pk, "period": f"{last:%Y-%m}"}
        case: Case | None = MonthlyAccount.objects.filter(unit=school.unit, period=data["period"]).first()
        if case is None:
            case = MONTHS.open_action()(filled(MONTHS, MONTHS.opening, case=None, by=CLOCK, data=data), by=CLOCK)
        for step, post in MONTHLY:
            yield clock.now() + timedelta(minutes=30)
            move(case, step, by=by[post])
        term = period_of(Every.TERM, BEFORE)
        june = term.until - timedelta(weeks=8)
        swipe(canteen, june - timedelta(days=june.weekday()), by=accountant)
        books = closed_account([canteen], term.since, term.until)
        owed = max(Decimal("1260.00"), over(canteen, books.balance, books.income))
        plan = plan_refund(canteen, BEFORE, amount=owed, how="按上学期消费退到饭卡", by=accountant)
        sign_plan(plan, by=by["canteen_manager"])

    def _waiting(self, school: School) -> Story:
        """What was booked a moment ago waits for its second person; not while this week's account is being made ready."""
        canteen = Canteen.objects.select_related("school", "place").get(school=school.unit)
        this = week_with(clock.today()).code
        begun = WeeklyAccount.objects.filter(unit=school.unit, period=this, is_open=True).exclude(state="signed")
        if not begun.exists():
            for code, amount, words, post in WAITING:
                by = self.district.person(school.holder(post))
                book(canteen, dated=clock.today(), category=code, amount=Decimal(amount), words=words, by=by)
        yield from ()

    def look(self) -> None:
        """Weeks opened since the last look are booked and signed."""
        for case in WeeklyAccount.objects.filter(pk__gt=self.last).select_related("unit").order_by("pk"):
            self.last = case.pk
            school = self.district.schools[case.unit.code]
            self.stage.add(case.opened_at + timedelta(hours=5), self._week(case, school))

    def _week(self, case: WeeklyAccount, school: School) -> Story:
        canteen = Canteen.objects.select_related("school", "place").filter(school=school.unit).first()
        if canteen is None:
            return
        since, until = week_span(period_of(Every.WEEK, case.period))
        self._book(canteen, school, since + timedelta(days=2), until)
        for n, (step, post) in enumerate(STEPS):
            if school.code == LATE and step == "sign" and n:
                return
            yield clock.now() + timedelta(minutes=25)
            move(case, step, by=self.district.person(school.holder(post)))

    def _book(self, canteen: Canteen, school: School, monday: date, friday: date) -> None:
        """Five days of lunches, the week's income and what it was spent on beside what the deliveries booked by themselves,
        each amount by two people."""
        accountant = self.district.person(school.holder("canteen_accountant"))
        manager = self.district.person(school.holder("canteen_manager"))
        pupils, staff, week = canteen.diners, max(6, canteen.diners // 28), friday.isocalendar().week
        for n in range(5):
            eat = pupils - (week + n * 3) % 5
            count_meal(canteen, day=monday + timedelta(days=n), meal="lunch", students=eat, staff=staff, by=accountant)
        if school.code == OWN:
            swipe(canteen, monday, by=accountant)
        income = FEE * pupils * 5
        rows = [("CI-01", income, "学生伙食费"), ("CI-02", FEE * staff * 5, "教职工伙食费")]
        came = Entry.objects.filter(canteen=canteen, day__range=week_span(week_with(friday)), by=None)
        bought = dict(came.order_by().values_list("category").annotate(total=Sum("amount")))
        for n, (code, share, words) in enumerate(SHARES if school.code == OWN else IN_SHORT):
            swing = Decimal((week * 7 + n * 5) % 9 - 4) / 100
            paid = cents(income * Decimal(share) * (1 + swing)) - bought.get(code, 0)
            rows.append((code, paid, words))
        said = [Amount(dated=friday, category=one, amount=sum_, words=words) for one, sum_, words in rows if sum_ > 0]
        seal_all(book_all(canteen, said, by=accountant), by=manager)
        seal_all(came.filter(seal=None).select_related("canteen"), by=accountant)


def begin(district: District, stage: Stage) -> None:
    """Puts the canteens' books on the stage."""
    Accounts(district, stage).begin()


def summary() -> str:
    """How much there is, for the console."""
    made: list[type[Case]] = [WeeklyAccount, MonthlyAccount, TermAccount]
    return f"{sum(one._base_manager.count() for one in made)} accounts"
