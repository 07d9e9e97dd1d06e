"""The books, meals and meal money as programs use them: what the pages do, by the same forms, to the same people."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from canteen.actions.books import seal
from canteen.forms.meals import HOW, MONEY
from canteen.models import Canteen, Entry, MealMoney
from portal import clock
from tests.canteen.booking import OCTOBER_DAY, TODAY, booked, pupil
from tests.canteen.cast import Kitchen
from tests.canteen.orders import stocked
from tests.district import District
from tests.portal.api.program import Program
from tests.portal.evidence.pictures import upload
from tests.portal.evidence.test_pages import paper

pytestmark = pytest.mark.usefixtures("monday")
AT = "/api/v1/canteen"


def answered(who: Any, path: str, body: dict[str, Any] | None = None, **query: Any) -> Any:
    """What this person's program is answered, with its status."""
    program = Program.of(who)
    answer = program.get(f"{AT}/{path}", **query) if body is None else program.post(f"{AT}/{path}", body)
    return answer.status_code, answer.json()


def test_a_program_books_seals_reverses_and_closes(place: District, kitchen: Kitchen, canteen: Canteen) -> None:
    stocked(place, canteen, kitchen)
    for entry in Entry.objects.select_related("canteen"):
        seal(entry, by=kitchen.kuai)
    gas = {"canteen": canteen.pk, "category": "CE-20", "dated": "2026-11-16", "amount": "60.00", "words": "燃气"}
    status, one = answered(kitchen.na, "books", gas)
    assert (status, one["amount"], one["diners"], one["by"], one["sealed_at"]) == (201, "60.00", "shared", "那敏", None)
    assert answered(kitchen.na, "books", gas | {"category": "CI-01"})[0] == 403
    assert answered(kitchen.na, "books", gas | {"category": "CE-90"})[0] == 422
    assert answered(kitchen.kuai, f"books/{one['id']}/seal", {})[0] == 403
    assert answered(kitchen.jiang, f"books/{one['id']}/seal", {})[1]["sealed_by"] == "江涛"
    assert answered(kitchen.jiang, f"books/{one['id']}/seal", {})[0] == 409
    status, back = answered(kitchen.kuai, f"books/{one['id']}/reverse", {"why": "重复"})
    assert (status, back["amount"], back["reverses"]) == (201, "-60.00", one["id"])
    assert answered(kitchen.kuai, f"books/{one['id']}/reverse", {"why": "重复"})[0] == 409
    listed = answered(kitchen.mei, "books", waiting="true")[1]["results"]
    assert [row["id"] for row in listed] == [back["id"]]
    said = answered(kitchen.mei, "books/account", since="2026-11-16", until="2026-11-16")[1]
    assert (said["expense"], said["food"], said["waiting"], len(said["lines"])) == ("1090.00", "1030.00", 1, 4)
    october = booked(canteen, kitchen, "CE-01", "300.00", OCTOBER_DAY)
    month = {"canteen": canteen.pk, "month": "2026-10", "CE-01": "50.00", "analysis": "备货"}
    assert answered(kitchen.kuai, "books/months", month | {"CE-77": "1"})[0] == 422
    assert answered(kitchen.kuai, "books/months", month | {"CE-01": "300.01"})[0] == 422
    status, closed = answered(kitchen.kuai, "books/months", month)
    assert (status, [(row["category"], row["used"], row["store"]) for row in closed["stocks"]]) == (
        201, [("CE-01", "250.00", None)],
    )  # fmt: skip
    assert answered(kitchen.kuai, "books/months", month)[0] == 409
    assert [row["month"] for row in answered(kitchen.tang, "books/months", canteen=canteen.pk)[1]["results"]] == [
        "2026-10"
    ]
    assert answered(kitchen.yuan, f"books/{october.pk}")[0] == 404


def test_a_program_counts_meals_and_a_family_sees_its_own_money_alone(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    meal = {"canteen": canteen.pk, "day": "2026-11-16", "meal": "lunch", "students": 500, "staff": 18}
    assert answered(kitchen.chu, "meal-counts", meal)[1]["guests"] == 0
    assert answered(kitchen.bo, "meal-counts", meal)[0] == 403
    assert [row["students"] for row in answered(kitchen.mei, "meal-counts", since="2026-11-10")[1]["results"]] == [500]
    own, other = pupil(place, "01", "梅小雨", kitchen.mei), pupil(place, "02", "别家")
    for child in (own, other):
        MealMoney.objects.create(
            canteen=canteen, student=child, day=TODAY, kind="paid", amount=Decimal(200), serial=child.number, at=clock.now()
        )  # fmt: skip
    assert [(row["name"], row["balance"]) for row in answered(kitchen.mei, "meal-money")[1]["results"]] == [
        ("梅小雨", "200.00")
    ]
    assert [answered(kitchen.mei, f"meal-money/{one.pk}")[0] for one in (own, other)] == [200, 404]
    assert [answered(who, "meal-money/all")[0] for who in (kitchen.mei, kitchen.jiang, kitchen.na)] == [403, 403, 200]
    assert answered(kitchen.na, f"meal-money/{other.pk}/refund", {"amount": "200.01", "why": "转学"})[0] == 422
    assert (
        answered(kitchen.na, f"meal-money/{other.pk}/refund", {"amount": "200.00", "why": "转学"})[1]["amount"]
        == "-200.00"
    )
    assert Client().get(f"{AT}/meal-money").status_code == 401


def test_a_program_hangs_vouchers_plans_a_refund_and_brings_meal_money_in_as_the_pages_do(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    one = booked(canteen, kitchen, "CE-20", "60.00")
    pages = Program.of(kitchen.na).upload({"file": upload(paper(2), "发票.pdf"), "kind": "pages"}).json()
    ids = [pages["id"], *(page["id"] for page in pages["more"])]
    assert answered(kitchen.na, f"books/{one.pk}/vouchers", {"vouchers": []})[0] == 422
    status, said = answered(kitchen.na, f"books/{one.pk}/vouchers", {"vouchers": ids})
    assert (status, [row["id"] for row in said["vouchers"]]) == (201, ids)
    assert answered(kitchen.mei, f"books/{one.pk}/vouchers") == (200, said)
    assert [answered(who, f"books/{one.pk}/vouchers", {"vouchers": ids})[0] for who in (kitchen.mei, kitchen.na)] == [
        403,
        422,
    ]
    body = {"canteen": canteen.pk, "term": "2025-2", "amount": "30.00", "how": "按消费退到饭卡"}
    assert answered(kitchen.na, "books/plans", body)[0] == 403
    status, plan = answered(kitchen.kuai, "books/plans", body)
    assert (status, plan["by"], plan["signed_by"], plan["gone"]) == (201, "蒯清", None, "0.00")
    at = f"books/plans/{plan['id']}"
    assert answered(kitchen.kuai, f"{at}/done", {"on": "2026-11-16"})[0] == 409
    assert answered(kitchen.jiang, f"{at}/sign", {})[1]["signed_by"] == "江涛"
    assert answered(kitchen.jiang, f"{at}/sign", {})[0] == 409
    assert answered(kitchen.kuai, f"{at}/done", {"on": "2026-11-16"})[0] == 422
    booked(canteen, kitchen, "CE-60", "30.00")
    assert answered(kitchen.kuai, f"{at}/done", {"on": "2026-11-16"})[1]["done_on"] == "2026-11-16"
    assert answered(kitchen.tang, at)[1]["gone"] == "30.00"
    listed = answered(kitchen.mei, "books/plans")[1]["results"]
    assert [(row["term"], row["done_on"]) for row in listed] == [("2025-2", "2026-11-16")]
    assert [answered(kitchen.yuan, at)[0], answered(kitchen.yuan, f"{at}/done", {"on": "2026-11-16"})[0]] == [404, 403]
    pupil(place, "01", "梅小雨", kitchen.mei)
    sheet = MONEY.template(HOW, [["10001", "01", "梅小雨", TODAY, "充值", 200]])
    sent = Program.of(kitchen.na).upload({"file": upload(sheet, "餐费.xlsx"), "kind": "document"}).json()
    asked = {"canteen": canteen.pk, "piece": sent["id"]}
    status, seen = answered(kitchen.na, "meal-money/import", asked)
    assert (status, seen["new"], seen["mistakes"], MealMoney.objects.count()) == (200, 1, [], 0)
    assert answered(kitchen.na, "meal-money/import", asked | {"seen": "x"})[0] == 412
    assert answered(kitchen.na, "meal-money/import", asked | {"seen": seen["seen"]})[1]["new"] == 1
    assert answered(kitchen.mei, "meal-money")[1]["results"][0]["balance"] == "200.00"
    assert answered(kitchen.na, "meal-money/import", asked | {"canteen": canteen.pk + 99})[0] == 422
