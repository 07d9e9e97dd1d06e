"""The inbox: one's own only, in pages, read and unread; and its pages in the browser."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.shortcuts import resolve_url
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import clock
from portal.notices.actions import choose_channels, mark_read
from portal.notices.models import Delivery, Notice
from portal.notices.queries import badge, choices_of, inbox, unread_count
from portal.orgs.models import User

from .conftest import NOON, browser, only, say


def read_titles(user: User) -> list[str]:
    return list(Notice.objects.filter(to=user).exclude(read_at=None).order_by("id").values_list("title", flat=True))


def test_nobody_sees_anothers_inbox(rita: User, sam: User) -> None:
    say(rita, title="给林老师的。")
    say(sam, title="给沈老师的。")
    assert [notice.title for notice in inbox(sam)] == ["给沈老师的。"]
    assert (unread_count(rita), unread_count(sam)) == (1, 1)
    page = browser(sam).get(reverse("notices:inbox")).content.decode()
    assert "给沈老师的。" in page
    assert "给林老师的。" not in page


def test_the_newest_come_first_and_pages_neither_repeat_nor_skip(rita: User, django_assert_num_queries: Any) -> None:
    for n in range(7):
        say(rita, title=f"第 {n} 条。")
    first = inbox(rita, limit=3)
    say(rita, title="刚来的。")  # arrives between two pages
    with django_assert_num_queries(1):
        second = inbox(rita, before=first[-1].pk, limit=3)
    third = inbox(rita, before=second[-1].pk, limit=3)
    assert [notice.title for notice in first + second + third] == [f"第 {n} 条。" for n in (6, 5, 4, 3, 2, 1, 0)]


def test_unread_alone_can_be_asked(rita: User) -> None:
    say(rita, title="一。")
    say(rita, title="二。")
    mark_read(by=rita, ids=[inbox(rita)[0].pk])
    assert [notice.title for notice in inbox(rita, unread=True)] == ["一。"]


@pytest.mark.parametrize(
    ("size", "count", "words"), [(0, 0, ""), (1, 1, "1"), (99, 99, "99"), (100, 100, "99+"), (130, 100, "99+")]
)
def test_the_bell_counts_to_ninety_nine(
    size: int, count: int, words: str, rita: User, django_assert_num_queries: Any
) -> None:
    rows = [Notice(to=rita, about="case:1", verb="late", title="超时。", url="/c/1", at=NOON) for _ in range(size)]
    Notice.objects.bulk_create(rows)
    with django_assert_num_queries(1):
        assert unread_count(rita) == count
    assert badge(count) == words


def test_reading_some_one_place_or_all_up_to_the_newest_seen(rita: User) -> None:
    for n in (1, 2, 3, 4):
        say(rita, about=f"case:{n}", title=f"{n}。")
    ids = [notice.pk for notice in reversed(inbox(rita))]
    with clock.at(NOON):
        assert mark_read(by=rita, ids=[ids[0]]) == 1
        assert mark_read(by=rita, about="case:2") == 1
        assert mark_read(by=rita, upto=ids[2]) == 1
        assert mark_read(by=rita, upto=ids[2]) == 0
    assert read_titles(rita) == ["1。", "2。", "3。"]
    assert set(Notice.objects.filter(pk__in=ids[:3]).values_list("read_at", flat=True)) == {NOON}


def test_nobody_reads_for_another(rita: User, sam: User) -> None:
    say(rita, sam)
    theirs = inbox(rita)[0].pk
    assert mark_read(by=sam, ids=[theirs]) == 0
    assert mark_read(by=sam, about="case:17") == 1
    assert mark_read(by=sam, upto=theirs + 100) == 0
    assert read_titles(rita) == []


def test_naming_nothing_reads_nothing(rita: User) -> None:
    say(rita)
    assert mark_read(by=rita) == 0
    assert unread_count(rita) == 1


def test_lists_and_the_bell_use_their_indexes(rita: User, crowd: list[User]) -> None:
    people = [*crowd, rita] * 40
    rows = [Notice(to=one, about="case:1", verb="late", title="超时。", url="/c/1", at=NOON) for one in people]
    Notice.objects.bulk_create(rows)
    Notice.objects.filter(pk__lt=rows[-9 * 51].pk).update(read_at=NOON)
    mine = Notice.objects.filter(to=rita)
    with connection.cursor() as cursor:
        cursor.execute("analyze notices_notice; set local enable_seqscan = off")
    assert "notice_all" in mine.filter(pk__lt=rows[-1].pk).order_by("-id")[:25].explain()
    assert "notice_unread" in mine.filter(read_at=None).order_by("-id")[:25].explain()
    assert "notice_unread" in mine.filter(read_at=None)[:100].explain()


@pytest.mark.parametrize("show", ["unread", "all"])
def test_the_page_asks_as_many_questions_for_three_as_for_one_and_six_at_most(show: str, rita: User) -> None:
    client, asked = browser(rita), []
    for size in (1, 3):
        while unread_count(rita) < size:
            say(rita)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("notices:inbox"), {"show": show})
        assert page.content.decode().count('class="go"') == size
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 6


def test_unread_ones_are_shown_first_and_everything_when_all_is_read(rita: User) -> None:
    say(rita, title="旧的。")
    mark_read(by=rita, about="case:17")
    say(rita, title="新的。")
    client = browser(rita)
    page = client.get(reverse("notices:inbox")).content.decode()
    assert ("新的。" in page, "旧的。" in page) == (True, False)
    everything = client.get(reverse("notices:inbox") + "?show=all").content.decode()
    assert ("新的。" in everything, "旧的。" in everything) == (True, True)
    mark_read(by=rita, about="case:17")
    page = client.get(reverse("notices:inbox")).content.decode()
    assert ("新的。" in page, "旧的。" in page) == (True, True)


def test_an_empty_inbox_says_so(rita: User) -> None:
    client = browser(rita)
    assert "还没有消息" in client.get(reverse("notices:inbox")).content.decode()
    assert "都看过了" in client.get(reverse("notices:inbox") + "?show=unread").content.decode()


def test_older_notices_are_a_page_away(rita: User) -> None:
    for n in range(30):
        say(rita, title=f"第 {n} 条。")
    client = browser(rita)
    first = client.get(reverse("notices:inbox") + "?show=all")
    older = first.context["older"]
    assert [notice.title for notice in first.context["notices"]] == [f"第 {n} 条。" for n in range(29, 4, -1)]
    second = client.get(older)
    assert [notice.title for notice in second.context["notices"]] == [f"第 {n} 条。" for n in range(4, -1, -1)]
    assert second.context["older"] == ""
    assert older.replace("&", "&amp;") in first.content.decode()


@pytest.mark.parametrize("before", ["", "x", "-1", "1e3", "٣", "9" * 40, "0"])
def test_an_absurd_page_is_no_failure(before: str, rita: User) -> None:
    say(rita)
    assert browser(rita).get(reverse("notices:inbox"), {"before": before, "show": "all"}).status_code == 200


def test_going_to_what_it_is_about_marks_it_as_read(rita: User) -> None:
    say(rita)
    answer = browser(rita).get(reverse("notices:go", args=[inbox(rita)[0].pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/repairs/BX-LX01-2026-00017")
    assert unread_count(rita) == 0


def test_anothers_notice_is_not_there_and_stays_unread(rita: User, sam: User) -> None:
    say(rita)
    theirs = inbox(rita)[0].pk
    client = browser(sam)
    assert client.get(reverse("notices:go", args=[theirs])).status_code == 404
    assert client.get(reverse("notices:go", args=[10**30])).status_code == 404
    assert client.post(reverse("notices:read"), {"one": theirs}).status_code == 302
    assert unread_count(rita) == 1


def test_one_or_all_are_marked_from_the_page(rita: User) -> None:
    for n in (1, 2, 3):
        say(rita, title=f"{n}。")
    client, ids = browser(rita), [notice.pk for notice in reversed(inbox(rita))]
    assert client.post(reverse("notices:read"), {"one": ids[1]}).status_code == 302
    assert read_titles(rita) == ["2。"]
    client.post(reverse("notices:read"), {"upto": ids[1]})
    assert read_titles(rita) == ["1。", "2。"]


@pytest.mark.parametrize("typed", [{}, {"one": "x"}, {"one": "0"}, {"upto": "9" * 30}])
def test_marking_nonsense_is_refused_in_words(typed: dict[str, str], rita: User) -> None:
    say(rita)
    answer = browser(rita).post(reverse("notices:read"), typed)
    assert answer.status_code == 422
    assert "没有标记" in answer.content.decode()
    assert unread_count(rita) == 1


def test_the_bell_alone_is_a_fragment(rita: User) -> None:
    client = browser(rita)
    assert client.get(reverse("notices:badge")).content.decode().strip() == ""
    say(rita)
    fragment = client.get(reverse("notices:badge")).content.decode().strip()
    assert fragment == '<span class="count count-late" aria-hidden="true">1</span>'


@pytest.mark.parametrize("name", ["inbox", "badge", "channels", "undelivered"])
def test_a_stranger_is_sent_to_sign_in(name: str, db: None) -> None:
    answer = Client().get(reverse(f"notices:{name}"))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, resolve_url(settings.LOGIN_URL))


def test_a_stranger_marks_nothing(rita: User) -> None:
    say(rita)
    Client().post(reverse("notices:read"), {"one": inbox(rita)[0].pk})
    assert unread_count(rita) == 1


def test_channels_are_switched_on_a_page(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email", "file"]
    client = browser(rita)
    page = client.get(reverse("notices:channels")).content.decode()
    assert page.count("checked") == 2
    assert "rita@example.com" in page
    assert client.post(reverse("notices:channels"), {"file": "on"}).status_code == 302
    assert choices_of(rita) == {"email": False, "file": True}
    assert client.post(reverse("notices:channels"), {}).status_code == 302
    assert choices_of(rita) == {"email": False, "file": False}
    assert client.get(reverse("notices:channels")).content.decode().count("checked") == 0


def test_a_channel_that_cannot_reach_the_person_is_not_offered(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email"]
    User.objects.update(email="")
    assert "只有站内消息" in browser(rita).get(reverse("notices:channels")).content.decode()


def test_an_admin_sees_who_was_not_reached_but_not_what_was_said(
    rita: User, sam: User, nora: User, outbox: Any
) -> None:
    say(rita, sam, title="保密的内容。")
    Delivery.objects.update(state="dead", error="smtp_550", attempts=1)
    client = browser(nora)
    session = client.session
    session["second_factor"] = "passed"
    session.save()
    with clock.at(NOON):
        page = client.get(reverse("notices:undelivered")).content.decode()
        assert ("林晓芸" in page, "沈三" in page, "保密的内容" in page) == (True, False, False)
        assert "邮件服务器拒收（550）" in page
        assert client.post(reverse("notices:retry", args=[only(rita).pk])).status_code == 302
        assert client.post(reverse("notices:retry", args=[only(rita).pk])).status_code == 409
        assert client.post(reverse("notices:retry", args=[only(sam).pk])).status_code == 404
        assert client.get(reverse("notices:undelivered")).content.decode().count("重新发送给") == 0
    assert (only(rita).state, only(sam).state) == ("waiting", "dead")


def test_who_is_no_admin_does_not_get_to_dead_letters(rita: User, outbox: Any) -> None:
    say(rita)
    Delivery.objects.update(state="dead")
    client = browser(rita)
    assert client.get(reverse("notices:undelivered")).status_code == 403
    assert client.post(reverse("notices:retry", args=[only(rita).pk])).status_code == 403
    assert only(rita).state == "dead"


def test_what_was_chosen_before_is_kept_where_nothing_is_said(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email", "file"]
    choose_channels({"email": False}, by=rita)
    choose_channels({"file": False}, by=rita)
    assert choices_of(rita) == {"email": False, "file": False}
