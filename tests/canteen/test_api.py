"""The kitchen for programs: dishes and their prices, cameras and hours, certificates, samples, seats for parents."""

from typing import Any

import pytest

from canteen.actions import set_meal
from canteen.models import Camera, Canteen, Dish, HealthCard, KitchenView
from portal import clock
from tests.access.kitchen import dish_at, sampled
from tests.canteen.cast import Kitchen
from tests.district import Cast, District
from tests.portal.api.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "cast")]
AT = "/api/v1/canteen"


def keyed(by: Any, path: str, body: Any, key: str) -> tuple[int, Any]:
    """What a program gets for a write."""
    answer = Program.of(by).post(f"{AT}/{path}", body, Idempotency_Key=key)
    return answer.status_code, answer.json()


def test_a_program_changes_prices_and_retires_a_dish_as_its_pages_do(
    place: District, canteen: Canteen, kitchen: Kitchen
) -> None:
    dish = dish_at(place.school)
    recipe = {"name": "白米饭", "course": "staple", "style": "hot", "parts": [{"ingredient": "大米", "grams": "120"}]}
    code, told = keyed(kitchen.chu, f"dishes/{dish.pk}", recipe, "k1")
    assert (code, told["name"], told["parts"]) == (200, "白米饭", [{"ingredient": "大米", "grams": "120.000"}])
    assert keyed(kitchen.chu, f"dishes/{dish.pk}", recipe | {"style": "cold"}, "k2")[0] == 422
    wanted = {"price": "1.50", "since": "2026-11-19", "notice": "米价涨了"}
    assert keyed(kitchen.chu, f"dishes/{dish.pk}/prices", wanted, "k3")[0] == 403
    assert "minutes" in keyed(kitchen.jiang, f"dishes/{dish.pk}/prices", wanted, "k4")[1]["errors"]
    minutes = {"minutes": [Program.of(kitchen.jiang).photo()]}
    sooner = keyed(kitchen.jiang, f"dishes/{dish.pk}/prices", wanted | minutes | {"since": "2026-11-18"}, "k5")
    silent = keyed(kitchen.jiang, f"dishes/{dish.pk}/prices", wanted | minutes | {"notice": ""}, "k6")
    assert [(one[0], list(one[1]["errors"])) for one in (sooner, silent)] == [(422, ["since"]), (422, ["notice"])]
    for _ in range(2):
        assert keyed(kitchen.jiang, f"dishes/{dish.pk}/prices", wanted | minutes, "k7")[0] == 200
    assert [str(one.price) for one in Dish.objects.get().prices.order_by("since")] == ["1.00", "1.50"]
    set_meal(canteen, day=clock.today(), meal="lunch", dishes=[dish], by="clock")
    assert keyed(kitchen.chu, f"dishes/{dish.pk}/retire", {}, "k8")[0] == 422
    set_meal(canteen, day=clock.today(), meal="lunch", dishes=[], by="clock")
    assert keyed(kitchen.chu, f"dishes/{dish.pk}/retire", {}, "k9")[1]["retired_on"] == "2026-11-16"
    assert Program.of(kitchen.yuan).get(f"{AT}/dishes/{dish.pk}").status_code == 404


def test_a_program_keeps_cameras_hours_certificates_and_reads_samples_and_seats(
    place: District, canteen: Canteen, kitchen: Kitchen, cast: Cast
) -> None:
    camera = {"spot": "K03", "name": "1 号", "stream": "", "still": "https://camera.example.com/1.jpg"}
    pk = keyed(kitchen.jiang, "cameras", camera | {"canteen": canteen.pk}, "c1")[1]["id"]
    assert keyed(kitchen.jiang, f"cameras/{pk}", camera | {"name": "灶台"}, "c2")[1]["name"] == "灶台"
    hours = keyed(kitchen.jiang, f"places/{canteen.pk}/viewing", {"parents": True, "windows": "10:30-12:30"}, "c3")[1]
    assert hours == {"canteen": canteen.pk, "parents": True, "windows": ["10:30-12:30"], "version": 1}
    assert Program.of(kitchen.mei).get(f"{AT}/places/{canteen.pk}/viewing").json() == hours
    assert keyed(kitchen.jiang, f"cameras/{pk}/retire", {}, "c4")[0] == 200
    assert (Camera.objects.get().retired_on, KitchenView.objects.get().parents) == (clock.today(), True)
    card = {"canteen": canteen.pk, "name": "小陈", "job": "洗消", "until": "2027-06-30"}
    pk = keyed(kitchen.jiang, "health-cards", card, "h1")[1]["id"]
    assert keyed(kitchen.cai, "health-cards", card, "h2")[0] == 403
    shown = Program.of(kitchen.tang).get(f"{AT}/health-cards").json()["results"]
    assert [(one["name"], one["until"]) for one in shown] == [("小陈", "2027-06-30")]
    assert keyed(kitchen.jiang, f"health-cards/{pk}/leave", {}, "h3")[1]["left_on"] == "2026-11-16"
    assert HealthCard.objects.filter(left_on=None).count() == 0
    number = sampled(place.school)
    [one] = Program.of(kitchen.fang).get(f"{AT}/samples", day="2026-11-16").json()["results"]
    assert (one["sampling"], one["dish"], one["grams"], one["discarded_at"]) == (number, "米饭", 150, None)
    seats = f"{AT}/places/{canteen.pk}/seats"
    assert Program.of(cast.ping).get(seats).json() == {
        "canteen": canteen.pk, "day": "2026-11-16", "meal": "lunch", "seats": 4, "free": 4,
    }  # fmt: skip
    booking = {"canteen": canteen.pk, "day": "2026-11-17", "meal": "lunch"}
    assert keyed(cast.ping, "parentmeals", booking, "p1")[0] == 201
    assert Program.of(cast.ping).get(seats, day="2026-11-17").json()["free"] == 3
    assert Program.of(cast.sam).get(seats).status_code == 404
