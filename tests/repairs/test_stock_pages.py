"""Pages and programs of the store: who sees and writes what, forms that say what is wrong, constant questions."""

from decimal import Decimal
from io import BytesIO
from time import monotonic
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.orgs.models import User
from portal.orgs.tokens import issue_token
from portal.sheets.out import MIME
from portal.sheets.reading import rows_of
from repairs.forms.stock_lines import HOW, STOCK
from repairs.models import ApprovalTiers, Materials, StockItem, StockMove, Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_materials import asked, at_work, in_store, row

pytestmark = pytest.mark.usefixtures("monday")
LIST, ITEM = 5, 6


def item_page(item: StockItem, verb: str = "") -> str:
    return f"/repairs/stock/{item.pk}/{verb}/".replace("//", "/")


def test_the_list_takes_five_queries_for_one_item_and_for_three(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(cast.wu)
    for names in (["灯管"], ["角阀", "锁芯"]):
        for name in names:
            in_store(place, cast, name=name)
        with django_assert_num_queries(LIST):
            assert client.get("/repairs/stock/").status_code == 200


def test_an_item_shows_its_moves_in_six_queries(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item, client = in_store(place, cast), as_(cast.wu)
    for _ in range(2):
        client.post(item_page(item, "write-off"), {"quantity": "1", "why": "摔碎"})
        with django_assert_num_queries(ITEM):
            page = client.get(item_page(item))
    assert page.status_code == 200
    assert "摔碎" in page.content.decode()


def test_searching_and_what_is_low(place: District, cast: Cast) -> None:
    low = in_store(place, cast, "1", name="角阀")
    in_store(place, cast, "9", name="灯管")
    StockItem.objects.filter(pk=low.pk).update(minimum=5)
    client = as_(cast.wu)
    shown = {
        query: [
            name for name in ("角阀", "灯管") if f"{name} T8" in client.get(f"/repairs/stock/?{query}").content.decode()
        ]
        for query in ("", "low=1", "q=灯", "category=water")
    }
    assert shown == {"": ["角阀", "灯管"], "low=1": ["角阀"], "q=灯": ["灯管"], "category=water": []}


def test_only_who_keeps_the_store_writes_to_it_and_others_do_not_see_it(place: District, cast: Cast) -> None:
    item = in_store(place, cast)
    said = {"quantity": "1", "why": "摔碎"}
    answers = {
        name: (as_(who).get(item_page(item)).status_code, as_(who).post(item_page(item, "write-off"), said).status_code)
        for name, who in {"wu": cast.wu, "lin": cast.lin, "will": cast.will, "rita": cast.rita, "sam": cast.sam}.items()
    }
    assert answers == {"wu": (200, 302), "lin": (200, 302), "will": (200, 403), "rita": (403, 403), "sam": (404, 403)}
    assert StockItem.objects.get(pk=item.pk).on_hand == 8


@pytest.mark.parametrize(
    ("verb", "said", "status", "words"),
    [
        ("write-off", {"quantity": "99", "why": "丢了"}, 422, "库存 10 支，不够 99 支"),
        ("write-off", {"quantity": "0", "why": "丢了"}, 422, "要大于零"),
        ("count", {"quantity": "7", "why": ""}, 422, "差在哪里"),
        ("receive", {"quantity": "2", "price": "-1", "why": "捐赠"}, 422, "单价"),
        ("nothing", {}, 404, ""),
    ],
)
def test_a_refused_move_keeps_what_was_typed(
    place: District, cast: Cast, verb: str, said: dict[str, str], status: int, words: str
) -> None:
    item = in_store(place, cast)
    answer = as_(cast.wu).post(item_page(item, verb), said)
    assert (answer.status_code, StockItem.objects.get(pk=item.pk).on_hand) == (status, 10)
    assert words in answer.content.decode()
    assert all(value in answer.content.decode() for value in said.values())


def test_the_same_move_sent_twice_happens_once(place: District, cast: Cast) -> None:
    item, client = in_store(place, cast), as_(cast.wu)
    for _ in range(2):
        assert client.post(item_page(item, "count"), {"quantity": "7", "why": "盘点", "key": "one"}).status_code == 302
    assert list(StockMove.objects.filter(kind="count").values_list("quantity", "why")) == [(Decimal(-3), "盘点")]


def test_an_item_is_registered_and_renamed(place: District, cast: Cast) -> None:
    client = as_(cast.wu)
    said = {"school": place.school.pk, "name": "锁芯", "measure": "个", "category": "hardware", "quantity": "3"}
    assert "请填单价" in client.post("/repairs/stock/add/", said).content.decode()
    assert client.post("/repairs/stock/add/", said | {"price": "20"}).status_code == 302
    item = StockItem.objects.get()
    assert (
        client.post(
            item_page(item, "edit"), {"name": "锁芯", "spec": "70", "measure": "个", "category": "hardware"}
        ).status_code
        == 302
    )
    assert client.post("/repairs/stock/add/", said | {"spec": "70", "price": "1"}).status_code == 422
    assert (StockItem.objects.get().label, StockItem.objects.get().worth) == ("锁芯 70", Decimal(60))


def test_the_tiers_of_a_school_are_set_by_its_head_of_logistics(place: District, cast: Cast) -> None:
    said = {"head": "100", "vice": "200", "principal": "300", "version": "0"}
    assert as_(cast.wu).post("/repairs/tiers/", said).status_code == 403
    assert as_(cast.lin).post("/repairs/tiers/", said | {"vice": "50"}).status_code == 422
    assert as_(cast.lin).post("/repairs/tiers/", said).status_code == 302
    assert as_(cast.lin).post("/repairs/tiers/", said).status_code == 412  # somebody was first
    assert list(ApprovalTiers.objects.values_list("unit", "head", "version")) == [(place.school.pk, Decimal(100), 1)]
    assert asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="150")).state == "to_vice"


# The form with lines


def test_one_more_line_is_a_plain_submit_that_loses_nothing(place: District, cast: Cast) -> None:
    job, client = at_work(place, cast), as_(cast.will)
    in_store(place, cast)
    where = f"/repairs/tickets/{job.number}/request_materials/"
    empty = client.get(where).content.decode()
    assert ("lines-1-item" in empty, "lines-2-item" in empty, 'value="LED 灯管 T8 18W"' in empty) == (True, False, True)
    said = {"lines-0-item": "角阀", "lines-1-item": "软管", "category": "water", "reason": "漏水", "more": "lines"}
    more = client.post(where, said).content.decode()
    assert ("lines-2-item" in more, 'value="角阀"' in more, "请填写" in more) == (True, True, False)
    del said["more"]
    wrong = client.post(where, said)
    assert (wrong.status_code, "第 1 样：请填写“数量”。" in wrong.content.decode()) == (422, True)
    rest = {"lines-0-quantity": "1", "lines-0-measure": "个", "lines-0-price": "9", "lines-1-quantity": "2",
            "lines-1-measure": "根", "lines-1-price": "3", "lines-2-item": ""}  # fmt: skip
    assert client.post(where, said | rest).status_code == 302
    assert Materials.objects.get().amount == Decimal(15)


def test_a_job_and_its_request_show_each_other_in_eight_queries(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = at_work(place, cast)
    case = asked(job, cast.will, row("水泵", "1", measure="台", price="30"))
    for most, here, there in ((7, f"tickets/{job.number}", case), (8, f"materials/{case.number}", job)):
        client = as_(cast.lin)
        client.get(f"/repairs/{here}/")
        with django_assert_num_queries(most):
            page = client.get(f"/repairs/{here}/").content.decode()
        assert (there.number in page, there.title in page) == (True, True)
    assert case.number not in as_(cast.rita).get(f"/repairs/tickets/{job.number}/").content.decode()


def test_the_store_is_filled_up_without_a_job(place: District, cast: Cast) -> None:
    client = as_(cast.wu)
    assert client.get("/repairs/materials/new/").status_code == 302
    where = f"/repairs/materials/new/?unit={place.school.pk}"
    assert client.get(where).status_code == 200
    said = {"unit": place.school.pk, "category": "electric", "reason": "快用完了", "lines-0-item": "灯管",
            "lines-0-quantity": "10", "lines-0-measure": "支", "lines-0-price": "12"}  # fmt: skip
    assert client.post(where, said).status_code == 302
    assert (Materials.objects.get().title, Materials.objects.get().state) == ("灯管：补充库存", "to_head")


# Excel


def sheet(*rows: list[Any]) -> bytes:
    return STOCK.template(HOW, rows)


def sent(client: Client, school: int, body: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("库存.xlsx", body, MIME)
    return client.post("/repairs/stock/import/", {"school": school, "file": file} | more)


def confirmed(client: Client, school: int, page: Any) -> Any:
    said = {"school": school, "piece": page.context["piece"].pk, "seen": page.context["plan"].digest}
    return client.post("/repairs/stock/import/", said)


TWO = (["灯管", "T8", "支", "电料灯具", 20, 12.5, 5, "县五金"], ["=角阀", None, "个", None, 3, 8, None, None])


def test_a_file_is_shown_before_it_is_written_and_the_second_time_changes_nothing(place: District, cast: Cast) -> None:
    client, school = as_(cast.wu), place.school.pk
    page = sent(client, school, sheet(*TWO))
    assert ((page.context["plan"].new, page.context["plan"].same), StockItem.objects.count()) == ((2, 0), 0)
    assert confirmed(client, school, page).status_code == 302
    rows = StockItem.objects.order_by("pk").values_list("name", "category", "on_hand", "worth", "minimum", "chain_seq")
    assert list(rows) == [("灯管", "electric", 20, 250, 5, 2), ("=角阀", "other", 3, 24, 0, 2)]
    again = sent(client, school, sheet(*TWO))
    assert (again.context["plan"].same, again.context["plan"].shown) == (2, [])
    confirmed(client, school, again)
    assert StockMove.objects.count() == 2


def test_an_existing_item_is_counted_and_changed(place: District, cast: Cast) -> None:
    client, school, item = as_(cast.wu), place.school.pk, in_store(place, cast)
    page = sent(client, school, sheet(["LED 灯管", "T8 18W", "支", "电料灯具", 7, None, 4, None]))
    assert page.context["plan"].changes[0].words == "最低库存 0 → 4；库存 10 → 7"
    confirmed(client, school, page)
    now = StockItem.objects.get(pk=item.pk)
    assert (now.on_hand, now.minimum, now.moves.latest("pk").kind) == (7, 4, "count")


def test_books_that_changed_after_the_preview_are_not_written_over(place: District, cast: Cast) -> None:
    client, school, item = as_(cast.wu), place.school.pk, in_store(place, cast)
    page = sent(client, school, sheet(["LED 灯管", "T8 18W", "支", "电料灯具", 7, None, None, None]))
    client.post(item_page(item, "write-off"), {"quantity": "1", "why": "摔碎"})
    answer = confirmed(client, school, page)
    assert (answer.status_code, "预览之后有变化" in answer.content.decode()) == (422, True)
    assert StockItem.objects.get(pk=item.pk).on_hand == 9


def test_five_thousand_lines_with_fifty_bad_ones_name_every_bad_one_and_write_nothing(
    place: District, cast: Cast
) -> None:
    bad = set(range(100, 5000, 98))
    rows = [[f"物品 {n}", "", "" if n in bad else "件", "其他", 1, 2, 0, ""] for n in range(2, 5002)]
    body, client, began = sheet(*rows), as_(cast.wu), monotonic()
    page = sent(client, place.school.pk, body)
    assert monotonic() - began < 20
    assert [str(one) for one in page.context["plan"].mistakes] == [f"第 {n} 行：请填写“单位”。" for n in sorted(bad)]
    assert len(bad) == 50
    assert confirmed(client, place.school.pk, page).status_code == 422
    assert StockItem.objects.count() == 0


def test_what_is_no_table_is_refused(place: District, cast: Cast) -> None:
    client = as_(cast.wu)
    answer = sent(client, place.school.pk, b"no table")
    assert (answer.status_code, "xlsx" in answer.content.decode()) == (422, True)
    assert client.post("/repairs/stock/import/", {"school": place.school.pk}).status_code == 422
    assert sent(client, place.far_school.pk, sheet(*TWO)).status_code == 422  # not her store


def test_the_export_reads_back_as_it_is(place: District, cast: Cast) -> None:
    in_store(place, cast)
    body = as_(cast.wu).get("/repairs/stock/export.xlsx").content
    assert rows_of(BytesIO(body), sheet="库存")[1] == ["LED 灯管", "T8 18W", "支", "电料灯具", 10, 12.5, 0, ""]
    page = sent(as_(cast.wu), place.school.pk, body)
    assert (page.context["plan"].same, page.context["plan"].mistakes) == (1, [])
    assert as_(cast.wu).get("/repairs/stock/template.xlsx").status_code == 200


def test_what_is_low_is_asked_for_in_a_form_that_is_filled_in(place: District, cast: Cast) -> None:
    in_store(place, cast, "9", name="灯管")
    valve, lock = (in_store(place, cast, "1.5", name=name) for name in ("角阀", "锁芯"))
    StockItem.objects.filter(pk__in=[valve.pk, lock.pk]).update(minimum=5)
    StockItem.objects.filter(pk=lock.pk).update(category="hardware")
    client = as_(cast.wu)
    where = "/repairs/materials/new/?low=1"
    assert "申请补货（2 样不足）" in client.get("/repairs/stock/").content.decode()
    answer = client.get(where)
    assert answer["Location"] == f"/repairs/materials/new/?unit={place.school.pk}&low=1"
    page = client.get(answer["Location"]).context
    assert page["kinds"] == [("electric", "电料灯具", 1), ("hardware", "五金锁具", 1)]
    lines = [{"item": "角阀 T8 18W", "quantity": "3.5", "measure": "支", "price": Decimal("12.50")}]
    assert (page["form"].initial["category"], page["form"].initial["lines"]) == ("electric", lines)
    other = client.get(f"/repairs/materials/new/?unit={place.school.pk}&low=hardware")
    assert [one["item"] for one in other.context["form"].initial["lines"]] == ["锁芯 T8 18W"]
    said = {"unit": place.school.pk, "category": "electric", "reason": "补到最低库存。"}
    sent = {f"lines-0-{name}": value for name, value in lines[0].items()}
    assert client.post(where, said | sent).status_code == 302
    assert (Materials.objects.get().lines.get().stock, Materials.objects.get().amount) == (valve, Decimal("43.75"))


# Programs


def program(user: User) -> Any:
    token = issue_token(person=user, name="表", by=user, second_factor=True)

    def ask(verb: str, path: str, data: Any = None, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"} | headers
        call = getattr(Client(), verb)
        more = {} if verb == "get" else {"content_type": "application/json"}
        return call(f"/api/v1/repairs/{path}", data or {}, headers=headers, **more)

    return ask


def test_programs_keep_the_store_by_the_same_rules(place: District, cast: Cast) -> None:
    ask = program(cast.wu)
    said = {
        "school": place.school.pk,
        "name": "锁芯",
        "measure": "个",
        "category": "hardware",
        "quantity": "3",
        "price": "20",
    }
    made = ask("post", "stock", said, **{"Idempotency-Key": "a"})
    assert (made.status_code, made.json()["on_hand"], made.json()["unit_price"]) == (201, "3.000", "20.00")
    assert ask("post", "stock", said, **{"Idempotency-Key": "a"}).json() == made.json()
    one = f"stock/{made.json()['id']}"
    assert ask("post", f"{one}/moves", {"kind": "count", "quantity": "2", "why": "少一个"}).json()["on_hand"] == "2.000"
    assert ask("post", f"{one}/moves", {"kind": "write_off", "quantity": "9", "why": "丢"}).status_code == 422
    assert ask("post", f"{one}/moves", {"kind": "issue", "quantity": "1", "why": "领"}).status_code == 422
    assert [move["kind"] for move in ask("get", f"{one}/moves").json()["results"]] == ["count", "in"]
    assert [item["name"] for item in ask("get", "stock?q=锁&low=false").json()["results"]] == ["锁芯"]
    assert ask("get", "stock?nothing=1").status_code == 422
    assert program(cast.will)("post", f"{one}/moves", {"kind": "count", "quantity": "2", "why": "x"}).status_code == 403
    assert program(cast.tess)("get", one).status_code == 403


def test_a_program_asks_for_materials_in_lines(place: District, cast: Cast) -> None:
    in_store(place, cast)
    job, ask = at_work(place, cast), program(cast.will)
    step = f"tickets/{job.number}/steps/request_materials"
    told = next(
        one for one in ask("get", f"tickets/{job.number}").json()["steps"] if one["name"] == "request_materials"
    )
    lines = next(one for one in told["fields"] if one["name"] == "lines")
    assert (lines["type"], [one["name"] for one in lines["lines"]]) == (
        "rows",
        ["item", "quantity", "measure", "price"],
    )
    said = {"category": "electric", "reason": "老化", "lines": [{"item": "LED 灯管 T8 18W", "quantity": "2"}]}
    wrong = ask("post", step, said | {"lines": [{"item": "角阀", "quantity": 2}]})
    assert (wrong.status_code, wrong.json()["errors"]) == (
        422, {"lines": ['第 1 样：quantity：这一项要用写成文字的小数，如 "2.5"。']},
    )  # fmt: skip
    done = ask("post", step, said)
    assert (done.status_code, done.json()["state"]) == (200, "waiting")
    assert Ticket.objects.get(pk=job.pk).links.count() == 0
    assert Materials.objects.get().lines.get().quantity == 2
