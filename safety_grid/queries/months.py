"""A month of safety at one school, counted from the hazards and rounds themselves; nothing of a closed circle."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from portal.orgs.models import Unit
from safety_grid.models import MAJOR, Hazard, Round

from .hazards import NOT_ONE, categories


@dataclass
class MonthOf:
    """One kind of hazard in one month: found, of these major, closed out, still open at its end, of these past their date, come back."""

    name: str
    found: int = 0
    major: int = 0
    closed: int = 0
    still: int = 0
    late: int = 0
    again: int = 0

    def add(self, other: "MonthOf") -> None:
        """Adds another kind to a total."""
        for name in ("found", "major", "closed", "still", "late", "again"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def month_of(school: Unit, since: datetime, until: datetime) -> tuple[list[MonthOf], MonthOf]:
    """Hazards of a school between two moments by kind, in the order of the kinds, and all together. One question."""
    rows = Hazard.objects.filter(unit__school=school, opened_at__lt=until, circle="").exclude(state__in=NOT_ONE)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=since))
    kinds = {code: MonthOf(one.name) for code, one in categories().items()}
    for hazard in rows.order_by("pk"):
        kind, found = kinds[hazard.topic], since <= hazard.opened_at < until
        kind.found += found
        kind.major += found and hazard.grade == MAJOR
        kind.again += found and bool(hazard.again)
        over = hazard.closed_at is not None and hazard.closed_at < until
        kind.closed += over
        kind.still += not over
        kind.late += not over and hazard.due_on is not None and hazard.due_on < until.date()
    total = MonthOf("合计")
    listed = [one for one in kinds.values() if one.found or one.closed or one.still]
    for one in listed:
        total.add(one)
    return listed, total


def rounds_of(school: Unit, since: datetime, until: datetime) -> tuple[int, int]:
    """Rounds that were due between two moments (those excused were not), and how many were done. One question."""
    slots = Round.objects.filter(unit__school=school, slot__gte=since, slot__lt=until).exclude(state="excused")
    states = Counter(slots.values_list("state", flat=True))
    return states.total(), states["done"]
