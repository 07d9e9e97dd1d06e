"""Runs: at its moment a kind is out at every school in one go; one school's bad data stop only that school, which is told why."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.flow import flow_of
from portal.cases.models import Escalation
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, WrongStep
from portal.ledger.queries import chain_of
from portal.ledger.verification import verify
from portal.notices.models import Notice
from portal.orgs.models import Unit
from portal.publications.content import Content
from portal.publications.duties import facts_of
from portal.publications.kinds import KINDS, Kind
from portal.publications.models import Publication, Run, RunItem
from portal.publications.openings import open_run, runs_of, seen_by, take_up, tally
from portal.publications.periods import Period
from portal.publications.queries import issues, state_of
from portal.publications.running import publish_due
from repairs.models import Monthly
from tests.district import Cast, District

from .issuing import FIRST, account, by_the_clock, opened, signed_by_three

pytestmark = pytest.mark.usefixtures("db")
MOMENT = datetime(2026, 11, 6, 17, 0, tzinfo=clock.SCHOOL_TIME)
LIMIT = timedelta(hours=9)
WRONG: set[int] = set()


def build(school: Unit, period: Period) -> Content:
    if school.pk in WRONG:
        raise BadInput("收支对不上，差 12.00 元。", instead="请核对后再公示。")
    if -school.pk in WRONG:
        raise ZeroDivisionError
    return account(school, period)


@pytest.fixture
def owed(place: District) -> Iterator[list[Monthly]]:
    """October of two schools, signed by nobody: out at five on Friday the sixth, due nine hours later."""
    with by_the_clock(MOMENT, (), build=build, later=LIMIT):
        with clock.at(MOMENT - timedelta(hours=1)):
            cases = [opened(place.school), opened(place.far_school)]
        yield cases
    WRONG.clear()


def stands() -> dict[str, tuple[str, str]]:
    return {one.unit.name: (one.state, one.said) for one in RunItem.objects.select_related("unit")}


def words(case: Monthly) -> str:
    return state_of(issues().get(case=case)).words


def test_every_school_is_out_at_its_moment_and_one_s_bad_data_stop_only_that_school(
    place: District, cast: Cast, owed: list[Monthly]
) -> None:
    WRONG.add(place.school.pk)
    with clock.at(MOMENT - timedelta(seconds=1)):
        assert (publish_due(), Run.objects.exists(), words(owed[0])) == (0, False, "待公示")
    with clock.at(MOMENT):
        assert (publish_due(), publish_due()) == (2, 0)
    run = Run.objects.get()
    assert (run.unit, run.period, run.opened_by, run.title, run.finished_at) == (
        place.bureau,
        "2026-10",
        None,
        "2026 年 10 月维修月报",
        MOMENT,
    )
    assert stands() == {
        place.far_school.name: ("published", ""),
        place.school.name: ("refused", "收支对不上，差 12.00 元。请核对后再公示。"),
    }
    told = Notice.objects.filter(about=run.address, to=cast.hu)
    assert [(one.title, one.url) for one in told] == [(f"没有公示：{run.title}", f"/publishing/runs/{run.pk}/")]
    assert not Publication.objects.filter(issue__unit=place.school).exists()
    WRONG.clear()
    with clock.at(MOMENT + timedelta(minutes=59)):
        assert publish_due() == 0
    with clock.at(MOMENT + timedelta(minutes=61)):
        assert publish_due() == 1
    assert tally(run.items.all()) == {"waiting": 0, "published": 2, "refused": 0, "unsigned": 0}
    assert [words(one) for one in owed] == ["按时公示", "按时公示"]
    assert [one.verb for one in chain_of(run.address)] == ["opened", "finished", "taken_up", "finished"]
    assert verify(overdue=False).flaw is None


def test_a_school_whose_data_break_the_builder_is_told_and_told_once_and_a_run_days_late_is_opened_still(
    place: District, cast: Cast, owed: list[Monthly]
) -> None:
    WRONG.add(-place.school.pk)
    for hour in (0, 1, 2):
        with clock.at(MOMENT + timedelta(days=6, hours=hour, minutes=hour)):
            publish_due()
    run = Run.objects.get()
    assert run.items.get(unit=place.school).said.startswith("公示时系统出错")
    assert Notice.objects.filter(about=run.address, to=cast.hu).count() == 1
    assert Publication.objects.filter(issue__unit=place.far_school).count() == 1


def test_where_its_books_refuse_until_after_its_limit_its_holder_is_named_and_it_is_out_late(
    place: District, cast: Cast, owed: list[Monthly]
) -> None:
    case = owed[0]
    WRONG.add(place.school.pk)
    assert (case.state, flow_of(case).state("owed").title, case.due_at) == ("owed", "到时公示", MOMENT + LIMIT)
    with clock.at(MOMENT):
        publish_due()
        why = (
            "没有公示的原因",
            "收支对不上，差 12.00 元。请核对后再公示。改好后请点“现在公示”，或等系统一小时内再试。",
        )
        assert why in facts_of(case)
    with clock.at(MOMENT + LIMIT + timedelta(hours=1)):
        publish_due()
        sweep()
        state = state_of(issues().get(case=case))
        assert (state.words, state.holder) == ("未按时公示", "总务主任")
        assert Escalation.objects.filter(deadline__case=case.pk).exists()
        WRONG.clear()
    with clock.at(MOMENT + LIMIT + timedelta(hours=3)):
        assert publish_due() == 1
    assert words(case) == "迟公示"
    assert [one.verb for one in chain_of(case.address)][-1] == "publish"


def test_what_needs_a_signature_and_has_none_is_said_why_and_never_published(place: District, cast: Cast) -> None:
    with by_the_clock(MOMENT):
        with clock.at(FIRST):
            mine, other = opened(place.school), opened(place.far_school)
        with clock.at(MOMENT - timedelta(hours=1)):
            signed_by_three(mine, cast)
        with clock.at(MOMENT + timedelta(seconds=5)):
            assert publish_due() == 2
        run = Run.objects.get()
        assert stands() == {
            place.school.name: ("published", ""),
            place.far_school.name: ("unsigned", "待制表，现在由总务主任负责。"),
        }
        assert (Publication.objects.count(), other.is_open) == (1, True)
        assert tally(run.items.all()) == {"waiting": 0, "published": 1, "refused": 0, "unsigned": 1}


def test_signed_while_its_run_went_by_it_is_taken_into_the_run_again(place: District, cast: Cast) -> None:
    with by_the_clock(MOMENT):
        with clock.at(FIRST):
            case = opened(place.school)
        with clock.at(MOMENT):
            publish_due()
        assert stands()[place.school.name][0] == "unsigned"
        with clock.at(MOMENT - timedelta(seconds=1)):  # whoever signed committed after the run had looked
            move(signed_by_three(case, cast), "follow", by=cast.ouyang)
        with clock.at(MOMENT + timedelta(seconds=10)):
            assert (publish_due(), state_of(issues().get()).words) == (1, "按时公示")


def test_who_opens_a_run_takes_it_up_and_sees_which_part_of_it(
    place: District, cast: Cast, owed: list[Monthly], weekly: Kind
) -> None:
    monthly = KINDS[owed[0].kind]
    WRONG.update({place.school.pk, place.far_school.pk})
    with clock.at(MOMENT - timedelta(hours=1)), pytest.raises(WrongStep, match="还没到"):
        open_run(kind=monthly, period="2026-10", unit=place.school, by=cast.hu)
    with clock.at(MOMENT):
        with pytest.raises(NotAllowed):
            open_run(kind=monthly, period="2026-10", unit=place.school, by=cast.will)
        with pytest.raises(WrongStep, match="由学校签发"):
            open_run(kind=weekly, period="2026-W45", unit=place.school, by=cast.hu)
        publish_due()
        run = Run.objects.get()
        assert [list(runs_of(one)) for one in (cast.hu, cast.rita, cast.ping)] == [[run], [], []]
        assert [one.unit for one in seen_by(cast.hu, [monthly.code]).filter(run=run)] == [place.school]
        with pytest.raises(NotAllowed):
            take_up(run, by=cast.rita)
        WRONG.clear()
        assert (take_up(run, by=cast.hu), publish_due()) == (1, 1)
    assert tally(run.items.all()) == {"waiting": 0, "published": 1, "refused": 1, "unsigned": 0}
