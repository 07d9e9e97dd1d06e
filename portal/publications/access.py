"""Who may read what: the public, parents of the school by today's enrolment and custody, its staff, and those above it."""

from dataclasses import dataclass

from django.db.models import Q

from portal.orgs.access import children_paths, holdings
from portal.orgs.models import Unit, User
from portal.orgs.roles import roles

from .kinds import Audience

# Posts that make nobody a member of staff; admins see no affairs, members of the meal committee what parents see.
OUTSIDERS = frozenset({"student", "parent", "supplier", "contractor", "meal_committee", "admin"})
PARENTAL = frozenset({"meal_committee"})


@dataclass(frozen=True)
class Reader:
    """What one person may read beside what everybody may: trees with the kinds read there (blank: all), and of parents."""

    staff: tuple[tuple[str, str], ...] = ()
    parents: tuple[str, ...] = ()

    def sees(self, audience: str, kind: str, school: Unit) -> bool:
        """Whether they may read a kind that a school publishes for this audience."""
        if audience == Audience.PUBLIC:
            return True
        inside = any(school.path.startswith(tree) and kind.startswith(read) for tree, read in self.staff)
        return inside or (audience == Audience.PARENTS and any(school.path.startswith(tree) for tree in self.parents))

    def condition(self) -> Q:
        """The same as a condition on issues."""
        seen = Q(audience=Audience.PUBLIC)
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
    school = _schools({one.path for one in posts} | set(parents))
    staff: set[tuple[str, str]] = set()
    for one in posts:
        if one.role in OUTSIDERS or one.role not in known:
            continue
        if one.path in school:
            staff.add((school[one.path], ""))
        else:  # above schools: what the post reads, nothing for those that read nothing
            staff |= {(one.path, "" if kind == "*" else kind) for kind in known[one.role].reads}
    return Reader(tuple(sorted(staff)), tuple(sorted({school[path] for path in parents if path in school})))


def _schools(paths: set[str]) -> dict[str, str]:
    """The school each of these places lies in; places above schools are left out."""
    if not paths:
        return {}
    units = Unit.objects.filter(path__in=paths, school__isnull=False).order_by()
    return dict(units.values_list("path", "school__path"))
