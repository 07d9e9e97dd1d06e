"""Who may read what: the public, parents of the school by today's enrolment and custody, its staff, and those above it."""

from dataclasses import dataclass

from django.db.models import Q

from portal.orgs.access import children_paths, holdings
from portal.orgs.models import Unit, UnitKind, User, prefixes
from portal.orgs.roles import roles

from .kinds import Audience

# Posts that make nobody a member of staff; admins see no affairs, members of the meal committee what parents see.
OUTSIDERS = frozenset({"student", "parent", "supplier", "contractor", "meal_committee", "admin"})
PARENTAL = frozenset({"meal_committee"})


@dataclass(frozen=True)
class Reader:
    """What one person may read beside what everybody may: trees with the kinds read there (blank: all), and of parents.

    `under` are the offices under which they are staff, whose notices to staff are for them; `offices` those they work in.
    """

    staff: tuple[tuple[str, str], ...] = ()
    parents: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()

    def sees(self, audience: str, kind: str, unit: Unit) -> bool:
        """Whether they may read a kind that a school or office publishes for this audience."""
        if audience == Audience.PUBLIC:
            return True
        if audience == Audience.STAFF and unit.school_id is None and unit.path in self.under:
            return True
        inside = any(unit.path.startswith(tree) and kind.startswith(read) for tree, read in self.staff)
        return inside or (audience == Audience.PARENTS and any(unit.path.startswith(tree) for tree in self.parents))

    def condition(self) -> Q:
        """The same as a condition on issues."""
        seen = Q(audience=Audience.PUBLIC)
        if self.under:
            seen |= Q(audience=Audience.STAFF, unit__school=None, unit__path__in=self.under)
        for tree, read in self.staff:
            seen |= Q(unit__path__startswith=tree, kind__startswith=read)
        for tree in self.parents:
            seen |= Q(audience=Audience.PARENTS, unit__path__startswith=tree)
        return seen


NOBODY = Reader()


def reader_of(user: object) -> Reader:
    """The reader behind a request: by the posts held and the classes the children are in today. Three questions."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    posts, known = holdings(user), roles()
    parents = [one.path for one in posts if one.role in PARENTAL] + children_paths(user)
    school, offices = _places({one.path for one in posts} | set(parents))
    staff: set[tuple[str, str]] = set()
    under: set[str] = set()
    for one in posts:
        if one.role in OUTSIDERS or one.role not in known:
            continue
        under |= set(prefixes(one.path))
        if one.path in school:
            staff.add((school[one.path], ""))
        else:  # above schools: what the post reads, nothing for those that read nothing
            staff |= {(one.path, "" if kind == "*" else kind) for kind in known[one.role].reads}
    works = {
        prefixes(one.path)[0]
        for one in posts
        if one.role in known and one.role not in OUTSIDERS and one.path in offices
    }
    parental = {school[path] for path in parents if path in school}
    return Reader(tuple(sorted(staff)), tuple(sorted(parental)), tuple(sorted(under)), tuple(sorted(works)))


def _places(paths: set[str]) -> tuple[dict[str, str], set[str]]:
    """The school each of these places lies in, and which of them are offices of a bureau."""
    if not paths:
        return {}, set()
    rows = list(Unit.objects.filter(path__in=paths).order_by().values_list("path", "school__path", "kind"))
    schools = {path: school for path, school, _ in rows if school}
    return schools, {path for path, _, kind in rows if kind in (UnitKind.BUREAU, UnitKind.SECTION)}
