"""What one may see is said twice, as the condition of a list and as a question about one case: both say the same."""

import pytest

from portal.cases.access import reads, sees
from portal.cases.models import Case

from .world import RELATIONS, World, undone

pytestmark = pytest.mark.django_db
NOBODY = ("须回避", "圈内", "外县")  # of the people of the table sees these


@pytest.mark.parametrize("relation", ["", *RELATIONS])
def test_a_list_holds_exactly_the_cases_one_may_see(world: World, relation: str) -> None:
    said, listed = {}, {}
    for name, who in world.people.items():
        if who.user is None:
            continue
        with undone():
            for case in world.cases.values():
                if relation:
                    world.relate(case, who, relation)
            every = list(Case.objects.all())
            seen, governed = Case.objects.visible_to(who.user), Case.objects.governed_by(who.user)
            listed[name] = set(seen.values_list("pk", flat=True)), set(governed.values_list("pk", flat=True))
            may = {case.pk for case in every if sees(who.user, case)}
            said[name] = may, {case.pk for case in every if reads(who.user, case)} & may
    assert said == listed
    assert relation in NOBODY or any(seen for seen, _ in said.values())
