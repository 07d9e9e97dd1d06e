"""Every week three sources or more are asked, compared with four weeks and the district, and somebody else chooses."""

from datetime import timedelta
from decimal import Decimal

import pytest

from canteen.actions import open_inquiry
from canteen.flow import INQUIRIES
from canteen.models import Canteen, Inquiry, InquiryItem, Quote
from canteen.queries import reference
from canteen.queries.inquiries import compared
from portal import clock
from portal.cases.actions import filled, move
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from tests.canteen.cast import Kitchen, canteen_of
from tests.canteen.prices import SOURCES, asked, choice, food, listed, opened, quoted
from tests.district import MONDAY, Cast, District, hire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "canteen")]
D = Decimal


def test_the_week_is_listed_asked_compared_and_chosen_with_reasons(place: District, kitchen: Kitchen) -> None:
    case = opened(place.school)
    with pytest.raises(BadInput, match="没有列出"):
        quoted(case, kitchen.cai, "市场", ())
    listed(case, kitchen.cai)
    for name, prices in list(SOURCES.items())[:2]:
        quoted(case, kitchen.cai, name, prices)
    with pytest.raises(Refused, match="不到 3 家：大米（2 家）、猪肉（2 家）"):
        move(case, "compare", by=kitchen.cai)
    with pytest.raises(BadInput, match="已经记过"):
        quoted(case, kitchen.cai, "县批发市场", ("4", "20"))
    quoted(case, kitchen.cai, "鲜到家平台", SOURCES["鲜到家平台"])
    move(case, "compare", by=kitchen.cai)
    case.refresh_from_db()
    found = compared(case)
    assert [(one.name, one.total, one.cheapest) for one in found.baskets] == [
        ("柳溪农贸市场", D("1100.00"), True), ("县批发市场", D("1100.00"), True), ("鲜到家平台", D("1400.00"), False),
        ("每样选最低的", D("1080.00"), False),
    ]  # fmt: skip
    assert [(line.item.ingredient.name, source.name, words) for line, source, _, words in found.outliers] == [
        ("大米", "鲜到家平台", "比全县中位价高 12.0%"), ("猪肉", "鲜到家平台", "比全县中位价高 35.5%"),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        move(case, "choose", by=kitchen.cai, data=choice(case))
    with pytest.raises(BadInput, match="猪肉没有选最低价"):
        move(case, "choose", by=kitchen.jiang, data=choice(case, 猪肉=("县批发市场", "")))
    move(case, "choose", by=kitchen.jiang, data=choice(case, 猪肉=("县批发市场", "有检疫票，当天送到")))
    rows = InquiryItem.objects.filter(inquiry=case).order_by("pk").values_list("source__name", "price", "why")
    assert list(rows) == [("县批发市场", D("4.80"), ""), ("县批发市场", D("31.00"), "有检疫票，当天送到")]
    assert compared(case).total == D("1100.00")
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("chosen", False)
    chosen = Event.objects.get(address=case.address, verb="choose")
    assert (chosen.facts["total"], chosen.facts["items"]) == ("1100.00", 2)


def test_who_asked_does_not_choose_and_others_do_neither(place: District, kitchen: Kitchen, cast: Cast) -> None:
    case = asked(place.school, kitchen.jiang)
    with pytest.raises(Refused, match="参加了询价"):
        move(case, "choose", by=kitchen.jiang, data=choice(case))
    move(case, "inquire_again", by=cast.hu, data={"reason": "再问一家"})
    for person in (kitchen.bo, kitchen.mei):
        with pytest.raises(NotAllowed):
            quoted(case, person, "小摊", ("1", "2"))
    move(case, "compare", by=kitchen.cai)
    move(case, "choose", by=cast.hu, data=choice(case))


def test_the_reference_is_four_weeks_of_choices_else_of_quotes_and_the_next_list_is_as_before(
    place: District, kitchen: Kitchen
) -> None:
    rice, pork = food(place.school)
    case = asked(place.school, kitchen.cai)
    day = clock.today()
    assert (reference(rice, day).price, reference(rice, day).basis) == (D("5.13"), "market")
    move(case, "choose", by=kitchen.jiang, data=choice(case))
    assert (reference(rice, day).price, reference(rice, day).basis) == (D("4.80"), "four_weeks")
    with clock.at(MONDAY + timedelta(days=7)):
        after = opened(place.school)
        rows = after.items.order_by("pk").values_list("ingredient__name", "quantity")
        assert list(rows) == [("大米", D(100)), ("猪肉", D(20))]
        quoted(after, kitchen.cai, "新摊位", ("5.50", "31.00"))
        line = compared(after).lines[0]
        assert (line.usual.price, line.outlying(line.lowest)) == (D("4.80"), "比近四周均价高 14.6%")
        move(after, "list_items", by=kitchen.cai, data={"lines": [{"ingredient": pork.pk, "quantity": "30"}]})
        assert list(Quote.objects.filter(inquiry=after).values_list("ingredient__name", flat=True)) == ["猪肉"]
        move(after, "skip", by=kitchen.jiang, data={"reason": "停课"})
    with clock.at(MONDAY + timedelta(days=36)):
        assert reference(rice, clock.today()).price is None


def test_the_districts_median_is_of_the_same_thing_and_week_and_counts_schools(
    place: District, kitchen: Kitchen, cast: Cast
) -> None:
    case = asked(place.school, kitchen.cai)
    Canteen.objects.create(school=place.far_school, name="镇中食堂", opened_on=clock.today())
    buyer = hire("buyer", "远采", place.far_school, ("canteen_buyer", place.far_school))
    far = asked(place.far_school, buyer)
    Quote.objects.filter(inquiry=far, ingredient__name="大米").update(price=D("9.00"))
    lines = {one.item.ingredient.name: one.middle for one in compared(case).lines}
    rice, pork = lines["大米"], lines["猪肉"]
    assert rice is not None and pork is not None
    assert [(rice.price, rice.schools), (pork.price, pork.schools)] == [(D("7.30"), 2), (D("31.00"), 2)]


def test_the_clock_opens_one_a_week_where_there_is_a_canteen(place: District, kitchen: Kitchen) -> None:
    def again(unit: int) -> object:
        form = filled(INQUIRIES, INQUIRIES.opening, case=None, by="clock", data={"unit": unit})
        return open_inquiry(form, by="clock")

    opened(place.school)
    assert [again(place.school.pk), again(place.far_school.pk)] == [[], []]
    assert Inquiry.objects.count() == 1
    assert canteen_of(place).school == place.school
