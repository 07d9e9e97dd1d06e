"""What is reported to other systems, for the table: a system of a school, and a record of it that is stuck."""

from typing import Any
from uuid import uuid4

from portal.orgs.models import Unit
from portal.outbound.models import Line, Reconciliation, Report, System
from safety_grid.models import Hazard
from tests.district import MONDAY

SAID = {"sorts": ["major"], "moments": ["registered"], "connector": "by_hand"}


def system_at(school: Unit) -> System:
    """A system without an interface, on, with a stuck record of a major hazard and yesterday's comparison."""
    columns = {"unit": school, "kind": "safety_grid.hazard", "name": "应急系统", "on": True, "made_at": MONDAY}
    system = System.objects.create(code=f"s{school.pk}", **columns, **SAID)
    hazard = Hazard.objects.create(
        kind="safety_grid.hazard", number=f"YH-{school.code}-2026-90001", title="安全出口上锁", grade="major", state="registered",
        unit=school, unit_path=school.path, opened_at=MONDAY, moved_at=MONDAY, found_on=MONDAY.date(), topic="HZ-01",
    )  # fmt: skip
    line = Line.objects.create(system=system, case_id=hazard.pk, state="refused", seq=2, moved_at=MONDAY)
    told = {"line": line, "moment": "registered", "body": "{}", "digest": "", "made_at": MONDAY, "next_at": MONDAY}
    Report.objects.create(seq=1, key=uuid4(), state="dead", error="rejected", reason="单位代码不在库中", **told)
    Report.objects.create(seq=2, key=uuid4(), **told)
    Reconciliation.objects.create(system=system, day=MONDAY.date(), state="sent", sent_at=MONDAY, next_at=MONDAY)
    return system


def record_at(school: Unit) -> int:
    """The stuck record."""
    return Line.objects.get(system=system_at(school)).pk


def new_system(school: Unit) -> dict[str, Any]:
    """What fits the form of a new one."""
    return {"unit": school.pk, "name": "新系统", "code": "fresh", "kind": "safety_grid.hazard", **SAID}


def changed_system() -> dict[str, Any]:
    """What fits the form of a change."""
    return {"name": "改了的系统", **SAID}


def receipt_of(school: Unit) -> dict[str, Any]:
    """A receipt number for the report that waits."""
    return {"number": f"YH-{school.code}-2026-90001", "seq": 2, "receipt": "YJ-1"}
