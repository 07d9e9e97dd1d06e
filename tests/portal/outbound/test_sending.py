"""Reports become due in the step's own transaction, go in order, and end with a receipt number or a reason."""

import json
from typing import Any

import pytest
from django.db import transaction

from portal import clock
from portal.cases.actions import move
from portal.errors import BadInput, NotThere, WrongStep
from portal.ledger.queries import chain_of
from portal.orgs.models import User
from portal.outbound.actions import change, send_again, set_up, switch
from portal.outbound.connectors.web import refuse_endpoint
from portal.outbound.delivery import catch_up, deliver
from portal.outbound.models import Line, Report, System
from tests.district import Cast, District, later
from tests.repairs.test_loop import reported

from . import receiver
from .conftest import KIND, accepted, closed
from .receiver import Receiver

pytestmark = pytest.mark.usefixtures("monday")


def lines() -> list[tuple[str, int, str, str]]:
    return list(Line.objects.order_by("pk").values_list("state", "seq", "receipt", "reason"))


def minutes(n: float) -> Any:
    """So many minutes after Monday nine."""
    return clock.at(later(minutes=n))


def test_a_case_is_not_due_until_it_enters_a_demanded_state_and_ends_with_its_receipt(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    ticket = reported(place, cast.rita)
    assert lines() == [("not_due", 0, "", "")]
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    assert lines() == [("waiting", 1, "", "")]
    assert deliver() == 1
    assert lines() == [("accepted", 1, "YJ-0001", "")]
    closed(ticket, cast)
    assert lines() == [("waiting", 2, "YJ-0001", "")]
    assert deliver() == 1
    assert lines() == [("accepted", 2, "YJ-0001", "")]
    assert other.books.forged == 0
    first, second = other.books.messages.values()
    assert first == {
        "type": "repairs.ticket.registered",
        "timestamp": later().isoformat(),
        "data": {
            "number": "BX-LX01-2026-00001",
            "seq": 1,
            "school": {"code": "LX01", "name": "柳溪镇中心小学"},
            "place": "教学楼 203 教室",
            "sort": "RP-03",
            "state": {"code": "accepted", "title": "待派工"},
            "opened_at": later().isoformat(),
            "closed_at": None,
            "title": "203 教室 顶灯不亮",
        },
    }
    assert (second["type"], second["data"]["seq"], second["data"]["state"]["code"]) == (
        "repairs.ticket.closed_out", 2, "closed",
    )  # fmt: skip
    chain = [(one.verb, one.who) for one in chain_of(Line.objects.get().address)]
    assert chain == [
        ("due", "clock"), ("accepted", "connector:yingji"), ("due", "clock"), ("accepted", "connector:yingji"),
    ]  # fmt: skip


def test_a_step_that_is_undone_leaves_nothing_to_report(place: District, cast: Cast, system: System) -> None:
    ticket = reported(place, cast.rita)
    with pytest.raises(RuntimeError), transaction.atomic():
        move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
        raise RuntimeError("the page's transaction fails")
    assert (lines(), Report.objects.count()) == ([("not_due", 0, "", "")], 0)


def test_only_chosen_sorts_of_systems_that_are_on_at_the_place_are_reported(
    place: District, cast: Cast, system: System
) -> None:
    far = set_up(
        by=cast.ada, unit=place.far_school, kind=KIND, code="far", name="别处", connector="by_hand", endpoint="",
        sorts=["RP-03"], moments=["registered"],
    )  # fmt: skip
    accepted(place, cast, topic="RP-01")
    switch(system, on=False, by=cast.ada)
    accepted(place, cast)
    assert lines() == [("not_due", 0, "", ""), ("not_due", 0, "", "")]
    assert not far.lines.exists()
    assert Report.objects.count() == 0


def test_a_case_of_a_closed_circle_has_no_record_and_never_goes(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    ticket = reported(place, cast.rita)
    Line.objects.all().delete()
    type(ticket).objects.filter(pk=ticket.pk).update(circle="visitors")
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    assert lines() == []
    again = accepted(place, cast)  # and one that enters a circle while its report waits
    type(again).objects.filter(pk=again.pk).update(circle="visitors")
    assert deliver() == 0
    assert Report.objects.values_list("state", "error").get() == ("dead", "closed_circle")
    assert other.books.asked.total() == 0


def test_a_system_switched_on_later_is_told_of_what_is_open_once(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    switch(system, on=False, by=cast.ada)
    first, _second = accepted(place, cast), accepted(place, cast)
    reported(place, cast.rita)
    closed(first, cast)
    switch(system, on=True, by=cast.ada)
    assert (catch_up(), catch_up()) == (1, 0)
    assert deliver() == 1
    assert [one["data"]["number"] for one in other.books.messages.values()] == ["BX-LX01-2026-00002"]


def test_a_refusal_holds_what_comes_after_until_a_person_sends_it_again(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    ticket = accepted(place, cast)
    other.books.behave = receiver.refusing
    assert deliver() == 0
    assert lines() == [("refused", 1, "", "单位代码不在库中")]
    other.books.behave = lambda handler: handler.take()  # type: ignore[assignment]
    closed(ticket, cast)
    assert (deliver(), lines()) == (0, [("refused", 2, "", "单位代码不在库中")])
    refused = Report.objects.get(seq=1)
    send_again(Line.objects.get(), by=cast.ada)
    assert lines() == [("waiting", 2, "", "")]
    assert Report.objects.get(seq=1).key != refused.key  # other contents, another name
    assert deliver() == 2
    assert lines() == [("accepted", 2, "YJ-0001", "")]
    assert [one["data"]["seq"] for one in other.books.messages.values()] == [1, 2]


def test_what_the_other_side_lost_is_sent_anew_and_what_waits_is_not(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    accepted(place, cast)
    with pytest.raises(WrongStep):
        send_again(Line.objects.get(), by=cast.ada)
    deliver()
    other.books.records.clear()
    with pytest.raises(NotThere):
        send_again(Line.objects.get(), by=cast.hu)
    send_again(Line.objects.get(), by=cast.ada)
    assert deliver() == 1
    assert list(other.books.records) == ["BX-LX01-2026-00001"]


@pytest.mark.parametrize(
    "behave", [receiver.down, receiver.broken, receiver.gateway, receiver.elsewhere, receiver.endless]
)
def test_no_answer_is_no_receipt_and_the_system_is_spared_for_a_while(
    place: District, cast: Cast, system: System, other: Receiver, behave: receiver.Behaviour
) -> None:
    accepted(place, cast), accepted(place, cast)
    other.books.behave = behave
    assert deliver() == 0
    assert other.books.asked.total() == 1  # the second was laid back untried
    assert sorted(Report.objects.values_list("state", "attempts")) == [("waiting", 0), ("waiting", 1)]
    assert lines() == [("waiting", 1, "", "")] * 2
    other.books.behave = lambda handler: handler.take()  # type: ignore[assignment]
    assert deliver() == 0
    with minutes(2):
        assert deliver() == 2
    assert [one[0] for one in lines()] == ["accepted", "accepted"]
    assert System.objects.values_list("failures", "resting_until").get() == (0, None)


def test_without_its_secret_nothing_leaves(
    place: District, cast: Cast, system: System, other: Receiver, settings: Any
) -> None:
    settings.OUTBOUND_SECRETS = {}
    accepted(place, cast)
    assert deliver() == 0
    assert (other.books.asked.total(), Report.objects.get().error) == (0, "no_secret")


@pytest.mark.parametrize(
    ("endpoint", "sentence"),
    [
        ("http://hazards.example.gov.cn/r", "接口地址要以 https:// 开头。"),
        ("https://127.0.0.1/r", "这是内网地址。"),
        ("https://[::1]/r", "这是内网地址。"),
        ("https://localhost/r", "这是内网地址。"),
        ("https://metadata/r", "这是内网地址。"),
        ("https://who:secret@hazards.example.gov.cn/r", "请填写完整的接口地址"),
        ("file:///etc/passwd", "请填写完整的接口地址"),
        ("https://hazards.example.gov.cn:99999/r", "请填写完整的接口地址"),
        ("hazards", "请填写完整的接口地址"),
    ],
)
def test_addresses_inside_or_without_https_are_refused_unless_the_operator_listed_them(
    endpoint: str, sentence: str, settings: Any
) -> None:
    settings.OUTBOUND_ORIGINS = ["http://10.1.2.3:8080"]
    refuse_endpoint("http://10.1.2.3:8080/any")
    refuse_endpoint("https://hazards.example.gov.cn/r")
    with pytest.raises(BadInput) as refused:
        refuse_endpoint(endpoint)
    assert refused.value.sentence.startswith(sentence)


def test_a_name_that_leads_inside_is_not_connected_to(
    place: District, cast: Cast, system: System, other: Receiver, settings: Any
) -> None:
    settings.OUTBOUND_ORIGINS = []
    accepted(place, cast)
    assert deliver() == 0
    assert (other.books.asked.total(), Report.objects.get().error) == (0, "address_inside")


def test_only_who_keeps_it_at_the_unit_sets_up_changes_and_switches(
    place: District, cast: Cast, system: System
) -> None:
    nobody: list[User] = [cast.hu, cast.lin, cast.sam]
    for by in nobody:
        with pytest.raises(NotThere):
            change(system, by=by, name="别名")
        with pytest.raises(NotThere):
            switch(system, on=False, by=by)
    assert change(system, by=cast.ada, name="新名").name == "新名"
    assert [one.verb for one in chain_of(system.address)] == ["set_up", "switched_on", "changed"]
    assert "http" not in json.dumps([one.facts for one in chain_of(system.address)])
