"""What the lower rooms tell: units that moved take their figures along, a changed calendar counts its cases again."""

from django.db import connection

from portal.orgs.actions import on_unit_moved
from portal.worktime.actions import on_calendar_changed

from .models import Again


def start() -> None:
    """Registers; cases have followed their units before."""
    on_unit_moved(follow)
    on_calendar_changed(calendar_changed)


def follow() -> None:
    """After a part of the tree moved: roll-ups follow, and cases now at another school or calendar are counted again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update rollups_daily d set unit_path = u.path from orgs_unit u where u.id = d.unit_id and d.unit_path <> u.path"
        )
        cursor.execute(
            "select coalesce(min(c.unit_path), ''), coalesce(max(c.unit_path), '') from cases_case c "
            "join rollups_counted k on k.case_id = c.id where k.unit_path <> c.unit_path"
        )
        first, last = cursor.fetchone()
    if first:
        Again.objects.create(path=_shared(first, last))


def calendar_changed(*, path: str, **_: object) -> None:
    """Times in school hours at and below the place are counted again, in the background."""
    Again.objects.create(path=path)


def _shared(first: str, last: str) -> str:
    """The path above both."""
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[: same - same % 4]
