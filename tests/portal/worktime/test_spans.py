"""Spans of time: what they say, how they multiply, what they refuse."""

from decimal import Decimal

import pytest

from portal.worktime.spans import Measure, Span, hours, school_days, school_hours


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (hours(2), "2 小时"),
        (hours("0.5"), "30 分钟"),
        (hours(0.25), "15 分钟"),
        (hours(0), "0 小时"),
        (hours(Decimal("0.333")), "0.33 小时"),
        (hours(24) * Decimal("0.8"), "19.2 小时"),
        (school_hours(8), "8 个上学小时"),
        (school_hours("0.5"), "0.5 个上学小时"),
        (school_hours(100), "100 个上学小时"),
        (school_days(3), "3 个上学日"),
        (school_days(3) * 0.8, "2.4 个上学日"),
    ],
)
def test_a_span_says_its_amount_as_people_do(span: Span, text: str) -> None:
    assert str(span) == text


def test_a_share_of_a_span_is_exact_whatever_the_factor_is_written_as() -> None:
    shares = [school_days(3) * Decimal("0.8"), school_days(3) * 0.8, 0.8 * school_days(3), school_days("2.4")]
    assert shares == [Span(Decimal("2.4"), Measure.DAYS)] * 4


def test_a_span_can_be_made_of_what_a_row_holds() -> None:
    assert Span("24.00", "hours") == school_hours(24)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity"])
def test_a_span_is_never_negative_or_endless(amount: str) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        hours(amount)


def test_a_span_of_an_unknown_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="weeks"):
        Span(Decimal(1), "weeks")  # type: ignore[arg-type]
