"""Who answered for a place at a moment: the one question the whole grid is for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from portal import clock
from portal.orgs.models import Absence, Unit, User, prefixes
from portal.worktime.calendars import calendar_for
from safety_grid.models import Cell, Days, Holding, held_at

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """One person who answered for a place: for which cell, since when; when `away`, who stood in (nobody: a gap)."""

    holding: Holding
    away: bool
    substitute: User | None

    @property
    def cell(self) -> Cell:
        """The cell they answered for."""
        return self.holding.cell

    @property
    def who(self) -> User | None:
        """Whom to turn to: the holder, or the substitute while they were away."""
        return self.substitute if self.away else self.holding.person


def holders_at(unit: Unit, moment: datetime) -> list[Answer]:
    """Who answered for this place then: the holders of its cells of that day and hour, or of the nearest place above
    that had any, those of particular hours first. A holder on leave is named with who stood in: of the absence first, else of the holding, as far as
    they were here themselves.

    One query; where a cell is watched on school days only, one more for the calendar.
    """
    found = [one for one in holdings_at(Q(cell__unit__path__in=prefixes(unit.path)), moment) if _on_duty(one, moment)]
    nearest = max((len(one.cell.unit.path) for one in found), default=0)
    here = [one for one in found if len(one.cell.unit.path) == nearest]
    return [Answer(one, one.away, substitute_of(one)) for one in here]  # type: ignore[attr-defined]


def holdings_at(where: Q, moment: datetime) -> QuerySet[Holding]:
    """Holdings that hold at that moment in the hours of their cells, with `away`, `stand_in` and the day they belong to.

    Whether that day is a school day is not asked here.
    """
    local = moment.astimezone(clock.SCHOOL_TIME)
    today, before = local.date(), local.date() - DAY
    now = local.time()
    night = Q(cell__ends__lt=F("cell__begins"))
    into_morning = night & Q(cell__ends__gt=now) & Q(cell__begins__gt=now)
    by_day = (
        Q(cell__begins=None) | ~night & Q(cell__begins__lte=now, cell__ends__gt=now) | night & Q(cell__begins__lte=now)
    )
    begun = Q(began_at=None) | Q(began_at__lte=moment)
    holds = by_day & held_at(today, moment) | into_morning & held_at(before, moment)
    day = Case(When(into_morning, then=Value(before)), default=Value(today), output_field=DateField())
    rows = Holding.objects.filter(where, begun, holds).annotate(duty_day=day)
    rows = rows.annotate(away=Exists(absent("person", moment)), stand_in=stand_in(moment))
    return rows.select_related("cell__unit__school", "person").order_by(
        "cell__unit__path", "cell__begins", "since", "pk"
    )


def absent(person: str, moment: datetime) -> QuerySet[Absence]:
    """The absence of somebody of the outer row at that moment, on the day the duty belongs to."""
    return _absences(OuterRef("duty_day"), moment).filter(person=OuterRef(person))


def _absences(day: Any, moment: datetime) -> QuerySet[Absence]:
    lasts = Q(ended_at=None, until__gte=day) | Q(ended_at__gt=moment)
    return Absence.objects.filter(lasts, since__lte=day)


def stand_in(moment: datetime) -> Coalesce:
    """Part of a question: who stands in, as id and name: whom the absence names, else whom the holding names; each only if they are here."""
    day = OuterRef(OuterRef("duty_day"))
    agreed = absent("person", moment).filter(
        Q(substitute__left_on=None) | Q(substitute__left_on__gte=OuterRef("duty_day")),
        ~Exists(_absences(day, moment).filter(person=OuterRef("substitute"))),
    )
    own = User.objects.filter(
        Q(left_on=None) | Q(left_on__gte=OuterRef("duty_day")),
        ~Exists(_absences(day, moment).filter(person=OuterRef("pk"))),
        pk=OuterRef("substitute"),
    )
    first = agreed.order_by("pk").values(row=JSONObject(pk="substitute", name="substitute__name"))[:1]
    second = own.values(row=JSONObject(pk="pk", name="name"))[:1]
    return Coalesce(Subquery(first), Subquery(second))


def _on_duty(holding: Holding, moment: datetime) -> bool:
    """Whether the day the duty belongs to is one of the cell's days."""
    cell, day = holding.cell, holding.duty_day  # type: ignore[attr-defined]
    return cell.days == Days.EVERY or calendar_for(cell.unit.path).is_school_day(day)


def substitute_of(holding: Holding) -> User | None:
    """Who stands in, by what the question brought along."""
    row: dict[str, Any] | None = holding.stand_in  # type: ignore[attr-defined]
    return User(pk=row["pk"], name=row["name"]) if row else None
