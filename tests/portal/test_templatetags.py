"""Small words for templates."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from portal import clock
from portal.templatetags import sunlit
from portal.widgets import Amount, Choices, Switch, Tiles
from portal.wire.amounts import price_field

TZ = clock.SCHOOL_TIME
THURSDAY = datetime(2026, 11, 19, 10, 31, tzinfo=TZ)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with clock.at(THURSDAY):
        yield


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 19, 11, 44, tzinfo=TZ), "今天 11:44"),
        (datetime(2026, 11, 19, 0, 0, tzinfo=TZ), "今天 00:00"),
        (datetime(2026, 11, 18, 8, 12, tzinfo=TZ), "昨天 08:12"),
        (datetime(2026, 11, 18, 23, 59, 59, tzinfo=TZ), "昨天 23:59"),
        (datetime(2026, 11, 20, 10, 31, tzinfo=TZ), "明天 10:31"),
        (datetime(2026, 11, 17, 9, 0, tzinfo=TZ), "11月17日 周二 09:00"),
        (datetime(2026, 11, 22, 12, 31, tzinfo=TZ), "11月22日 周日 12:31"),
        (datetime(2025, 11, 19, 9, 5, tzinfo=TZ), "2025年11月19日 周三 09:05"),
        (datetime(2026, 11, 18, 16, 30, tzinfo=UTC), "今天 00:30"),
        (None, ""),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime | None, said: str) -> None:
    assert sunlit.when(moment) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 19), "今天"),
        (date(2026, 11, 18), "昨天"),
        (date(2026, 11, 20), "明天"),
        (date(2026, 9, 1), "9月1日 周二"),
        (date(2027, 1, 4), "2027年1月4日 周一"),
        (datetime(2026, 11, 18, 16, 30, tzinfo=UTC), "今天"),
        (None, ""),
    ],
)
def test_a_date_is_said_as_people_say_it(value: date | None, said: str) -> None:
    assert sunlit.day(value) == said


def test_a_date_in_full_carries_its_year() -> None:
    assert sunlit.full_day(date(2026, 9, 1)) == "2026年9月1日"
    assert sunlit.full_day(datetime(2026, 8, 31, 16, 0, tzinfo=UTC)) == "2026年9月1日"
    assert sunlit.full_day(None) == ""


def test_a_stamp_shows_words_and_keeps_the_exact_moment() -> None:
    moment = datetime(2026, 11, 18, 0, 12, 7, tzinfo=UTC)
    assert sunlit.stamp(moment) == (
        '<time datetime="2026-11-18T08:12:07+08:00" title="2026年11月18日 08:12:07">昨天 08:12</time>'
    )
    assert sunlit.stamp(None) == ""


def test_the_servers_moment_is_given_for_machines() -> None:
    assert drawn("{% server_now %}") == "2026-11-19T10:31:00+08:00"
    assert sunlit.iso(datetime(2026, 11, 19, 2, 31, tzinfo=UTC)) == "2026-11-19T10:31:00+08:00"
    assert sunlit.iso(None) == ""


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(hours=1, minutes=12), "1 小时 12 分"),
        (timedelta(days=1, hours=3, minutes=59), "1 天 3 小时"),
        (timedelta(days=2, minutes=30), "2 天"),
        (timedelta(hours=3), "3 小时"),
        (timedelta(minutes=40, seconds=59), "40 分"),
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(0), "不到 1 分"),
        (-timedelta(minutes=40), "40 分"),
        (5400, "1 小时 30 分"),
        (5400.9, "1 小时 30 分"),
        (None, ""),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(span: timedelta | float | None, said: str) -> None:
    assert sunlit.duration(span) == said


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("距超时 1 小时 12 分", ("距超时", "1 小时 12 分", "")),
        ("已超时 1 天 3 小时，已到校长", ("已超时", "1 天 3 小时", "，已到校长")),
        ("还剩 2 天", ("还剩", "2 天", "")),
        ("距超时 不到 1 分", ("距超时", "不到 1 分", "")),
        ("今天 17:00 前", ("", "", "今天 17:00 前")),
        ("时钟已停", ("", "", "时钟已停")),
    ],
)
def test_the_countable_part_of_a_clocks_words_is_found(words: str, cut: tuple[str, str, str]) -> None:
    assert sunlit.parts(words) == cut


def test_every_length_of_time_can_be_counted_down_in_the_browser() -> None:
    for minutes in (*range(1600), 2880, 2881, 100_000):
        said = sunlit.duration(timedelta(minutes=minutes))
        assert sunlit.parts(f"距超时 {said}，已上报") == ("距超时", said, "，已上报")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Decimal("23310"), "23\u202f310.00"),
        (Decimal("1234567.895"), "1\u202f234\u202f567.90"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-233.2"), "−233.20"),
        (0, "0.00"),
        ("48.5", "48.50"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_money_has_two_decimals_and_a_thin_gap(amount: Decimal | int | str | None, said: str) -> None:
    assert sunlit.money(amount) == said


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13812340000", "138****0000"), ("", ""), (None, ""), ("110", "***"), ("0571-88886666", "*" * 13)],
)
def test_a_phone_number_hides_its_middle(number: str | None, shown: str) -> None:
    assert sunlit.masked_phone(number) == shown


def test_the_small_line_lights_what_is_done_and_what_is_next() -> None:
    assert sunlit.steps_of(5, 2) == ["on", "on", "now", "", ""]
    assert sunlit.steps_of(3, 3) == ["on", "on", "on"]
    assert sunlit.steps_of(2, 0) == ["now", ""]


def test_an_icon_is_hidden_from_screen_readers_and_carries_no_style() -> None:
    assert drawn('{% icon "circle-dot" %}') == (
        '<svg viewBox="0 0 24 24" class="i" aria-hidden="true">'
        '<circle cx="12" cy="12" r="10"/><circle cx="12" cy="12" r="1"/></svg>'
    )
    assert drawn('{% icon "circle-dot" "i i-xl" %}').startswith('<svg viewBox="0 0 24 24" class="i i-xl"')


def test_a_link_keeps_the_filters_it_does_not_change() -> None:
    request = RequestFactory().get("/desk/", {"tab": "opened", "q": "水 管", "state": ["open", "late"]})
    tail = Template('{% query tab="done" after=None %}').render(Context({"request": request}))
    assert tail == "?q=%E6%B0%B4+%E7%AE%A1&amp;state=open&amp;state=late&amp;tab=done"
    assert Template('{% query tab="" q="" state=None %}').render(Context({"request": request})) == "?"
    assert Template("{% query state=both %}").render(Context({"both": ["a", "b"]})) == "?state=a&amp;state=b"


class Asking(forms.Form):
    words = forms.CharField(label="说一句", required=False, help_text="可用语音输入")
    long = forms.CharField(label="说明", widget=forms.Textarea)
    due = forms.DateField(label="到期", required=False)
    at = forms.DateTimeField(label="时间", required=False)
    who = forms.ChoiceField(label="派给", choices=[("1", "王建平")])
    topic = forms.ChoiceField(
        label="哪里坏了", choices=[("1", "电灯"), ("2", "水管")], widget=Tiles({"1": "lightbulb"})
    )
    agree = forms.ChoiceField(label="同意吗", choices=[("y", "参加"), ("n", "不参加")], widget=Choices)
    how = forms.ChoiceField(label="结果", choices=[("a", "修好")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        label="哪些", choices=[("a", "水")], widget=forms.CheckboxSelectMultiple, required=False
    )
    sure = forms.BooleanField(label="有危险", required=False, help_text="会砸到人", widget=Switch)
    cost = forms.DecimalField(label="金额", required=False, widget=Amount("元"))


def test_each_field_is_drawn_as_its_widget_asks() -> None:
    assert {bound.name: sunlit.look(bound) for bound in Asking()} == {
        "words": "line",
        "long": "line",
        "due": "line",
        "at": "line",
        "who": "line",
        "topic": "tiles",
        "agree": "choices",
        "how": "radio",
        "many": "checks",
        "sure": "switch",
        "cost": "amount",
    }


def test_a_control_wears_the_portals_clothes_and_dates_ask_for_the_browsers_picker() -> None:
    form = Asking()
    assert sunlit.control(form["due"]) == '<input type="date" name="due" class="form-control" id="id_due">'
    assert sunlit.control(form["at"]) == '<input type="datetime-local" name="at" class="form-control" id="id_at">'
    assert 'class="form-select"' in sunlit.control(form["who"])
    assert sunlit.control(form["words"]) == (
        '<input type="text" name="words" class="form-control" aria-describedby="id_words_helptext" id="id_words">'
    )


def test_a_date_typed_before_is_shown_in_the_pickers_form() -> None:
    form = Asking(initial={"due": date(2026, 11, 20), "at": THURSDAY})
    assert 'value="2026-11-20"' in sunlit.control(form["due"])
    assert 'value="2026-11-19T10:31"' in sunlit.control(form["at"])


def test_a_mistake_is_tied_to_its_control_for_screen_readers() -> None:
    form = Asking({"who": "9"})
    drawn_field = drawn('{% include "components/field.html" %}', field=form["who"])
    assert 'class="form-select is-invalid"' in drawn_field
    assert 'aria-describedby="id_who_error"' in drawn_field
    assert '<p class="wrong" id="id_who_error">' in drawn_field


def test_tiles_show_an_icon_each_and_keep_what_was_chosen() -> None:
    form = Asking({"topic": "2"})
    drawn_field = drawn('{% include "components/field.html" %}', field=form["topic"])
    assert drawn_field.count('<label class="kind">') == 2
    assert drawn_field.count("<svg") == 2
    assert re.findall(r'value="(\d)"[^>]*checked', drawn_field) == ["2"]


def test_a_missing_answer_is_asked_for_by_its_name() -> None:
    form = Asking({"who": "9", "due": "昨天"})
    assert {name: sunlit.sentences(form[name]) for name in ("long", "who", "topic", "due", "words")} == {
        "long": ["请填写“说明”。"],
        "who": ["选择一个有效的选项。 9 不在可用的选项中。"],
        "topic": ["请选择“哪里坏了”。"],
        "due": ["输入一个有效的日期。"],
        "words": [],
    }
    shown = forms.Form({"price": "1.234"})
    shown.fields["price"] = price_field("单价")
    assert sunlit.sentences(shown["price"]) == ["“单价”最多写到小数点后 2 位。"]
