"""A certificate that ends is renewed in a case of its own: a month, a week and a day before, people hear of it."""

from datetime import timedelta

import pytest

from canteen.actions import open_renewals, take_in_certificate
from canteen.flow import RENEWALS
from canteen.models import Renewal
from canteen.queries.suppliers import papers_of
from canteen.rules.suppliers import may_deliver
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.sweep import sweep
from portal.errors import NotAllowed, Refused
from portal.notices.models import Notice
from portal.orgs.models import Unit
from tests.canteen.cast import Kitchen
from tests.canteen.suppliers import LONG, supplier_at
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def opened(school: Unit) -> list[str]:
    """What the clock opens at a school today."""
    form = filled(RENEWALS, RENEWALS.opening, case=None, by="clock", data={"unit": school.pk})
    return [one.title for one in open_renewals(form, by="clock")]


def test_buyer_and_manager_hear_a_month_a_week_and_a_day_before_then_the_heads(
    place: District, kitchen: Kitchen, cast: Cast
) -> None:
    day = clock.today()
    supplier_at(place.school, "长期公司", until=LONG)
    late = supplier_at(place.school, "青禾粮油公司", until=day + timedelta(days=30))
    assert opened(place.school) == [
        f"青禾粮油公司的{words} {day + timedelta(days=30)} 到期" for words in ("营业执照", "食品经营（生产）许可证")
    ]
    assert opened(place.school) == []
    told = []
    for ahead in (0, 24, 30, 31):
        with clock.at(MONDAY + timedelta(days=ahead)):
            sweep()
        about = Notice.objects.filter(about=Renewal.objects.first().address)  # type: ignore[union-attr]
        told.append(sorted(set(about.values_list("to__name", flat=True))))
        about.delete()
    assert told == [["江涛", "蔡芹"], ["江涛", "蔡芹"], ["江涛", "蔡芹"], ["江涛"]]
    with pytest.raises(Refused, match="已过期"):
        may_deliver(late, day + timedelta(days=31))


def test_the_new_certificate_closes_it_by_its_step_or_on_the_suppliers_page(place: District, kitchen: Kitchen) -> None:
    day = clock.today()
    one = supplier_at(place.school, until=day + timedelta(days=10))
    opened(place.school)
    licence = Renewal.objects.order_by("pk")[0]
    data = {"number": "新 1", "until": LONG, "papers": [photo_of(kitchen.cai).pk]}
    with pytest.raises(NotAllowed):
        move(licence, "renew", by=kitchen.bo, data=data)
    move(licence, "renew", by=kitchen.cai, data=data)
    take_in_certificate(one, kind="permit", number="新 2", until=LONG, by=kitchen.jiang)
    states = Renewal.objects.order_by("pk").values_list("state", "is_open")
    assert list(states) == [("renewed", False), ("renewed", False)]
    one = type(one).objects.get(pk=one.pk)
    assert [paper.newest.number for paper in papers_of(one) if paper.newest] == ["新 1", "新 2"]
    may_deliver(one, LONG)
    assert opened(place.school) == []
