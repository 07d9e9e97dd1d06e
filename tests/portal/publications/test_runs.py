"""Runs: at its moment a kind is out at every school in one go; one school's bad data stop only that school, which is told why."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Escalation
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, WrongStep
from portal.ledger.queries import chain_of
from portal.ledger.verification import verify
from portal.notices.models import Notice
from portal.orgs.models import Unit
from portal.publications.content import Content
from portal.publications.duties import facts_of, open_duty
from portal.publications.kinds import KINDS, Audience, Kind
from portal.publications.models import Issue, Publication, Run, RunItem
from portal.publications.openings import open_run, runs_of, seen_by, take_up, tally
from portal.publications.periods import Every, Period, on_weekday, period_of
from portal.publications.queries import issues, state_of
from portal.publications.running import publish_due
from tests.district import Cast, District

from .issuing import FIRST, account, by_the_clock, opened, signed_by_three

pytestmark = pytest.mark.usefixtures("db")
MOMENT = datetime(2026, 11, 6, 17, 0, tzinfo=clock.SCHOOL_TIME)  # the Friday of week 45
WRONG: set[int] = set()


def build(school: Unit, period: Period) -> Content:
    if school.pk in WRONG:
        raise BadInput("收支对不上，差 12.00 元。", instead="请核对后再公示。")
    if -school.pk in WRONG:
        raise ZeroDivisionError
    return account(school, period)


@pytest.fixture
def prices() -> Iterator[Kind]:
    """Needs no signature; out at every school on Friday at five."""
    kind = Kind(
        "canteen.prices_test", "菜价", "每周菜价", "utensils", Audience.PUBLIC, Every.WEEK, ("principal",),
        build=build, out_at=on_weekday(5, "17:00"),
    )  # fmt: skip
    yield kind
    WRONG.clear()
    del KINDS[kind.code]


def stands() -> dict[str, tuple[str, str]]:
    return {one.unit.name: (one.state, one.said) for one in RunItem.objects.select_related("unit")}


def test_every_school_is_out_at_its_moment_and_one_s_bad_data_stop_only_that_school(
    place: District, cast: Cast, prices: Kind
) -> None:
    WRONG.add(place.school.pk)
    with clock.at(MOMENT - timedelta(seconds=1)):
        publish_due()  # the week before, whose moment is less than a week ago
        assert list(Run.objects.values_list("period", flat=True)) == ["2026-W44"]
    with clock.at(MOMENT):
        assert (publish_due(), publish_due()) == (2, 0)
    run = Run.objects.get(period="2026-W45")
    assert (run.unit, run.opened_by, run.title, run.finished_at) == (
        place.bureau,
        None,
        prices.heading(period_of(Every.WEEK, "2026-W45")),
        MOMENT,
    )
    assert {one.unit.name: (one.state, one.said) for one in run.items.all()} == {
        place.far_school.name: ("published", ""),
        place.school.name: ("refused", "收支对不上，差 12.00 元。请核对后再公示。"),
    }
    told = Notice.objects.filter(about=run.address)
    assert [(one.to, one.title, one.url) for one in told] == [
        (cast.hu, f"没有公示：{run.title}", f"/publishing/runs/{run.pk}/")
    ]
    assert state_of(issues().get(period="2026-W45", unit=place.far_school)).words == "按时公示"
    assert not Issue.objects.filter(unit=place.school, period="2026-W45").exists()
    WRONG.clear()
    with clock.at(MOMENT + timedelta(minutes=59)):
        assert publish_due() == 0
    with clock.at(MOMENT + timedelta(minutes=61)):
        assert publish_due() == 1
    assert tally(run.items.all()) == {"waiting": 0, "published": 2, "refused": 0, "unsigned": 0}
    assert state_of(issues().get(period="2026-W45", unit=place.school)).words == "迟公示"
    assert [one.verb for one in chain_of(run.address)] == ["opened", "finished", "taken_up", "finished"]
    assert verify(overdue=False).flaw is None


def test_a_school_whose_data_break_the_builder_is_told_and_told_once(place: District, cast: Cast, prices: Kind) -> None:
    WRONG.add(-place.school.pk)
    for hour in (0, 1, 2):
        with clock.at(MOMENT + timedelta(hours=hour, minutes=hour)):
            publish_due()
    run = Run.objects.get(period="2026-W45")
    assert run.items.get(unit=place.school).said.startswith("公示时系统出错")
    assert Notice.objects.filter(about=run.address).count() == 1
    assert Publication.objects.filter(issue__unit=place.far_school, issue__period="2026-W45").count() == 1


def test_a_duty_that_nobody_signs_is_out_at_its_moment_and_where_its_books_refuse_late_with_its_holder_until_mended(
    place: District, cast: Cast
) -> None:
    limit = timedelta(hours=9)
    WRONG.add(place.school.pk)
    with by_the_clock(MOMENT, (), build=build, later=limit) as flow:
        with clock.at(MOMENT - timedelta(hours=1)):
            forms = [
                filled(flow, flow.opening, case=None, by="clock", data={"unit": one.pk, "period": "2026-10"})
                for one in (place.school, place.far_school)
            ]
            case, other = (open_duty(flow, form, by="clock") for form in forms)
            assert (publish_due(), case.state, flow.state("owed").title) == (0, "owed", "到时公示")
            assert case.due_at == MOMENT + limit
        with clock.at(MOMENT):
            assert (publish_due(), publish_due()) == (2, 0)
            assert state_of(issues().get(case=other)).words == "按时公示"
            why = (
                "没有公示的原因",
                "收支对不上，差 12.00 元。请核对后再公示。改好后请点“现在公示”，或等系统一小时内再试。",
            )
            assert why in facts_of(case)
            assert Notice.objects.filter(to=cast.hu, verb="refused").count() == 1
        with clock.at(MOMENT + limit + timedelta(hours=1)):
            publish_due()
            sweep()
            stands = state_of(issues().get(case=case))
            assert (stands.words, stands.holder) == ("未按时公示", "总务主任")
            assert Escalation.objects.filter(deadline__case=case.pk).exists()
            WRONG.clear()
        with clock.at(MOMENT + limit + timedelta(hours=3)):
            assert publish_due() == 1
        assert state_of(issues().get(case=case)).words == "迟公示"
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


def test_who_opens_a_run_takes_it_up_and_sees_which_part_of_it(place: District, cast: Cast, prices: Kind) -> None:
    WRONG.update({place.school.pk, place.far_school.pk})
    with clock.at(MOMENT - timedelta(hours=1)), pytest.raises(WrongStep, match="还没到"):
        open_run(kind=prices, period="2026-W45", unit=place.school, by=cast.hu)
    with clock.at(MOMENT):
        with pytest.raises(NotAllowed):
            open_run(kind=prices, period="2026-W45", unit=place.school, by=cast.lin)
        with pytest.raises(WrongStep, match="由学校签发"):
            open_run(kind=KINDS["repairs.monthly"], period="2026-10", unit=place.school, by=cast.hu)
        publish_due()
        run = Run.objects.get(period="2026-W45")
        assert [list(runs_of(one).filter(period="2026-W45")) for one in (cast.hu, cast.rita, cast.ping)] == [
            [run],
            [],
            [],
        ]
        assert [one.unit for one in seen_by(cast.hu, [prices.code]).filter(run=run)] == [place.school]
        with pytest.raises(NotAllowed):
            take_up(run, by=cast.rita)
        WRONG.clear()
        assert (take_up(run, by=cast.hu), publish_due()) == (1, 1)
    assert tally(run.items.all()) == {"waiting": 0, "published": 1, "refused": 1, "unsigned": 0}
