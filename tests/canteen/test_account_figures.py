"""The accounts as figures: what published months say, the year's surplus, prices against the base month, who publishes in
time; equal to the books and to a recount from scratch, each with the list it comes from."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from canteen.figures import CHAPTER
from canteen.figures.accounts import shares_of
from canteen.flow import MONTHS, WEEKLY
from canteen.models import Canteen, MonthlyAccount
from canteen.publications.accounts import build_month
from canteen.queries import standing
from portal import clock
from portal.cases.models import Case
from portal.hall.figures.board import Board
from portal.hall.figures.sections import kinds, ranking
from portal.publications.periods import Every, period_of
from portal.rollups.book import Light
from portal.rollups.folding import fold
from portal.rollups.lists import Behind
from portal.rollups.periods import Almanac
from portal.rollups.recounting import recount
from portal.templatetags.sunlit import money
from tests.canteen.booking import (
    FRIDAY,
    LAST,
    a_week_out,
    kindergarten,
    on,
    opened,
    signed_by_six,
)
from tests.canteen.cast import Kitchen
from tests.canteen.orders import stocked
from tests.district import Cast, District

pytestmark = pytest.mark.usefixtures("db")


def board_of(place: District, kind: str, day: date) -> Board:
    """What the page of the school knows of the canteen."""
    almanac = Almanac(place.school.path)
    return Board(place.school, CHAPTER, almanac, almanac.holding(kind, day), [place.school])


def test_published_months_are_figures_that_equal_the_books_and_a_recount(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    with clock.at(on(date(2026, 11, 2))):
        kindergarten(canteen, kitchen)
        case = opened(canteen, MONTHS, "2026-10")
        fold()
        october = board_of(place, "month", date(2026, 10, 9))
        assert october.here.read(CHAPTER.figure("cost_a_day")).value is None
        signed_by_six(case, kitchen, cast)
        fold()
        assert recount(keep=False) == []
        said = {one.code: one.value for one in build_month(canteen.school, period_of(Every.MONTH, "2026-10")).figures}
        october = board_of(place, "month", date(2026, 10, 9))
        read = {name: october.here.read(CHAPTER.figure(name)) for name in
                ("cost_a_day", "spent", "income", "food_share", "food_of_fees", "surplus_rate")}  # fmt: skip
        assert {name: one.value for name, one in read.items()} == {
            "cost_a_day": (said["expense"] / (16 * 140)).quantize(Decimal("0.01")),
            "spent": said["expense"],
            "income": said["income"],
            "food_share": (100 * Decimal("32699.50") / said["expense"]).quantize(Decimal("0.1")),
            "food_of_fees": (100 * said["food_of_fees"]).quantize(Decimal("0.1")),
            "surplus_rate": (100 * said["rate"]).quantize(Decimal("0.1")),
        }
        assert (read["surplus_rate"].behind, read["surplus_rate"].tone) == (
            f"{money(1200.5)} / {money(85600)} 元",
            "done",
        )
        rows = [(row[0].text, row[1].value) for row in kinds(october)[0].rows]
        assert sum(value for _, value in rows) == said["expense"] and rows[0][0] == "畜禽肉"
        shares = shares_of(place.school.path, october.period)
        assert [one[0] for one in shares] == ["CE-03", "CE-06", "CE-20", "CE-01", "CE-10"]
        assert shares[0][2:] == (Decimal("17000.00"), Decimal("44.9"))
        for name in read:
            behind = Behind.of(
                {"figure": f"canteen.{name}", "since": "2026-10-01", "until": "2026-10-31"}, clock.today()
            )
            assert behind is not None
            assert list(behind.narrow(Case.objects.all())) == [MonthlyAccount.objects.get().case_ptr]
            assert "figure=canteen." in october.url(CHAPTER.figure(name))
        only = Behind.of(
            {"figure": "canteen.spent", "since": "2026-10-01", "until": "2026-10-31", "topic": "CE-22"}, clock.today()
        )
        assert only is not None and not only.narrow(Case.objects.all()).exists()


@pytest.mark.parametrize(
    ("rate", "tone"),
    [("1.9", "done"), ("-1.9", "done"), ("2", "soon"), ("-4.9", "soon"), ("5", "late"), ("-5", "late")],
)
def test_a_surplus_and_a_loss_are_yellow_from_two_and_red_from_five_per_cent(rate: str, tone: str) -> None:
    light = CHAPTER.figure("surplus_rate").light
    assert isinstance(light, Light) and light.tone(Decimal(rate)) == tone


def test_the_same_basket_is_dearer_than_in_the_base_month(place: District, kitchen: Kitchen, canteen: Canteen) -> None:
    with clock.at(on(date(2026, 9, 14))):
        stocked(place, canteen, kitchen)
    with clock.at(on(date(2026, 11, 9))):
        rise = {"price": "18", "reason": "涨价"}
        stocked(place, canteen, kitchen, rise, {}, {"accepted": "0", "reason": "不收"})
        fold()
        november = board_of(place, "month", date(2026, 11, 9))
        read = november.here.read(CHAPTER.figure("price_index"))
        assert (read.value, read.behind, read.tone) == (Decimal("115.4"), "900.00 / 780.00 元", "late")
        assert board_of(place, "month", date(2026, 9, 9)).here.read(CHAPTER.figure("price_index")).value == 100
        assert "figure=canteen.price_index" in november.url(CHAPTER.figure("price_index"))


def test_the_league_counts_what_was_due_in_time_late_and_missing(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    a_week_out(canteen, kitchen)
    with clock.at(FRIDAY + timedelta(days=2)):
        opened(canteen, MONTHS, "2026-10")
        fold()
    with clock.at(on(date(2026, 11, 16))):
        month = board_of(place, "month", LAST)
        rows = standing.league(place.bureau.path, month.period.since, month.period.until, "kind")
        told = {row["kind"]: (row["due"], row["on_time"], row["late"], row["missing"]) for row in rows}
        assert (told[MONTHS.kind], told[WEEKLY.kind]) == ((1, 0, 0, 1), (1, 1, 0, 0))
        due, punctual, late, missing = (sum(one[at] for one in told.values()) for at in range(4))
        read = [month.here.read(CHAPTER.figure(name)) for name in ("published_on_time", "published")]
        assert [(one.n, one.over) for one in read] == [(punctual, due), (punctual + late, due)]
        assert due == punctual + late + missing
        score = (6 * read[0].value + 4 * read[1].value) / 10
        assert [(row[0].text, row[1].value) for row in ranking(month).rows] == [
            ("柳溪镇中心小学", score.quantize(Decimal("0.1")))
        ]
