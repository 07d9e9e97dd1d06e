"""How long something may take, and in whose time it is counted."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models

MINUTES = 60


class Measure(models.TextChoices):
    """In whose time a span is counted (docs/adr/0003)."""

    WALL = "wall", "自然时间"
    HOURS = "hours", "上学时间"
    DAYS = "days", "上学日"


UNITS = {Measure.WALL: "小时", Measure.HOURS: "个上学小时", Measure.DAYS: "个上学日"}


@dataclass(frozen=True)
class Span:
    """An amount of time: hours by the wall clock, hours while school is open, or school days. Never negative."""

    amount: Decimal
    measure: Measure

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", exact(self.amount))
        object.__setattr__(self, "measure", Measure(self.measure))
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError("a span of time is a number of hours or days, zero or more")

    def __mul__(self, factor: Decimal | float) -> "Span":
        return Span(self.amount * exact(factor), self.measure)

    __rmul__ = __mul__

    def __str__(self) -> str:
        minutes = self.amount * MINUTES
        if self.measure == Measure.WALL and 0 < self.amount < 1 and minutes == minutes.to_integral_value():
            return f"{plain(minutes)} 分钟"
        return f"{plain(self.amount)} {UNITS[self.measure]}"


def hours(amount: Decimal | float | str) -> Span:
    """Hours by the wall clock, nights and holidays included."""
    return Span(exact(amount), Measure.WALL)


def school_hours(amount: Decimal | float | str) -> Span:
    """Hours counted only while the place is open on its school days."""
    return Span(exact(amount), Measure.HOURS)


def school_days(amount: Decimal | float | str) -> Span:
    """School days: day 1 is the first school day after the event, the last ends when school closes."""
    return Span(exact(amount), Measure.DAYS)


def exact(number: Decimal | float | str) -> Decimal:
    """The decimal a person meant: 0.8 is eight tenths, not its binary neighbour."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def plain(number: Decimal) -> str:
    """At most two decimals, and no trailing zeros."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return text or "0"
