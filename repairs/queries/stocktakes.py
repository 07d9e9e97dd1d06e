"""Questions about stock-takes: how far one is, what differs, which one is open where a sticker was scanned."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from portal.orgs.access import holds
from portal.orgs.models import Unit, User, prefixes
from portal.stickers.doors import Door
from portal.stickers.models import Sticker
from repairs.models import CountLine, StockTake

from .assets import PAGE, WRITERS

MISSING, MISPLACED, SURPLUS = "missing", "misplaced", "surplus"
KINDS = {MISSING: "盘亏：没有找到", MISPLACED: "错位：在别处找到", SURPLUS: "盘盈：别处的放在这里"}
IS: dict[str, Q] = {
    MISSING: Q(found=None),
    MISPLACED: Q(expected__isnull=False, found__isnull=False) & ~Q(found=F("expected")),
    SURPLUS: Q(expected=None),
}
DIFFERS = IS[MISSING] | IS[MISPLACED] | IS[SURPLUS]


@dataclass(frozen=True)
class Progress:
    """How many of how many were seen, and how many differences there are and are settled."""

    expected: int
    seen: int
    missing: int
    misplaced: int
    surplus: int
    settled: int

    @property
    def differences(self) -> int:
        """All differences together."""
        return self.missing + self.misplaced + self.surplus


def progress_of(take: StockTake) -> Progress:
    """One question."""
    there, here = Q(expected__isnull=False), Q(found__isnull=False)
    which = {"expected": there, "seen": there & here, "settled": DIFFERS & ~Q(outcome=""), **IS}
    counts = {f"n_{name}": Count("pk", filter=rows) for name, rows in which.items()}
    found = CountLine.objects.filter(take=take).aggregate(**counts)
    return Progress(**{name: found[f"n_{name}"] for name in which})


def differences(take: StockTake) -> QuerySet[CountLine]:
    """What differs, those not settled first."""
    rows = CountLine.objects.filter(DIFFERS, take=take).select_related("asset", "expected", "found", "settled_by")
    return rows.order_by("outcome", "asset__code")


def page_of_differences(take: StockTake, *, after: int) -> list[CountLine]:
    """A keyset page of them in the order of the list, with one more to tell whether there is a next."""
    return list(differences(take).filter(pk__gt=after).order_by("pk")[: PAGE + 1])


def kind_of(line: CountLine) -> str:
    """Which difference it is."""
    if line.found_id is None:
        return MISSING
    return SURPLUS if line.expected_id is None else MISPLACED


def latest(take: StockTake, n: int = 8) -> list[CountLine]:
    """What was seen last."""
    seen = CountLine.objects.filter(take=take, found_at__isnull=False).select_related("asset", "expected", "found")
    return list(seen.order_by("-found_at", "-pk")[:n])


def open_at(unit: Unit) -> StockTake | None:
    """The stock-take being counted that this place belongs to."""
    rows: QuerySet[StockTake] = StockTake._base_manager.filter(state="counting", unit_path__in=prefixes(unit.path))
    return rows.order_by("-pk").first()


def doors_of(sticker: Sticker, by: User) -> Iterator[Door]:
    """盘到了: offered after a scan while a stock-take is counted here."""
    if not holds(by, WRITERS, sticker.unit.path):
        return
    take = open_at(sticker.unit)
    if take is not None:
        title = "盘到了" if sticker.about else "我在这里盘点"
        yield Door(
            title, "scan-search", reverse("repairs:count", args=[take.number]), f"计入 {take.number}", posts=True
        )


def facts_of(take: StockTake) -> list[tuple[str, str]]:
    """What the page says of a stock-take."""
    now = progress_of(take)
    rows = [("范围", take.unit.place), ("进度", f"{now.seen} / {now.expected} 件盘到")]
    if take.state != "counting":
        rows.append(("差异", f"盘亏 {now.missing}，错位 {now.misplaced}，盘盈 {now.surplus}；已处理 {now.settled}"))
    return rows


def papers_of(take: StockTake) -> list[tuple[str, str]]:
    """Its own pages: counting one by one, and the list of differences."""
    lines = ("差异表", reverse("repairs:differences", args=[take.number]))
    return [("逐件盘点", reverse("repairs:count", args=[take.number])), lines] if take.state == "counting" else [lines]
