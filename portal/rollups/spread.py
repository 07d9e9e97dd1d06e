"""Lengths of time sorted into bins, so that middles of any school, month or county are read from sums.

Bins grow by a tenth: a middle read from them is at most five per cent off. Bin 1 is nothing to 0.1 hours.
"""

from collections.abc import Mapping
from decimal import Decimal
from math import ceil, log

LEAST, GROWTH, LAST = 0.1, 1.1, 120


def bin_of(hours: Decimal | float) -> int:
    """The bin of so many hours, from 1."""
    value = float(hours)
    return 1 if value <= LEAST else min(LAST, 1 + ceil(log(value / LEAST, GROWTH) - 1e-9))


def hours_of(bin: int) -> tuple[float, float]:
    """From and up to how many hours a bin reaches."""
    top = LEAST * GROWTH ** (bin - 1)
    return (0.0 if bin == 1 else top / GROWTH), top


def middle(bins: Mapping[int, int], at: Decimal) -> Decimal | None:
    """The hours below which this part (0.5: the median) of all lie; within a bin as if spread evenly. None of nothing."""
    total = sum(bins.values())
    if total <= 0:
        return None
    wanted, passed = float(at) * total, 0
    for bin in sorted(bins):
        if bins[bin] and passed + bins[bin] >= wanted:
            low, top = hours_of(bin)
            return Decimal(str(round(low + (top - low) * (wanted - passed) / bins[bin], 2)))
        passed += bins[bin]
    return Decimal(str(round(hours_of(max(bins))[1], 2)))
