"""Lines and bars as SVG: every place worked out here, so that the template only writes attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEFT, RIGHT, TOP, BOTTOM = 34.0, 326.0, 20.0, 120.0


@dataclass(frozen=True)
class Mark:
    """Something at a place of the drawing, with its words; a bar has a height and a width too."""

    x: str
    y: str
    words: str = ""
    height: str = ""
    width: str = ""
    second: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawing 340 by 150: grid lines, words below, lines (parted where nothing is known), the last value; or bars."""

    title: str
    note: str
    said: str
    grid: list[Mark]
    below: list[Mark]
    lines: list[str]
    area: str
    last: Mark | None
    bars: list[Mark]
    key: tuple[str, str] = ("", "")


def line(
    title: str, unit: str, labels: Sequence[str], values: Sequence[Decimal | None], *, top: int | None = None
) -> Chart:
    """A trend. `top` is the highest there can be (100 for shares)."""
    known = [one for one in values if one is not None]
    low, high = _range(known, top)
    xs = _places(len(values))
    ys = [None if one is None else BOTTOM - (BOTTOM - TOP) * float(one - low) / float(high - low) for one in values]
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    lines = [" ".join(f"{x:.1f},{y:.1f}" for x, y in run) for run in runs if len(run) > 1]
    area = ""
    if len(runs) == 1 and len(runs[0]) > 1:
        area = f"{xs[0]:.1f},{BOTTOM} {lines[0]} {xs[-1]:.1f},{BOTTOM}"
    end = next((at for at in range(len(values) - 1, -1, -1) if values[at] is not None), None)
    last = None
    if end is not None:
        last = Mark(f"{xs[end]:.1f}", f"{ys[end]:.1f}", f"{_plain(values[end])}")
    said = "、".join("没有数" if one is None else _plain(one) for one in values)
    return Chart(
        title,
        f"近 {len(values)} 期",
        f"{title}（{unit}）：{said}",
        _grid(low, high),
        _below(xs, labels),
        lines,
        area,
        last,
        [],
    )


def bars(title: str, key: tuple[str, str], labels: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Chart:
    """Two counts side by side, stretch by stretch."""
    high = Decimal(_round_up(max((max(pair) for pair in pairs), default=0)))
    xs = _places(len(pairs))
    width = min(14.0, (RIGHT - LEFT) / max(1, len(pairs)) / 3)
    drawn = []
    for x, pair in zip(xs, pairs, strict=True):
        for at, value in enumerate(pair):
            height = (BOTTOM - TOP) * value / float(high)
            left = x - width + at * (width + 1)
            drawn.append(
                Mark(f"{left:.1f}", f"{BOTTOM - height:.1f}", str(value), f"{height:.1f}", f"{width:.1f}", at == 1)
            )
    said = "；".join(f"{label} {key[0]} {a} {key[1]} {b}" for label, (a, b) in zip(labels, pairs, strict=True))
    return Chart(
        title,
        f"近 {len(pairs)} 期",
        f"{title}：{said}",
        _grid(Decimal(0), high),
        _below(xs, labels),
        [],
        "",
        None,
        drawn,
        key,
    )


def _range(known: Sequence[Decimal], top: int | None) -> tuple[Decimal, Decimal]:
    if not known:
        return Decimal(0), Decimal(top or 1)
    if top is None:
        return Decimal(0), Decimal(_round_up(max(known)))
    if top < 10:
        return Decimal(1), Decimal(top)  # stars begin at one
    low = max(Decimal(0), min(known) // 10 * 10 - (0 if min(known) % 10 else 10))
    return min(low, Decimal(top - 10)), Decimal(top)


def _round_up(value: Decimal | int) -> int:
    """The next of 4, 8, 20, 40, 80, 200 …: half of it is whole as well."""
    step = 1
    while True:
        for one in (4, 8, 20):
            if value <= one * step:
                return one * step
        step *= 10


def _places(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    inner = (RIGHT - LEFT - 24) / max(1, count - 1)
    return [LEFT + 12 + at * inner for at in range(count)]


def _grid(low: Decimal, high: Decimal) -> list[Mark]:
    return [
        Mark("0", f"{BOTTOM - (BOTTOM - TOP) * share / 2:.0f}", _plain(low + (high - low) * share / 2))
        for share in range(3)
    ]


def _below(xs: Sequence[float], labels: Sequence[str]) -> list[Mark]:
    return [Mark(f"{x:.1f}", "142", label) for x, label in zip(xs, labels, strict=True)]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}" if value else "0"
