"""The yearly notice, pasted as the State Council words it."""

from datetime import date

import pytest

from portal.errors import BadInput
from portal.worktime.notice import NoticeRow, read_notice

from .test_nation import CLOSED_2026, WORKED_2026, days

NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2025年11月4日"""


def test_a_pasted_notice_yields_every_day_it_names() -> None:
    rows = read_notice(NOTICE, year=2026)
    assert [row.date for row in rows if row.kind == "holiday"] == [
        day for stretch in CLOSED_2026 for day in days(*stretch)
    ]
    assert [row.date.isoformat() for row in rows if row.kind == "makeup"] == WORKED_2026
    assert rows[0] == NoticeRow(date(2026, 1, 1), "holiday", "元旦")
    assert rows[3] == NoticeRow(date(2026, 1, 4), "makeup", "补班")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、元旦：1月1日放假，1月3日上班。", [("2027-01-01", "holiday"), ("2027-01-03", "makeup")]),
        (
            "一、元旦：2026年12月31日至2027年1月2日放假。",
            [("2026-12-31", "holiday"), ("2027-01-01", "holiday"), ("2027-01-02", "holiday")],
        ),
        (
            "一、国庆节、中秋节：9月30日至10月2日放假。",
            [("2027-09-30", "holiday"), ("2027-10-01", "holiday"), ("2027-10-02", "holiday")],
        ),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(row.date.isoformat(), str(row.kind)) for row in read_notice(text, year=2027)] == expected


def test_a_weekend_of_the_year_before_is_a_rest_day_anyway() -> None:
    rows = read_notice("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", year=2023)
    assert [row.date for row in rows] == [date(2023, 1, 1), date(2023, 1, 2)]


@pytest.mark.parametrize("text", ["", "今年不放假", "元旦：1月1日放假。", "一、元旦：1月1日。"])
def test_a_text_without_a_notice_in_it_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_notice(text, year=2027)
    assert refused.value.errors == {
        "text": ["没有读到放假或上班的日期，请粘贴通知里“一、元旦：1月1日……放假”这样的段落。"]
    }


@pytest.mark.parametrize("stretch", ["2月30日", "5月5日至1日", "13月1日", "1月1日至12月31日"])
def test_a_date_there_is_not_and_a_range_backwards_are_named(stretch: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_notice(f"一、元旦：{stretch}放假。", year=2027)
    assert refused.value.errors == {"text": [f"“{stretch}”不是一段读得懂的日期。"]}
