"""A run of publications killed with SIGKILL again and again: every school is out once and whole, the bad one told why once."""

from collections.abc import Iterator

import pytest

from portal.cases.flow import Flow
from portal.cases.models import Case
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.actions import appoint, plant
from portal.orgs.models import User
from portal.publications.announcing import issue, write
from portal.publications.content import digest_of
from portal.publications.models import Publication, Receipt, Run, RunItem
from portal.publications.openings import open_due_runs
from tests.chaos.account import deadlocks, demand_sound_ledger
from tests.chaos.conftest import Measured
from tests.chaos.publisher import out_now, this_month
from tests.chaos.sizes import SIZES
from tests.chaos.test_sweepers import sweepers
from tests.district import Cast, District, hire
from tests.portal.publications.issuing import opened

pytestmark = pytest.mark.chaos


@pytest.fixture
def law(db: None) -> Iterator[Flow]:
    with out_now() as flow:
        yield flow


def test_a_run_killed_at_any_moment_publishes_each_school_once_and_whole(
    place: District, cast: Cast, law: Flow, measured: Measured
) -> None:
    schools = [plant(name=f"第{n}小学", kind="school", parent=place.town, by="clock") for n in range(SIZES.schools)]
    schools[7].name = "第 7"
    schools[7].save(update_fields=["name"])
    head = hire("head-7", "校长", schools[7], ("principal", schools[7]))
    broken_up = deadlocks()
    for school in (*schools, place.school, place.far_school):
        opened(school, period=this_month().code)
    assert open_due_runs() == 1
    with sweepers("tests.chaos.publisher") as crew:
        crew.storm(SIZES.publisher_kills)
    run = Run.objects.get()
    owed = {one.pk for one in schools} - {schools[7].pk} | {place.school.pk, place.far_school.pk}
    made = list(Publication.objects.filter(issue__kind=law.kind))
    lost, doubled = len(owed - {one.issue.unit_id for one in made}), len(made) - len({one.issue_id for one in made})
    measured(kills=crew.toll.kills, inside=crew.toll.inside, due=len(owed), done=len(made), lost=lost, doubled=doubled)
    assert (lost, doubled, crew.toll.crashed, len(made)) == (0, 0, 0, len(owed))
    assert (crew.toll.kills, crew.toll.inside >= crew.toll.kills / 3) == (SIZES.publisher_kills, True)
    assert all(digest_of(one.payload) == one.digest for one in made)
    assert set(Case.objects.filter(kind=law.kind, is_open=False).values_list("unit", flat=True)) == owed
    assert [Event.objects.filter(verb=verb).count() for verb in ("published", "publish")] == [len(owed)] * 2
    stuck = RunItem.objects.exclude(state="published").values_list("unit", "state", "said")
    assert list(stuck) == [(schools[7].pk, "refused", "收支对不上。")]
    told = Notice.objects.filter(verb="refused").values_list("to", "about")
    assert list(told) == [(head.pk, run.address)]
    assert Event.objects.filter(address=run.address, verb="finished").count() == 1
    demand_sound_ledger()
    assert deadlocks() == broken_up


@pytest.mark.django_db(transaction=True)
def test_readers_killed_while_they_press_are_one_receipt_each_and_one_entry_in_the_chain(
    place: District, cast: Cast, measured: Measured
) -> None:
    people = [User(username=f"reader-{n}", name=f"读者{n}", home=place.school) for n in range(SIZES.readers)]
    User.objects.bulk_create(people)
    for person in people:
        appoint(person=person, role="teacher", unit=place.school, by="clock")
    said = {"audience": "staff", "category": "notice", "title": "周五教研", "text": "三点", "asks_receipt": True}
    made = issue(write(None, unit=place.school, by=cast.hu, files=[], **said), by=cast.hu)
    with sweepers("tests.chaos.reader") as crew:
        crew.storm(SIZES.publisher_kills)
    given = list(Receipt.objects.values_list("reader", flat=True))
    chained = list(Event.objects.filter(address=made.issue.address, verb="read").values_list("who", flat=True))
    lost, doubled = len({one.pk for one in people} - set(given)), len(given) - len(set(given))
    measured(
        kills=crew.toll.kills, inside=crew.toll.inside, due=len(people), done=len(given), lost=lost, doubled=doubled
    )
    assert (lost, doubled, crew.toll.crashed, len(given)) == (0, 0, 0, len(people))
    assert (crew.toll.kills, crew.toll.inside > 0) == (SIZES.publisher_kills, True)
    assert sorted(chained) == sorted(f"person:{pk}" for pk in given)
    demand_sound_ledger()
