"""Who sees which figures: heads their school, officers their tree, each only of the kinds their role reads."""

from portal.errors import NotThere
from portal.orgs.access import holdings, tops
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.policies import holding
from portal.orgs.roles import roles
from portal.rollups.book import CHAPTERS, Chapter

LEVELS = (UnitKind.BUREAU, UnitKind.TOWN, UnitKind.SCHOOL)
READERS = holding(*(code for code, role in roles().items() if role.figures))


def sees_figures(user: User) -> bool:
    """Whether the person has a role that sees figures anywhere: for the menu."""
    known = roles()
    return any(one.role in known and known[one.role].figures for one in holdings(user))


def tops_of(user: User) -> list[Unit]:
    """Where the person's figures begin: the highest units of their roles. One query."""
    known = roles()
    paths = tops(one.path for one in holdings(user) if one.role in known and known[one.role].figures)
    return list(Unit.objects.filter(path__in=paths, kind__in=LEVELS))


def found(user: User, pk: int) -> tuple[Unit, list[Chapter], list[Unit]]:
    """The unit with the chapters this person reads there and the units above it they see too; else it is not there."""
    unit = Unit.objects.select_related("school").filter(pk=pk, kind__in=LEVELS).first()
    if unit is None:
        raise NotThere
    chapters = [one for one in CHAPTERS.values() if reads(user, one, unit.path)]
    chapters.sort(key=lambda one: not one.kinds)  # what has no cases of its own stands below the affairs
    if not chapters:
        raise NotThere
    highest = min(len(one.path) for one in holdings(user) if _counts(one.role) and unit.path.startswith(one.path))
    paths = [unit.path[:end] for end in range(highest, len(unit.path), 4)]
    return unit, chapters, list(Unit.objects.filter(path__in=paths, kind__in=LEVELS)) if paths else []


def reads(user: User, chapter: Chapter, path: str) -> bool:
    """Whether a role of theirs sees the figures of this affair at a place."""
    known = roles()
    return any(
        path.startswith(one.path)
        and _counts(one.role)
        and any(_covers(kind, chapter) for kind in known[one.role].reads)
        for one in holdings(user)
    )


def _counts(code: str) -> bool:
    known = roles()
    return code in known and known[code].figures


def _covers(kind: str, chapter: Chapter) -> bool:
    return kind == "*" or kind.startswith(f"{chapter.affair}.")
