"""The frame around every page: whose menu holds what, what is counted, and what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from portal import clock
from portal.cases.actions import filled
from portal.cases.models import Heartbeat
from portal.hall.shell import Shell
from portal.hall.tiles import Tiles
from portal.notices.actions import tell
from portal.orgs.models import User
from repairs.actions import report
from repairs.flow import FLOW
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")


def frame(user: User | None, path: str = "/") -> Shell:
    request: Any = RequestFactory().get(path)
    request.user = User.objects.select_related("home__school").get(pk=user.pk) if user else None
    request.resolver_match = resolve(path)
    return Shell(request)


def menu(user: User) -> list[tuple[str, list[str]]]:
    return [(group.title, [item.title for item in group.items]) for group in frame(user).groups]


def break_a_lamp(place: District, by: User) -> None:
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮"}
    report(filled(FLOW, FLOW.opening, case=None, by=by, data=said), by=by)


def test_the_menu_holds_only_what_the_person_has_a_door_to(cast: Cast) -> None:
    teacher = menu(cast.rita)
    assert teacher[:2] == [("", ["首页", "待办"]), ("校务", ["报修", "食堂", "安全网格"])]
    assert "设置" not in [title for _, titles in teacher for title in titles]
    assert menu(cast.ping)[:2] == [("", ["首页", "待办"]), ("校务", ["报修", "食堂", "安全网格"])]


def test_a_page_that_does_not_exist_is_not_in_the_menu(cast: Cast) -> None:
    shell = frame(cast.hu)
    assert all(item.url for group in shell.groups for item in group.items)
    assert all(item.url for item in (*shell.tabs_before, *shell.tabs_after, *shell.plus))
    assert all(item.url for _, _, item in shell.doors)
    assert all(shell.urls.values())


def test_the_person_is_shown_with_place_and_posts(cast: Cast, place: District) -> None:
    shown = {name: (frame(user).place, frame(user).post) for name, user in vars(cast).items()}
    assert (shown["rita"], shown["lin"], shown["ping"], shown["ouyang"]) == (
        ("柳溪镇中心小学", "教师"),
        ("柳溪镇中心小学", "总务主任"),
        ("", "家长"),
        ("青禾县教育局", "局后勤装备科"),
    )


def test_what_waits_is_counted_for_those_who_must_act_and_nobody_else(cast: Cast, place: District) -> None:
    for _ in range(3):
        break_a_lamp(place, cast.rita)
    counted = {name: frame(user).waiting for name, user in vars(cast).items()}
    assert counted == dict.fromkeys(counted, 0) | {"dora": 3}
    assert (frame(cast.dora).waiting_words, frame(cast.sam).waiting_words) == ("3", "")


def test_what_is_unread_is_counted_for_its_reader_alone(cast: Cast, place: District) -> None:
    for number in range(2):
        tell([cast.rita], about=f"case:{number}", verb="accepted", title="已受理", url="/", at=clock.now())
    assert {name: frame(user).unread for name, user in vars(cast).items() if name in ("rita", "dora", "sam")} == {
        "rita": 2,
        "dora": 0,
        "sam": 0,
    }


def test_a_stranger_has_a_frame_without_anything_in_it(db: None) -> None:
    shell = frame(None)
    assert (shell.person, shell.place, shell.post, shell.waiting, shell.unread, shell.plus, shell.clock_stands) == (
        None, "", "", 0, 0, [], False,
    )  # fmt: skip


def test_the_frame_costs_nothing_until_a_page_asks(cast: Cast, django_assert_num_queries: Any) -> None:
    request: Any = RequestFactory().get("/")
    request.user = cast.rita
    with django_assert_num_queries(0):
        Shell(request)


def test_the_frame_asks_what_the_person_holds_and_both_numbers_in_one_query_each(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    shell = frame(cast.dora)
    with django_assert_num_queries(2):
        assert (shell.waiting, shell.unread, shell.clock_stands) == (0, 0, False)
        assert [item.title for item in shell.plus] == ["报修", "问食堂", "报隐患"]
        assert (shell.post, bool(shell.groups)) == ("报修调度", True)


@pytest.mark.parametrize(("seconds", "stands"), [(None, True), (0, False), (119, False), (120, True), (3600, True)])
def test_an_admin_is_told_that_the_clock_stands(cast: Cast, seconds: int | None, stands: bool) -> None:
    if seconds is not None:
        Heartbeat.objects.create(name="sweep", at=clock.now() - timedelta(seconds=seconds))
    assert (frame(cast.ada).clock_stands, frame(cast.rita).clock_stands) == (stands, False)


def test_the_line_of_this_page_is_marked(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita)
    marked = {}
    for path in ("/", "/desk/", f"/repairs/report/?at={cast.rita.home_id}"):
        page = client.get(path, follow=True).content.decode()
        marked[path] = re.findall(r'<a href="[^"]*" aria-current="page">.*?</svg>([^<]*)', page)[:1]
    assert list(marked.values()) == [["首页"], ["待办"], ["报修"]]


def test_every_page_has_its_landmarks_and_one_heading(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita)
    for path in ("/", "/desk/", "/inbox/"):
        page = client.get(path).content.decode()
        assert '<html lang="zh-CN">' in page
        assert [page.count(tag) for tag in ("<main", "<h1", 'class="skip"', 'id="main"')] == [1, 1, 1, 1]
        assert "<style" not in page
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r"\s(style|on[a-z]+)=", page)


def test_who_may_write_finds_the_editor_in_the_menu_and_on_a_phone_on_their_own_page(cast: Cast) -> None:
    link = 'href="/publishing/"'
    found = [(page.get("/").content.decode().count(link), page.get("/me/").content.decode().count(link)) for page in
             (as_(cast.rita), as_(cast.hu), as_(cast.ouyang), as_(cast.ping))]  # fmt: skip
    assert found == [(1, 2), (1, 2), (1, 2), (0, 0)]


def test_what_ones_posts_use_each_day_stands_first_and_much_is_folded_by_affair(cast: Cast) -> None:
    shown = {
        name: Tiles.of(frame(getattr(cast, name)), User.objects.get(pk=getattr(cast, name).pk))
        for name in ("will", "hu")
    }
    assert [one.title for one in shown["will"].usual][:2] == ["今天的活", "报修"] and shown["will"].further == ()
    head = shown["hu"]
    assert [one.title for one in head.usual][:4] == ["食堂", "菜谱", "安全网格", "报修"]
    titles = [one.title for one in head.usual] + [one.title for group in head.further for one in group.items]
    assert (len(head.usual), len(titles), len(set(titles))) == (8, head.count, head.count)
    assert [group.title for group in head.further] == ["食堂", "安全网格"]
