"""What names in a file of assets may mean at one school: places by their place and name, people by name and username."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from portal.orgs.models import Unit, User

MANY = "many"  # several are called so


@dataclass(frozen=True)
class Known:
    """Places and people by name; a name several share stands for none of them."""

    places: Mapping[str, Unit | str] = field(default_factory=dict)
    people: Mapping[str, User | str] = field(default_factory=dict)


def known_at(school: Unit) -> Known:
    """Those of this school. Two questions."""
    places = list(Unit.objects.open().filter(school=school).select_related("school"))
    posts = Q(appointments__unit__school=school, appointments__granted=True) & ~Q(appointments__role="parent")
    staff = User.objects.filter(Q(home__school=school) | posts, is_active=True, student=None).distinct()
    named = [(one.name, one) for one in places if one.name != one.place] + [(one.place, one) for one in places]
    called = [(name, one) for one in staff for name in {one.name, one.username}]
    return Known(_once(named), _once(called))


def _once(named: list[tuple[str, Any]]) -> dict[str, Any]:
    times = Counter(name for name, _ in named)
    return {name: one if times[name] == 1 else MANY for name, one in named}
