"""A report whose place could not be chosen from the tree: the latest places are offered, others are said by name."""

import pytest
from django.test import Client
from django.utils.html import escape

from portal.stickers.actions import make, revoke
from portal.stickers.queries import living
from repairs.models import Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")
SCRIPT = "application/problem+json, application/json"


def report_at(client: Client, where: str, **more: object) -> tuple[int, str]:
    said = {"where": where, "topic": "RP-03", "words": "顶灯不亮"} | more
    answer = client.post("/repairs/report/", said)
    return answer.status_code, answer.content.decode()


def test_anywhere_offers_the_latest_places_and_asks_for_the_rest(place: District, cast: Cast) -> None:
    for room in (place.room, place.other_room, place.room):
        reported(place, cast.rita, unit=room.pk)
    reported(place, cast.will, unit=place.building.pk)  # somebody else's
    page = as_(cast.rita).get("/repairs/report/?anywhere").content.decode()
    offered = [
        pk for pk in (place.room.pk, place.other_room.pk, place.building.pk) if f'name="unit" value="{pk}"' in page
    ]
    assert (offered, 'name="where"' in page) == ([place.room.pk, place.other_room.pk], True)
    assert page.index(f'value="{place.room.pk}"') < page.index(f'value="{place.other_room.pk}"')


@pytest.mark.parametrize("where", ["203 教室", " 203  教室 ", "教学楼 203", "203"])
def test_a_place_said_by_name_is_found(place: District, cast: Cast, where: str) -> None:
    assert report_at(as_(cast.rita), where)[0] == 302
    assert Ticket.objects.get().unit == place.room


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("教室", "叫“教室”的地点有 2 个，请选一个。"),
        ("没有这里", "叫“没有这里”的地点没有找到，请换个写法，如“203”。"),
        ("101 教室", "叫“101 教室”的地点没有找到，请换个写法，如“203”。"),  # another school's
        ("<b>", "叫“<b>”的地点没有找到，请换个写法，如“203”。"),
    ],
)
def test_a_name_that_is_several_places_or_none_is_asked_again_with_everything_typed(
    place: District, cast: Cast, where: str, sentence: str
) -> None:
    status, page = report_at(as_(cast.rita), where)
    assert (status, escape(sentence) in page, "顶灯不亮" in page, Ticket.objects.count()) == (422, True, True, 0)
    assert (f'name="unit" value="{place.other_room.pk}"' in page) == (where == "教室")


def test_the_same_form_by_script_answers_with_an_address_or_a_problem_and_only_once(
    place: District, cast: Cast
) -> None:
    client = as_(cast.rita)

    def send(where: str) -> tuple[int, dict[str, object]]:
        said = {"where": where, "topic": "RP-03", "words": "顶灯不亮", "key": "k1"}
        answer = client.post("/repairs/report/", said, headers={"accept": SCRIPT})
        return answer.status_code, answer.json()

    status, said = send("教室")
    assert (status, said["detail"], said["errors"]) == (
        422,
        "叫“教室”的地点有 2 个，请选一个。",
        {"unit": ["叫“教室”的地点有 2 个，请选一个。"]},
    )
    first = send("203")
    assert send("203") == first == (200, {"url": f"/repairs/tickets/{Ticket.objects.get().number}/"})


def test_a_step_by_script_says_the_new_version_and_refuses_as_a_problem(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    url, client = f"/repairs/tickets/{ticket.number}/", as_(cast.dora)
    said = {"reply": "马上来", "version": ticket.version}
    taken = client.post(f"{url}accept/", said, headers={"accept": SCRIPT})
    assert (taken.status_code, taken.json()) == (200, {"url": url, "version": ticket.version + 1})
    late = client.post(f"{url}accept/", said, headers={"accept": SCRIPT})
    assert (late.status_code, late.json()["title"]) == (412, "这件事刚刚变了，您的操作没有写入")


def test_a_place_may_be_said_by_the_code_on_its_sticker_while_the_sticker_lives(place: District, cast: Cast) -> None:
    make(place.school, by=cast.ada)
    sticker = living().get(unit=place.room)
    assert report_at(as_(cast.rita), sticker.spelled.lower())[0] == 302
    assert Ticket.objects.get().unit == place.room
    revoke(sticker, by=cast.ada)
    assert report_at(as_(cast.rita), sticker.spelled)[0] == 422


def test_a_sticker_of_a_school_one_does_not_belong_to_is_no_place(place: District, cast: Cast) -> None:
    make(place.far_school, by=cast.ada)
    assert report_at(as_(cast.rita), living().get(unit=place.far_room).spelled)[0] == 422
