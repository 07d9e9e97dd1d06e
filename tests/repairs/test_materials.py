"""Materials for a job: asked for, approved by tier, from stock or bought, accepted, handed out, and the job goes on."""

from decimal import Decimal
from typing import Any

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case, CaseLink, Deadline
from portal.errors import BadInput, NotAllowed, NotThere, Refused, WrongStep
from portal.ledger.queries import chain_of
from portal.orgs.models import User
from repairs.actions import request_materials
from repairs.actions.stock import add_item, receive, write_off
from repairs.flow import MATERIALS
from repairs.models import ApprovalTiers, MaterialLine, Materials, StockItem, StockMove, Ticket
from repairs.queries.materials import facts_of
from tests.conftest import photo_of
from tests.district import Cast, District, later
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def at_work(place: District, cast: Cast) -> Ticket:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    return Ticket.objects.get(pk=ticket.pk)


def in_store(
    place: District, cast: Cast, quantity: str = "10", price: str = "12.50", name: str = "LED 灯管"
) -> StockItem:
    item = add_item(school=place.school, name=name, spec="T8 18W", measure="支", category="electric", by=cast.wu)
    if Decimal(quantity):
        receive(item.pk, Decimal(quantity), Decimal(price), by=cast.wu)
    return StockItem.objects.get(pk=item.pk)


def row(item: str = "LED 灯管 T8 18W", quantity: str = "2", **more: str) -> dict[str, str]:
    return {"item": item, "quantity": quantity} | more


def asked(job: Ticket, by: User, *lines: dict[str, str], **data: Any) -> Materials:
    said = {"category": "electric", "lines": list(lines) or [row()], "reason": "灯管老化"} | data
    move(job, "request_materials", by=by, data=said)
    return Materials.objects.get(links__target=job.pk, is_open=True)


def fresh(case: Case) -> Any:
    return type(case)._base_manager.get(pk=case.pk)


def lines(case: Materials, **numbers: str) -> list[dict[str, Any]]:
    return [{"line": line.pk, **numbers} for line in case.lines.order_by("pk")]


def bought(place: District, cast: Cast, price: str = "8") -> tuple[Ticket, Materials]:
    job = at_work(place, cast)
    case = asked(job, cast.will, row("角阀", "4", measure="个", price="10"), category="water")
    move(case, "approve", by=cast.lin)
    receipt = [photo_of(cast.wu).pk]
    said = {"supplier": "县五金", "mall": "政采云", "order_no": "A-1", "receipt": receipt}
    move(case, "buy", by=cast.wu, data=said | {"lines": lines(case, quantity="4", price=price)})
    return job, fresh(case)


def test_a_job_waits_for_materials_from_stock_and_goes_on_by_itself(place: District, cast: Cast) -> None:
    job, item = at_work(place, cast), in_store(place, cast)
    with clock.at(later(hours=1)):
        case = asked(job, cast.will)
    assert (case.number, case.title, case.state, case.turn, case.amount) == (
        "CL-LX01-2026-00001", "LED 灯管 T8 18W：203 教室 顶灯不亮", "to_head", "logistics_head", Decimal(25),
    )  # fmt: skip
    assert (fresh(job).state, list(CaseLink.objects.values_list("source", "target", "kind"))) == (
        "waiting", [(case.pk, job.pk, "materials")],
    )  # fmt: skip
    with clock.at(later(hours=2)):
        move(case, "approve", by=cast.lin)
        assert fresh(case).state == "to_issue"
    with clock.at(later(hours=3)):
        move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="2")})
    done = fresh(job)
    assert (fresh(case).state, done.state, done.cost) == ("issued", "working", Decimal(25))
    assert (fresh(item).on_hand, fresh(item).worth) == (Decimal(8), Decimal(100))
    resolve = Deadline.objects.get(case=job, clock="resolve", done_at=None)
    assert (resolve.paused_at, resolve.due_at) == (None, later(hours=24 + 2))  # stood from one to three hours later
    assert [event.who for event in chain_of(job.address)][-1] == "clock"


def test_while_a_job_waits_its_clock_stands_and_the_materials_have_their_own(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    in_store(place, cast)
    case = asked(job, cast.will)
    standing = Deadline.objects.get(case=job, clock="resolve", done_at=None)
    assert (standing.paused_at, fresh(job).due_at) == (clock.now(), None)
    running = Deadline.objects.get(case=case, done_at=None)
    assert (running.clock, running.due_at) == ("approve", later(hours=2))  # the job is urgent, and so are its materials


def test_what_is_not_in_stock_is_bought_accepted_by_another_and_handed_out(place: District, cast: Cast) -> None:
    job, case = bought(place, cast)
    assert (case.state, case.paid, case.buyer) == ("to_accept", Decimal(32), cast.wu)
    move(case, "check_in", by=cast.lin, data={"lines": lines(case, quantity="4")})
    item = StockItem.objects.get(school=place.school, name="角阀")
    assert (fresh(case).state, item.on_hand, item.worth, item.category) == (
        "to_issue",
        Decimal(4),
        Decimal(32),
        "water",
    )
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="4")})
    assert (fresh(case).state, fresh(job).state, fresh(job).cost) == ("issued", "working", Decimal(32))
    assert list(StockMove.objects.filter(item=item).order_by("pk").values_list("kind", "quantity", "case")) == [
        ("in", Decimal(4), case.pk), ("issue", Decimal(-4), case.pk),
    ]  # fmt: skip


def test_the_buyer_never_accepts(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    case = asked(job, cast.will, row("角阀", "4", measure="个", price="10"))
    move(case, "approve", by=cast.lin)
    said = {"supplier": "县五金", "lines": lines(case, quantity="4", price="8")}
    move(case, "buy", by=cast.lin, data=said | {"receipt": [photo_of(cast.lin).pk]})
    with pytest.raises(Refused, match="自己买的"):
        move(case, "check_in", by=cast.lin, data={"lines": lines(case, quantity="4")})
    with pytest.raises(NotAllowed):
        move(case, "check_in", by=cast.wu, data={"lines": lines(case, quantity="4")})
    assert move(case, "check_in", by=cast.will, data={"lines": lines(case, quantity="4")}).state == "to_issue"


@pytest.mark.parametrize(
    ("price", "state", "turn"),
    [
        ("500", "to_head", "logistics_head"),
        ("500.01", "to_vice", "vice_principal"),
        ("5000.01", "to_principal", "principal"),
        ("30000.01", "to_council", "principal"),
    ],
)
def test_the_amount_decides_who_approves(place: District, cast: Cast, price: str, state: str, turn: str) -> None:
    case = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price=price))
    assert (case.state, case.turn) == (state, turn)


def test_a_school_sets_its_own_tiers(place: District, cast: Cast) -> None:
    ApprovalTiers.objects.create(unit=place.school, head=100, vice=200, principal=300, made_at=clock.now())
    ApprovalTiers.objects.create(unit=place.bureau, head=9000, vice=9000, principal=9000, made_at=clock.now())
    assert asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="150")).state == "to_vice"


def test_orders_of_thirty_days_are_summed_against_the_tier_and_shown(place: District, cast: Cast) -> None:
    first = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="300"), category="water")
    second = asked(at_work(place, cast), cast.will, row("水阀", "1", measure="个", price="300"), category="water")
    other = asked(at_work(place, cast), cast.will, row("油漆", "1", measure="桶", price="300"), category="paint")
    assert [(one.state, one.alike) for one in (first, second, other)] == [
        ("to_head", Decimal(0)), ("to_vice", Decimal(300)), ("to_head", Decimal(0)),
    ]  # fmt: skip
    assert ("30 天内同类合计", "300.00 元，连同本单 600.00 元") in queries_facts(second)
    move(first, "decline", by=cast.lin, data={"reason": "先用旧的"})
    with clock.at(later(days=1)):
        again = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="150"), category="water")
        assert (again.alike, again.state) == (Decimal(300), "to_head")  # what was declined does not count
    with clock.at(later(days=31)):
        late = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="300"), category="water")
        assert late.alike == Decimal(150)


def queries_facts(case: Materials) -> list[tuple[str, str]]:
    return facts_of(case)


def test_nobody_approves_their_own_request(place: District, cast: Cast) -> None:
    said = {"unit": place.school.pk, "category": "electric", "lines": [row(measure="支", price="10")], "reason": "补货"}
    form = filled(MATERIALS, MATERIALS.opening, case=None, by=cast.lin, data=said)
    case = Materials.objects.get(pk=request_materials(form, by=cast.lin).pk)
    assert (case.state, case.title) == (
        "to_vice",
        "LED 灯管 T8 18W：补充库存",
    )  # the next tier up, although it is 20 yuan
    move(case, "approve", by=cast.vera)
    with pytest.raises(NotAllowed, match="资产管理员"):
        request_materials(filled(MATERIALS, MATERIALS.opening, case=None, by=cast.rita, data=said), by=cast.rita)


def test_the_principal_approves_for_a_vacant_post_but_nobody_below(place: District, cast: Cast) -> None:
    case = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="600"))
    with pytest.raises(NotAllowed, match="分管副校长"):
        move(case, "approve", by=cast.lin)
    assert move(case, "approve", by=cast.hu).state == "to_buy"


def test_large_sums_need_three_quotes_and_the_council_its_minutes(place: District, cast: Cast) -> None:
    case = asked(at_work(place, cast), cast.will, row("锅炉", "1", measure="台", price="40000"))
    minutes = {"minutes": [photo_of(cast.hu).pk]}
    with pytest.raises(BadInput) as refused:
        move(case, "approve", by=cast.hu)
    assert refused.value.errors == {"minutes": ["请至少上传 1 张照片。"]}
    with pytest.raises(Refused, match="要有 3 份比价，现在有 0 份"):
        move(case, "approve", by=cast.hu, data=minutes)
    move(
        case, "add_quotes", by=cast.will, data={"quotes": [photo_of(cast.will, c).pk for c in ("red", "blue", "green")]}
    )
    assert move(case, "approve", by=cast.hu, data=minutes).state == "to_buy"


def test_a_price_beyond_what_was_approved_goes_up_again(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    case = asked(job, cast.will, row("角阀", "4", measure="个", price="100"))
    move(case, "approve", by=cast.lin)
    said = {"supplier": "县五金", "lines": lines(case, quantity="4", price="200"), "receipt": [photo_of(cast.wu).pk]}
    with pytest.raises(BadInput) as refused:
        move(case, "buy", by=cast.wu, data=said)
    assert refused.value.errors == {"lines": ["合计 800.00 元，超过批准的 400.00 元；请先“重新报批”。"]}
    move(case, "reprice", by=cast.wu, data={"amount": "800", "supplier": "县五金", "reason": "涨价"})
    assert (fresh(case).state, fresh(case).granted) == ("to_vice", None)
    move(case, "approve", by=cast.vera)
    assert move(case, "buy", by=cast.wu, data=said).state == "to_accept"


def test_one_suppliers_orders_are_summed_when_they_are_bought(place: District, cast: Cast) -> None:
    first = asked(at_work(place, cast), cast.will, row("角阀", "1", measure="个", price="400"), category="water")
    move(first, "approve", by=cast.lin)
    said = {"supplier": "县五金", "receipt": [photo_of(cast.wu).pk]}
    move(first, "buy", by=cast.wu, data=said | {"lines": lines(first, quantity="1", price="400")})
    second = asked(at_work(place, cast), cast.will, row("油漆", "1", measure="桶", price="300"), category="paint")
    move(second, "approve", by=cast.lin)
    with pytest.raises(BadInput, match=r"同一供应商合计 700\.00 元"):
        move(second, "buy", by=cast.wu, data=said | {"lines": lines(second, quantity="1", price="300"),
                                                     "receipt": [photo_of(cast.wu, "red").pk]})  # fmt: skip
    move(second, "reprice", by=cast.wu, data={"amount": "300", "supplier": "县五金", "reason": "同一家"})
    assert (fresh(second).state, fresh(second).alike) == ("to_vice", Decimal(400))


@pytest.mark.parametrize(("name", "by", "state"), [("decline", "lin", "declined"), ("recall", "will", "recalled")])
def test_a_job_goes_on_when_its_request_ends_without_materials(
    place: District, cast: Cast, name: str, by: str, state: str
) -> None:
    job = at_work(place, cast)
    case = asked(job, cast.will, row("水泵", "1", measure="台", price="300"))
    assert move(case, name, by=getattr(cast, by), data={"reason": "不用了"}).state == state
    assert (fresh(job).state, fresh(job).cost) == ("working", Decimal(0))


def test_a_job_that_no_longer_waits_is_left_where_it_is(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    case = asked(job, cast.will, row("水泵", "1", measure="台", price="300"))
    move(job, "resume", by=cast.will)
    move(job, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    move(case, "decline", by=cast.lin, data={"reason": "不用了"})
    assert fresh(job).state == "finished"


def test_a_partial_shortage_is_handed_out_in_parts(place: District, cast: Cast) -> None:
    job, item = at_work(place, cast), in_store(place, cast, "5")
    case = asked(job, cast.will, row(quantity="5"))
    move(case, "approve", by=cast.lin)
    write_off_two(item, cast)
    with pytest.raises(Refused, match="库存 3 支，不够 5 支"):
        move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="5")})
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="3"), "rest": "buy"})
    assert (fresh(case).state, fresh(job).state, fresh(job).cost) == ("to_buy", "waiting", Decimal("37.50"))
    said = {"supplier": "县五金", "lines": lines(case, quantity="2", price="12.50"), "receipt": [photo_of(cast.wu).pk]}
    move(case, "buy", by=cast.wu, data=said)
    move(case, "check_in", by=cast.lin, data={"lines": lines(case, quantity="2")})
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="2")})
    assert (fresh(case).state, fresh(job).state, fresh(job).cost) == ("issued", "working", Decimal("62.50"))


def write_off_two(item: StockItem, cast: Cast) -> None:
    write_off(item.pk, Decimal(2), by=cast.wu, why="摔碎")


def test_the_rest_may_be_dropped(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    in_store(place, cast, "5")
    case = asked(job, cast.will, row(quantity="5"))
    move(case, "approve", by=cast.lin)
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="1"), "rest": "drop"})
    assert (fresh(case).state, fresh(job).state, fresh(job).cost) == ("issued", "working", Decimal("12.50"))


def test_what_was_not_used_comes_back_and_off_the_cost(place: District, cast: Cast) -> None:
    job, item = at_work(place, cast), in_store(place, cast, "3", "10.00")
    case = asked(job, cast.will, row(quantity="3"))
    move(case, "approve", by=cast.lin)
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="3")})
    move(case, "give_back", by=cast.wu, data={"lines": lines(case, quantity="1")})
    assert (fresh(job).cost, fresh(item).on_hand, fresh(item).worth) == (Decimal(20), Decimal(1), Decimal(10))
    with pytest.raises(BadInput) as refused:
        move(case, "give_back", by=cast.wu, data={"lines": lines(case, quantity="3")})
    assert refused.value.errors == {"lines": ["第 1 样：LED 灯管 T8 18W 领出未退 2 支。"]}
    move(case, "give_back", by=cast.wu, data={"lines": lines(case, quantity="2")})
    with pytest.raises(BadInput, match="领出未退 0 支"):
        move(case, "give_back", by=cast.wu, data={"lines": lines(case, quantity="1")})
    assert (fresh(job).cost, fresh(job).state) == (Decimal(0), "working")


def test_goods_that_are_not_in_order_go_back(place: District, cast: Cast) -> None:
    job, case = bought(place, cast)
    move(case, "send_goods_back", by=cast.lin, data={"reason": "型号不对"})
    line = MaterialLine.objects.get(case=case)
    assert (fresh(case).state, fresh(case).paid, line.on_order) == ("to_buy", Decimal(0), Decimal(0))
    assert fresh(job).state == "waiting"


def test_every_line_that_does_not_hold_is_named(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    with pytest.raises(BadInput) as refused:
        asked(job, cast.will, row(quantity="0"), row("角阀", ""))
    assert refused.value.errors == {"lines": ["第 1 样：“数量”要大于零。", "第 2 样：请填写“数量”。"]}
    with pytest.raises(BadInput) as unknown:
        asked(job, cast.will, row("角阀", "1"))
    assert unknown.value.errors == {"lines": ["第 1 样：库里没有“角阀”，请填单位和估计单价。"]}
    assert fresh(job).state == "working"


def test_a_line_of_another_request_is_not_there(place: District, cast: Cast) -> None:
    one = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="30"))
    other = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="30"))
    move(one, "approve", by=cast.lin)
    said = {"supplier": "县五金", "lines": lines(other, quantity="1", price="8"), "receipt": [photo_of(cast.wu).pk]}
    with pytest.raises(BadInput):
        move(one, "buy", by=cast.wu, data=said)


def test_strangers_and_reporters_do_not_see_a_request(place: District, cast: Cast) -> None:
    case = asked(at_work(place, cast), cast.will, row("水泵", "1", measure="台", price="30"))
    for person in (cast.rita, cast.sam):
        with pytest.raises(NotThere):
            move(case, "comment", by=person, data={"words": "看看"})
    with pytest.raises(WrongStep):
        move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="1")})


def test_the_chain_keeps_numbers_and_no_words(place: District, cast: Cast) -> None:
    item = in_store(place, cast)
    case = asked(at_work(place, cast), cast.will, row(), row("特制灯罩", "1", measure="个", price="30"))
    first = next(iter(chain_of(case.address)))
    assert first.facts["lines"] == [
        {"stock": item.pk, "quantity": "2", "price": "12.50"}, {"quantity": "1", "price": "30"},
    ]  # fmt: skip
    assert (first.facts["amount"], first.facts["to"]) == ("55.00", "to_head")
