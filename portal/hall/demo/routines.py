"""Which recurring duties come where in the demo: the bureau tries them at a few schools first."""

from collections.abc import Sequence
from datetime import date

from portal.cases.flow import Flow
from portal.cases.routines import set_routine

from .district import District

DIRECTOR = "chengyuan"
KNOWN = ("LX01", "SM01", "YG01")  # schools that people of the cast belong to, or have heard of


def comes_only_at(district: District, flow: Flow, codes: Sequence[str], *, since: date | None = None) -> None:
    """Off in the whole district, on at these schools; from some day on, or all along."""
    set_routine(unit=district.bureau, kind=flow.kind, stance="off", by=district.person(DIRECTOR))
    _on_at(district, flow, codes, since)


def comes_since(district: District, flow: Flow, since: date, *, but: Sequence[str]) -> None:
    """From this day on in the whole district; at the schools in `but` it has come all along."""
    rule = {"since": since.isoformat()}
    set_routine(unit=district.bureau, kind=flow.kind, stance="on", rule=rule, by=district.person(DIRECTOR))
    _on_at(district, flow, but)


def _on_at(district: District, flow: Flow, codes: Sequence[str], since: date | None = None) -> None:
    rule = {"since": since.isoformat()} if since else {}
    for school in (district.schools[one] for one in codes if district.has(one)):
        by = district.person(school.holder("principal"))
        set_routine(unit=school.unit, kind=flow.kind, stance="on", rule=rule, by=by)
