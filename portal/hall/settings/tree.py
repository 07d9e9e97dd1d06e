"""The unit tree as an admin walks it: one level at a time, by pages, or by a word of a name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from portal import clock
from portal.cases.flow import FLOWS
from portal.cases.models import Case
from portal.orgs.models import Appointment, Post, Unit, UnitKind, User, prefixes
from portal.orgs.roles import roles, title
from portal.orgs.rules import ABOVE, INSIDE

from . import reach
from .frame import PAGE, Step

CROWD = 6  # holders of one post at one place; more are counted, not listed
OFFICES = ("bureau", "section", "town", "school")  # what people belong to
LIKELY = {"school": "building", "campus": "building", "building": "floor", "floor": "room"}  # what is usually added


@dataclass(frozen=True)
class UnitRow:
    """One unit in a list: how it is drawn, what stands under its name, where it leads."""

    unit: Unit
    icon: str
    note: str
    url: str

    @property
    def is_closed(self) -> bool:
        """Whether it is out of use today."""
        return self.unit.closed_on is not None and self.unit.closed_on <= clock.today()


@dataclass(frozen=True)
class Below:
    """What hangs on a unit: units under it, posts held in it, open cases in it."""

    units: int
    posts: int
    cases: int


def row(unit: Unit, *, whole: bool = False) -> UnitRow:
    """A unit as a line of a list; `whole` says its place too, for lists over many places."""
    notes = [unit.get_kind_display(), unit.code, unit.get_stage_display() if unit.stage else ""]
    if whole and unit.school and unit.school_id != unit.pk:
        notes.append(f"{unit.school.name} {unit.label}")
    if unit.numchild and not whole:
        notes.append(f"下级 {unit.numchild} 个")
    return UnitRow(
        unit, unit.icon, " · ".join(one for one in notes if one), reverse("settings-unit", args=[unit.pk])
    )  # fmt: skip


def children(unit: Unit, *, after: str = "") -> list[Unit]:
    """One page of the units right below, with one more to tell whether there is a next."""
    rows = Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1).select_related("school")
    return list((rows.filter(path__gt=after) if after else rows)[: PAGE + 1])


def found(units: QuerySet[Unit], words: str, *, after: str = "") -> list[Unit]:
    """One page of the units whose name, place or code has these words, with one more."""
    rows = units.filter(Q(name__icontains=words) | Q(label__icontains=words) | Q(code__iexact=words))
    return list((rows.filter(path__gt=after) if after else rows)[: PAGE + 1])


def way_to(unit: Unit, by: User) -> list[Step]:
    """The units above, as far as this admin manages them, from the top down."""
    above = reach.units(by).filter(path__in=prefixes(unit.path)[:-1])
    return [(one.name, reverse("settings-unit", args=[one.pk])) for one in above]


def kinds_under(parent: Unit) -> list[UnitKind]:
    """What may be added below, the likeliest first."""
    if parent.kind == UnitKind.CLASS:
        return []
    fit = list(INSIDE) if parent.school_id else [kind for kind, above in ABOVE.items() if parent.kind in above]
    fit = [kind for kind in fit if kind != UnitKind.BUREAU]
    return sorted(fit, key=lambda kind: kind != LIKELY.get(parent.kind))


def parents_of(unit: Unit) -> tuple[str, ...]:
    """The kinds of units this one may be moved under."""
    if unit.kind in INSIDE:
        return tuple(kind for kind in (UnitKind.SCHOOL, *INSIDE) if kind != UnitKind.CLASS)
    return tuple(str(kind) for kind in ABOVE[UnitKind(unit.kind)])


def hanging(unit: Unit) -> Below:
    """What follows a unit when it moves or closes. Three counts."""
    posts = Appointment.objects.filter(reach.lasting(clock.today()), unit__path__startswith=unit.path)
    cases = Case.objects.filter(unit_path__startswith=unit.path, is_open=True)
    return Below(Unit.objects.under(unit.path).count() - 1, posts.count(), cases.count())


def staff(unit: Unit) -> tuple[list[tuple[Appointment, str]], list[tuple[str, str, int]]]:
    """Who holds which post right here, those to come included, in the order of the list of roles. Two queries.

    Posts of many (teachers, parents) are only counted: code, name, how many.
    """
    rows = Appointment.objects.filter(reach.lasting(clock.today()), unit=unit)
    counts = dict(rows.order_by().values_list("role").annotate(Count("pk")))
    order = {code: place for place, code in enumerate(roles())}
    few = [code for code, count in counts.items() if count <= CROWD]
    people = rows.filter(role__in=few).select_related("person")
    held = sorted(people, key=lambda one: (order.get(one.role, len(order)), one.person.name, one.pk))
    crowds = [(code, title(code), count) for code, count in counts.items() if count > CROWD]
    return [(one, title(one.role)) for one in held], sorted(crowds, key=lambda one: order.get(one[0], len(order)))


def expected_at(kind: str) -> list[str]:
    """Roles that some affair relies on at this kind of unit: it is their turn somewhere, or a ladder tells them."""
    named = {state.turn for flow in FLOWS.values() for state in flow.states}
    named |= {rung.tells for flow in FLOWS.values() for clock_ in flow.clocks for rung in clock_.late}
    return [code for code, role in roles().items() if code in named and kind in role.at]


def vacant(unit: Unit, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those of these roles nobody holds, here or above. One query."""
    held = set(
        Post.objects.filter(
            permission__codename__in=codes, content_object__path__in=prefixes(unit.path), user__is_active=True
        ).values_list("permission__codename", flat=True)
    )
    return [(code, title(code)) for code in codes if code not in held]
