"""By which post people did something: publications name posts, never persons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from portal import clock
from portal.orgs.models import Appointment, Unit, held_on, prefixes
from portal.orgs.roles import title

STOOD_IN = "代班人员"  # somebody who stood in that day, and holds none of the posts


@dataclass(frozen=True)
class Held:
    """Who held which of some posts at a place, and when."""

    codes: Sequence[str]
    rows: Sequence[Appointment]

    def on(self, person: int | None, day: date) -> str:
        """The post of a person on that day, the first in the order of the posts; blank for nobody.

        Who held none that day but did before or after it is named by that: posts are often written down late.
        """
        if person is None:
            return ""
        mine = [one for one in self.rows if one.person_id == person]
        then = {one.role for one in mine if one.since <= day and (one.until is None or one.until >= day)}
        ever = then or {one.role for one in mine}
        return next((title(code) for code in self.codes if code in ever), STOOD_IN)


def held(people: Iterable[int | None], codes: Sequence[str], unit: Unit) -> Held:
    """The posts these people ever held at a place, above it or within its school; one question."""
    wanted = {one for one in people if one is not None}
    rows = Appointment.objects.filter(person__in=wanted, role__in=codes)
    above = rows.filter(unit__path__in=prefixes(unit.path)) | rows.filter(unit__path__startswith=unit.path)
    return Held(codes, list(above))


def counted(codes: Sequence[str], school: Unit) -> dict[str, int]:
    """How many hold each of these posts at a school or within it today, in the order of the posts; one question."""
    rows = Appointment.objects.filter(held_on(clock.today()), role__in=codes, unit__path__startswith=school.path)
    found = dict(rows.filter(ended_at=None).values_list("role").annotate(n=Count("person", distinct=True)))
    return {code: found.get(code, 0) for code in codes}
