"""What pages keep, programs keep too: stickers, several cases at once, rules of dispatch, tiers, a card corrected."""

import pytest

from portal.cases.actions import move
from portal.stickers.models import Sticker
from repairs.actions.assets import enter_asset
from repairs.models import ApprovalTiers, Asset, DispatchRule
from tests.district import Cast, District
from tests.repairs.test_loop import reported

from .program import TICKETS, Program

pytestmark = pytest.mark.usefixtures("monday")


def test_stickers_are_made_listed_and_replaced(place: District, cast: Cast) -> None:
    program, where = Program.of(cast.wu), "/api/v1/stickers"
    assert program.post(where, {"unit": place.school.pk}).json() == {"made": 4}
    assert program.post(where, {"unit": place.school.pk}).json() == {"made": 0}
    first = program.get(where, unit=place.school.pk, limit=3).json()
    rest = program.get(first["next"]).json()
    assert [one["place"] for one in (*first["results"], *rest["results"])] == [
        "柳溪镇中心小学", "教学楼", "教学楼 203 教室", "教学楼 204 教室",
    ]  # fmt: skip
    one = first["results"][2]
    assert one["scans_to"].endswith(f"/t/{one['code']}/")
    enter_asset(unit=place.room, by=cast.wu, code="ZC-1", name="投影机", kind="2")
    things = program.get(where, unit=place.school.pk, things="true").json()["results"]
    assert [row["about"] for row in things] == [Asset.objects.get().address]
    fresh = program.post(f"{where}/{one['id']}/revoke", Idempotency_Key="a").json()
    again = program.post(f"{where}/{one['id']}/revoke", Idempotency_Key="a").json()
    assert (fresh == again, fresh["code"] != one["code"]) == (True, True)
    assert Sticker.objects.get(pk=one["id"]).revoked_at is not None
    assert program.post(f"{where}/{one['id']}/revoke").status_code == 422


def test_several_cases_are_answered_on_their_own(place: District, cast: Cast) -> None:
    one, two = (reported(place, cast.rita, words=words) for words in ("灯一", "灯二"))
    move(two, "accept", by=cast.dora, data={"reply": "好"})
    far = reported(place, cast.tess, unit=place.far_room.pk)
    program = Program.of(cast.dora)
    said = {"cases": [one.number, two.number, far.number], "reply": "马上来"}
    for _ in range(2):  # the same key: the same answers
        told = program.post(f"{TICKETS}/many/accept", said, Idempotency_Key="k").json()["results"]
        assert [(row["number"], row["done"]) for row in told] == [(one.number, True), (two.number, False)]
    assert told[1]["why"] == "这件事现在是“待派工”，不能再“受理”。"
    assert program.post(f"{TICKETS}/many/accept", {"reply": "好"}).status_code == 422
    assert program.post(f"{TICKETS}/many/accept", {"cases": [one.number], "nothing": 1}).status_code == 422
    assert program.post(f"{TICKETS}/many/reject", {"cases": [one.number]}).status_code == 404


def test_rules_of_dispatch_and_tiers_are_set(place: District, cast: Cast) -> None:
    dora, lin = Program.of(cast.dora), Program.of(cast.lin)
    said = {"unit": place.school.pk, "topic": "RP-05", "people": [cast.will.pk], "by_itself": True, "seen": 0}
    assert dora.post("/api/v1/repairs/dispatching", said).json()["version"] == 1
    assert dora.post("/api/v1/repairs/dispatching", said).status_code == 412
    rows = lin.get("/api/v1/repairs/dispatching").json()["results"]
    assert [(one["topic"], one["people"], one["by_itself"]) for one in rows] == [("RP-05", [cast.will.pk], True)]
    assert dora.post("/api/v1/repairs/dispatching", said | {"unit": place.far_school.pk}).status_code == 422
    tiers = f"/api/v1/repairs/tiers?school={place.school.pk}"
    assert lin.get(tiers).json()["head"] == "500.00"
    amounts = {"head": "100", "vice": "200", "principal": "300"}
    now = lin.post("/api/v1/repairs/tiers", {"school": place.school.pk, "seen": 0} | amounts).json()
    assert (now["head"], now["source"], now["version"]) == ("100.00", "柳溪镇中心小学设置", 1)
    assert lin.post("/api/v1/repairs/tiers", {"school": place.school.pk, "seen": 0} | amounts).status_code == 412
    assert (DispatchRule.objects.count(), ApprovalTiers.objects.count()) == (1, 1)


def test_a_card_is_corrected(place: District, cast: Cast) -> None:
    one = enter_asset(unit=place.room, by=cast.wu, code="ZC-1", name="投影仪", kind="2")
    said = {
        "name": "投影机",
        "code": "ZC-1",
        "kind": "2",
        "quantity": 1,
        "source": "bought",
        "reason": "写错了",
        "version": 0,
    }
    where = f"/api/v1/repairs/assets/{one.pk}/corrections"
    assert Program.of(cast.wu).post(where, said).json()["name"] == "投影机"
    assert Program.of(cast.wu).post(where, said).status_code == 412
    assert Asset.objects.get().version == 1
