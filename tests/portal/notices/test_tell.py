"""Telling: rows in the caller's transaction, the right people, constant work."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, transaction

from portal.notices.actions import Message, choose_channels, tell, tell_many
from portal.notices.channels.file import File
from portal.notices.channels.registry import KNOWN
from portal.notices.models import Delivery, Notice
from portal.notices.quiet import after_quiet, is_quiet
from portal.orgs.models import User

from .conftest import NOON, only, say, told


def test_a_person_told_finds_one_line_in_the_inbox_and_it_waits_for_each_channel(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email", "file"]
    assert say(rita) == 1
    notice = Notice.objects.values("to", "about", "verb", "title", "body", "url", "urgent", "at", "read_at").get()
    assert notice == {
        "to": rita.pk,
        "about": "case:17",
        "verb": "dispatch",
        "title": "东教学楼一层男厕下水堵塞，已派给您。",
        "body": "请在今天 14:00 前到场。",
        "url": "/repairs/BX-LX01-2026-00017",
        "urgent": False,
        "at": NOON,
        "read_at": None,
    }
    waiting = Delivery.objects.order_by("channel").values_list("channel", "state", "attempts", "next_at", "sent_at")
    assert list(waiting) == [("email", "waiting", 0, NOON, None), ("file", "waiting", 0, NOON, None)]


def test_a_step_rolled_back_tells_nobody(rita: User, outbox: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert say(rita) == 1
        assert Delivery.objects.count() == 1
        1 / 0  # noqa: B018
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_inbox_and_outbox_are_written_together_or_not_at_all(
    committed: list[User], outbox: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_long = "pigeon" * 9  # the database refuses this channel's code
    monkeypatch.setitem(KNOWN, too_long, File())
    settings.CHANNELS = [too_long]
    with pytest.raises(DataError):
        say(*committed)  # in no transaction of the caller's
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("size", [1, 3, 50])
def test_telling_takes_three_queries_for_any_number_of_people(
    size: int, crowd: list[User], settings: Any, django_assert_num_queries: Any
) -> None:
    settings.CHANNELS = ["email", "file"]
    with django_assert_num_queries(3):
        assert say(*crowd[:size]) == size
    assert Delivery.objects.count() == 2 * size - (size == 50)  # one of the fifty has no e-mail address


@pytest.mark.parametrize("size", [1, 3, 50])
def test_telling_many_things_takes_three_queries(
    size: int, crowd: list[User], settings: Any, django_assert_num_queries: Any
) -> None:
    settings.CHANNELS = ["email"]
    messages = [Message(crowd[:3], f"case:{n}", "late", f"第 {n} 件已超时。", f"/c/{n}", NOON) for n in range(size)]
    with django_assert_num_queries(3):
        assert tell_many(messages) == 3 * size
    assert told(crowd[1]) == [f"第 {n} 件已超时。" for n in range(size)]


def test_without_channels_telling_is_one_query(rita: User, settings: Any, django_assert_num_queries: Any) -> None:
    settings.CHANNELS = []
    with django_assert_num_queries(1):
        assert say(rita) == 1


def test_nobody_to_tell_costs_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert say() == 0


def test_who_is_named_twice_is_told_once(rita: User, will: User, outbox: Any) -> None:
    assert say(rita, will, User.objects.get(pk=rita.pk)) == 2
    assert sorted(Delivery.objects.values_list("notice__to__username", flat=True)) == ["rita", "will"]


def test_who_has_left_is_not_told(rita: User, will: User) -> None:
    will.is_active = False
    assert say(rita, will) == 1
    assert (len(told(rita)), len(told(will))) == (1, 0)


def test_without_an_address_only_the_inbox_is_told(rita: User, will: User, settings: Any) -> None:
    settings.CHANNELS = ["email"]
    will.email = ""
    assert say(rita, will) == 2
    assert list(Delivery.objects.values_list("notice__to__username", flat=True)) == ["rita"]


def test_a_channel_switched_off_is_left_out_and_switched_on_again_comes_back(rita: User, settings: Any) -> None:
    settings.CHANNELS = ["email", "file"]
    choose_channels({"email": False}, by=rita)
    say(rita)
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["file"]
    choose_channels({"email": True, "file": False}, by=rita)
    assert not Delivery.objects.exists()  # what waited on the channel just switched off is withdrawn
    say(rita)
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["email"]
    assert len(told(rita)) == 2


def test_choosing_changes_nothing_for_others_and_nothing_already_sent(rita: User, will: User, outbox: Any) -> None:
    say(rita, will)
    Delivery.objects.filter(notice__to=rita).update(state="sent", sent_at=NOON)
    choose_channels({"file": False, "pigeon": True}, by=rita)
    assert sorted(Delivery.objects.values_list("notice__to__username", "state")) == [
        ("rita", "sent"),
        ("will", "waiting"),
    ]
    assert list(rita.channel_choices.values_list("channel", "on")) == [("file", False)]


@pytest.mark.parametrize(
    ("hours", "minutes", "then"),
    [
        (20, 59, (19, 20, 59)),
        (21, 0, (20, 7, 0)),
        (23, 59, (20, 7, 0)),
        (24, 0, (20, 7, 0)),
        (30, 59, (20, 7, 0)),
        (31, 0, (20, 7, 0)),
        (31, 1, (20, 7, 1)),
    ],
)
def test_what_is_not_urgent_waits_for_the_morning(
    hours: int, minutes: int, then: tuple[int, int, int], rita: User, outbox: Any
) -> None:
    midnight = NOON.replace(hour=0)
    moment = midnight + timedelta(hours=hours, minutes=minutes)
    say(rita, at=moment)
    assert only(rita).next_at == midnight.replace(day=then[0], hour=then[1], minute=then[2])
    assert len(told(rita)) == 1  # the inbox knows at once


def test_the_night_before_a_new_month_ends_in_it() -> None:
    assert after_quiet(NOON.replace(day=30, hour=22)) == NOON.replace(month=12, day=1, hour=7)


def test_seven_in_the_morning_is_day_and_nine_in_the_evening_is_night() -> None:
    assert [is_quiet(NOON.replace(hour=hour)) for hour in (6, 7, 20, 21)] == [True, False, False, True]


def test_what_is_urgent_goes_at_night(rita: User, outbox: Any) -> None:
    night = NOON.replace(hour=23)
    say(rita, at=night, urgent=True)
    assert only(rita).next_at == night


def test_long_words_are_cut_to_a_title_and_two_sentences(rita: User) -> None:
    body = "第一句。第二句“好。”第三句。"
    tell([rita], about="case:1", verb="report", title="漏\n水" * 80, body=body, url="/c/1", at=NOON)
    notice = Notice.objects.get()
    assert notice.title == ("漏 水" * 40)[:119] + "…"
    assert notice.body == "第一句。第二句“好。”"


@pytest.mark.parametrize("url", ["https://elsewhere.example", "//elsewhere.example/x", "/\\elsewhere.example", ""])
def test_a_notice_never_leads_out_of_the_portal(url: str, rita: User) -> None:
    with pytest.raises(ValueError, match="path of the portal"):
        tell([rita], about="case:1", verb="report", title="漏水。", url=url, at=NOON)
    assert told(rita) == []
