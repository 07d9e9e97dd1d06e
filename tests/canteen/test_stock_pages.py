"""The keeper's pages and the same for programs: issue to a meal, count, write off, book in; what others see of it."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from canteen.actions import change_canteen
from canteen.actions.storekeeping import set_minimum
from canteen.models import Canteen, FoodMove, Lot, Shelf
from portal import clock
from portal.orgs.tokens import issue_token
from portal.sheets.reading import rows_of
from tests.canteen.cast import Kitchen
from tests.canteen.test_stock import came, food
from tests.district import District
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")
D = Decimal


@pytest.fixture
def store(place: District, canteen: Canteen, kitchen: Kitchen) -> dict[str, Shelf]:
    """Potatoes of which some have expired, milk that expires soon, rice that is low."""
    for name, category, quantity, until in (
        ("土豆", "CE-07", "10", 9),
        ("纯牛奶", "CE-06", "24", 2),
        ("大米", "CE-01", "30", None),
    ):
        came(canteen, food(place.school, name, category), quantity, "2", until)
    shelves = {one.ingredient.name: one for one in Shelf.objects.select_related("ingredient", "canteen__school")}
    old = came(canteen, shelves["土豆"].ingredient, "5", "1", 0)
    Lot.objects.filter(pk=old.pk).update(keeps_until=clock.today() - timedelta(days=1))
    set_minimum(shelves["大米"], minimum=D(50), by=kitchen.bo)
    return {one.ingredient.name: one for one in Shelf.objects.select_related("ingredient", "canteen__school")}


def test_the_list_says_what_is_low_expires_and_has_expired_in_seven_queries(
    store: dict[str, Shelf], kitchen: Kitchen, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(kitchen.bo)
    with django_assert_num_queries(6):
        page = client.get("/canteen/stock/").content.decode()
    assert all(words in page for words in ("已过期 1", "三天内到期 1", "该补货的 1", "30 斤，该补货", "领用", "盘点"))
    only = {mark: client.get(f"/canteen/stock/?only={mark}").content.decode() for mark in ("low", "soon", "expired")}
    assert [name for name in store if f">{name}</a>" in only["low"]] == ["大米"]
    assert [name for name in store if f">{name}</a>" in only["soon"]] == ["纯牛奶"]
    assert [name for name in store if f">{name}</a>" in only["expired"]] == ["土豆"]
    mother = as_(kitchen.mei).get("/canteen/stock/").content.decode()
    assert "土豆" in mother and "/canteen/stock/issue/" not in mother
    far = as_(kitchen.yuan)
    assert "土豆" not in far.get("/canteen/stock/").content.decode()
    assert far.get(f"/canteen/stock/{store['土豆'].pk}/").status_code == 404


def test_the_keeper_issues_counts_and_writes_off_on_the_phone(store: dict[str, Shelf], kitchen: Kitchen) -> None:
    client = as_(kitchen.bo)
    sheet = client.get("/canteen/stock/issue/").content.decode()
    assert "土豆<small>库存 15 斤，有过期的，先报损</small>" in sheet and "纯牛奶<small>库存 24 斤，先用" in sheet
    found = client.get("/canteen/stock/issue/?q=奶").content.decode()
    assert "纯牛奶<small>" in found and "土豆<small>" not in found
    rows = {f"lines-{at}-shelf": str(one.pk) for at, one in enumerate(store.values())}
    names = list(store)
    too_much = rows | {"meal": "lunch", "key": "a" * 20, f"lines-{names.index('土豆')}-quantity": "11"}
    refused = client.post("/canteen/stock/issue/", too_much)
    assert refused.status_code == 422
    assert "另有 5 斤 已经过期" in refused.content.decode() and 'value="11"' in refused.content.decode()
    good = too_much | {
        "key": "b" * 20,
        f"lines-{names.index('土豆')}-quantity": "6",
        f"lines-{names.index('大米')}-quantity": "20",
    }
    for _ in range(2):  # sent twice counts once
        assert client.post("/canteen/stock/issue/", good).status_code == 302
    moved = (
        FoodMove.objects.filter(kind="issue").order_by("pk").values_list("shelf__ingredient__name", "quantity", "meal")
    )
    assert sorted(moved) == [("土豆", -6, "lunch"), ("大米", -20, "lunch")]
    milk = names.index("纯牛奶")
    counted = rows | {"key": "c" * 20, f"lines-{milk}-counted": "23", f"lines-{milk}-seen": "24"}
    assert "请写差异原因" in client.post("/canteen/stock/count/", counted).content.decode()
    assert (
        client.post("/canteen/stock/count/", counted | {f"lines-{milk}-why": "破了一盒", "key": "d" * 20}).status_code
        == 302
    )
    old = Lot.objects.get(keeps_until__lt=clock.today())
    form = client.get(f"/canteen/stock/lots/{old.pk}/write-off/").content.decode()
    assert 'value="5"' in form and 'value="已过期"' in form
    said = {"quantity": "5", "why": "已过期", "key": "e" * 20}
    assert client.post(f"/canteen/stock/lots/{old.pk}/write-off/", said).status_code == 302
    book = {"food": "大米", "quantity": "100", "price": "2.6", "why": "某某捐赠", "key": "f" * 20}
    assert client.post("/canteen/stock/book-in/", book).status_code == 302
    last = FoodMove.objects.order_by("-pk").values_list("kind", "quantity", "why")[:3]
    assert list(last) == [("in", 100, "某某捐赠"), ("write_off", -5, "已过期"), ("count", -1, "破了一盒")]
    page = client.get(f"/canteen/stock/{store['土豆'].pk}/").content.decode()
    assert all(words in page for words in ("还有的批次", "报损", "午餐", "4 斤"))


def test_programs_do_what_the_pages_do(
    store: dict[str, Shelf], canteen: Canteen, kitchen: Kitchen, client: Any
) -> None:
    token = issue_token(person=kitchen.bo, name="秤", by=kitchen.bo, second_factor=True)
    rice = store["大米"].pk

    def ask(verb: str, address: str, data: Any = None, key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        send = client.get if verb == "GET" else client.post
        return send(f"/api/v1/canteen/{address}", data, content_type="application/json", headers=headers)

    found = ask("GET", "stock").json()["results"]
    assert [(one["name"], one["on_hand"], one["is_low"]) for one in found] == [
        ("大米", "30.000", True), ("纯牛奶", "24.000", False), ("土豆", "15.000", False),
    ]  # fmt: skip
    body = {"canteen": canteen.pk, "meal": "lunch", "lines": [{"shelf": rice, "quantity": "5"}]}
    made = [ask("POST", "stock/issues", body, "a" * 20) for _ in range(2)]
    assert [one.json()["moves"][0]["left"] for one in made] == ["25.000", "25.000"]
    assert ask("POST", "stock/issues", body | {"meal": "dinner"}, "b" * 20).status_code == 422
    count = {"canteen": canteen.pk, "lines": [{"shelf": rice, "counted": "24", "seen": "25", "why": "洒了"}]}
    assert ask("POST", "stock/counts", count, "c" * 20).json()["moves"][0]["quantity"] == "-1.000"
    book = {"canteen": canteen.pk, "food": "大米", "quantity": "10", "price": "3", "why": "捐赠"}
    one = ask("POST", "stock/book-ins", book, "d" * 20)
    assert (one.status_code, one.json()["shelf"]["on_hand"]) == (201, "34.000")
    lot = one.json()["lots"][-1]["id"]
    assert ask("POST", f"stock/lots/{lot}/write-offs", {"quantity": "11", "why": "湿了"}, "e" * 20).status_code == 422
    assert ask("POST", f"stock/{rice}", {"minimum": "5"}, "f" * 20).json()["shelf"]["is_low"] is False
    assert [one["kind"] for one in ask("GET", f"stock/{rice}/moves").json()["results"]] == [
        "in",
        "count",
        "issue",
        "in",
    ]


def test_the_store_in_excel_lot_by_lot(store: dict[str, Shelf], canteen: Canteen, kitchen: Kitchen) -> None:
    change_canteen(canteen, by=kitchen.jiang, name="=1+1")
    rows = list(rows_of(BytesIO(as_(kitchen.mei).get("/canteen/stock/export.xlsx").content)))
    assert [(*row[1:4], *row[9:]) for row in rows[1:]] == [
        ("=1+1", "粮食", "大米", 30, 2, 60), ("=1+1", "奶及奶制品", "纯牛奶", 24, 2, 48),
        ("=1+1", "蔬菜菌菇", "土豆", 10, 2, 20), ("=1+1", "蔬菜菌菇", "土豆", 5, 1, 5),
    ]  # fmt: skip
