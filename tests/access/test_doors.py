"""The table's doors: who may open and send which page and address, and touch what is their own."""

import pytest

from portal.notices.models import Notice
from tests.signing import browser_of

from .asking import wrong
from .table import Grid, grids
from .things import notice_of
from .world import World, undone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "grid",
    grids(
        "pages",
        "programs",
        "own",
        "places",
        "settings",
        "figures",
        "publications",
        "outbound",
        "grid",
        "months",
        "menus",
        "canteen",
        "buying",
        "accounts",
        "duties",
        "kitchen",
    ),
    ids=str,
)
def test_doors_open_as_the_table_says(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []


def test_marking_as_read_leaves_other_peoples_notices_as_they_are(world: World) -> None:
    teacher = world.people["教师"]
    assert teacher.user is not None
    with undone():
        hers, theirs = notice_of(world, teacher.user), notice_of(world, world.rita)
        browser_of(teacher.user).post("/inbox/read", {"upto": max(hers, theirs)})
        teacher.by_program("POST", "/api/v1/inbox/read", {"one": theirs})
        assert set(Notice.objects.filter(pk__in=(hers, theirs), read_at=None)) == {Notice.objects.get(pk=theirs)}
