"""The demo district, loaded small: every way a ticket can stand, whole chains, and something to do for every account."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from canteen.models import Entry, FoodMove, MealMoney
from portal.cases.models import Case, Deadline, Escalation
from portal.clock import SCHOOL_TIME
from portal.evidence.models import Piece
from portal.hall.demo.affairs import accounts
from portal.hall.demo.chance import SEED, Chance
from portal.hall.demo.district import planned, sketches_of
from portal.ledger.models import Event, Seal
from portal.ledger.verification import verify
from portal.notices.models import Delivery, Notice
from portal.orgs.actions import plant
from portal.orgs.models import Guardianship, Installation, Unit, User
from portal.publications import receipts
from portal.publications.models import Announcement, Publication, Receipt, Run
from portal.surveys.models import Survey
from repairs.flow import FLOW, STOCKTAKES
from repairs.models import StockTake, Ticket

from .demo_loading import home_of, loaded_at

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]  # loaded once, after what needs an empty database

MORNING = datetime(2026, 11, 18, 10, 30, tzinfo=SCHOOL_TIME)  # a Wednesday in term
WORKERS = ("duruolan", "wangjianping", "linxiaoyun", "pingyaqin", "dingdayong", "wufang", "xuyan", "chuxiang", "fangzheng",
           "henuan", "chengyuan")  # fmt: skip


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Three schools, one week."""
    yield from loaded_at(MORNING, django_db_blocker, weeks=1, schools=3)


def test_a_demo_is_refused_where_units_stand() -> None:
    plant(name="真的教育局", kind="bureau", by="clock")
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    assert (Unit.objects.count(), User.objects.count()) == (1, 0)


def test_a_demo_is_refused_on_a_real_installation() -> None:
    Installation.objects.all().delete()
    Installation.objects.create(kind="real", made_on=MORNING.date())
    with pytest.raises(CommandError, match="real installation"):
        call_command("demo")
    assert Unit.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value", "why"), [("CLOCK_MAY_BE_SET", False, "DEMO=1"), ("SEAL_KEY", "", "SEAL_KEY")]
)
def test_a_demo_is_refused_outside_demo_mode_and_without_a_key(
    settings: Settings, name: str, value: Any, why: str
) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=why):
        call_command("demo")
    assert Unit.objects.count() == 0


def test_a_passer_by_on_a_photo_is_covered(district: None) -> None:
    covered = Piece.objects.exclude(shown="").values_list("covered__len", "role")
    assert list(covered) == [(6, "photos")]
    assert Event.objects.filter(verb="covered").count() == 1


def test_the_plan_is_twelve_schools_of_every_stage_with_about_240_places() -> None:
    schools = planned()["schools"]
    assert [len(schools), {one["stage"] for one in schools}] == [12, {"KG", "PRI", "JUN", "SEN", "VOC"}]
    assert {one.get("public", True) for one in schools} == {True, False}

    def grown(sketches: Any) -> int:
        return sum(1 + grown(one.below) for one in sketches)

    assert 230 <= sum(grown(sketches_of(one["places"])) for one in schools) <= 260
    assert sum(one["pupils"] for one in schools) == 400


def test_the_same_seed_draws_the_same_lots() -> None:
    one, other = Chance(SEED), Chance(SEED)
    assert [one.deal(range(5), 12), one.around(30)] == [other.deal(range(5), 12), other.around(30)]
    assert sorted(Chance(1).deal(range(5), 5)) == list(range(5))


def test_every_state_a_ticket_and_a_stock_take_can_stand_in_is_there(district: None) -> None:
    assert set(Ticket.objects.values_list("state", flat=True)) == set(FLOW.tokens)
    assert set(StockTake.objects.values_list("state", flat=True)) == set(STOCKTAKES.tokens)


def test_every_chain_and_photo_is_whole_and_every_past_day_is_sealed(district: None) -> None:
    proof = verify()
    assert (proof.flaw, proof.until, proof.seals) == (None, MORNING.date().replace(day=17), 7)
    assert (proof.events, proof.others) == (
        Event.objects.count(),
        {
            "公示": Publication.objects.count(),
            "已阅": Receipt.objects.count(),
            "照片与文件": Piece.objects.count(),
            "账与餐费": Entry.objects.count() + MealMoney.objects.count(),
            "食材出入库": FoodMove.objects.count(),
            "问卷": Survey.objects.count(),
        },
    )
    assert Seal.objects.order_by("day").first().day == MORNING.date().replace(day=11)


def test_it_announces_corrects_and_is_read_by_some_and_a_run_has_finished(district: None) -> None:
    rows = Announcement.objects.order_by("state", "issue__kind").values_list("state", "issue__kind", "issue__current")
    assert sorted(rows, key=str) == sorted(
        [
            ("draft", None, None), ("handed_in", None, None),
            ("issued", "announcements.bureau_public", 1), ("issued", "announcements.bureau_staff", 1),
            ("issued", "announcements.parents", 1), ("issued", "announcements.public", 2), ("issued", "announcements.staff", 1),
        ], key=str,
    )  # fmt: skip
    for one in Announcement.objects.filter(asks_receipt=True, state="issued").select_related("issue__unit"):
        assert one.issue is not None
        counted = receipts.count(one.issue)
        assert 0 < counted.read < counted.asked
    assert Run.objects.exclude(finished_at=None).exists()


def test_what_was_late_rose_rung_by_rung_and_each_rung_fired_once(district: None) -> None:
    rungs = list(Escalation.objects.values_list("deadline", "round", "rung"))
    assert len(rungs) == len(set(rungs))
    assert set(Escalation.objects.values_list("role", flat=True)) == {
        "holder", "logistics_head", "safety_head", "vice_principal", "principal", "tied_leader", "repairs_officer",
        "safety_officer", "canteen_manager", "canteen_officer",
    }  # fmt: skip
    assert not Deadline.objects.filter(done_at=None, paused_at=None, next_rung_at__lte=MORNING).exists()
    assert set(Escalation.objects.filter(vacant=True).values_list("case__unit__school__code", flat=True)) == {"SM01"}


def test_nothing_happens_after_now_nor_before_it_was_reported(district: None) -> None:
    assert Event.objects.latest("at").at <= MORNING
    for case in Case.objects.all():
        times = list(Event.objects.filter(address=case.address).order_by("seq").values_list("at", flat=True))
        assert times == sorted(times) and times[0] == case.opened_at
    assert not Piece.objects.filter(address="").exists()


def test_every_named_account_signs_in_and_has_something_on_home(district: None, settings: Settings) -> None:
    settings.DEMO = True
    there = {one.username: home_of(one.username) for one in accounts()}
    theirs = {name: home["waiting"] or home["risen"] or home["to_read"] for name, home in there.items()}
    assert [name for name, own in theirs.items() if not own] == []
    assert [name for name in WORKERS if not there[name]["waiting"] and not there[name]["mine"]] == []
    assert [name for name in ("zhouli", "menglan", "huqiming", "ouyangmin") if not there[name]["risen"]] == []
    assert {name: len(there[name]["waiting"]) > 1 for name in ("duruolan", "wangjianping", "linxiaoyun")} == {
        "duruolan": True,
        "wangjianping": True,
        "linxiaoyun": True,
    }


def test_people_have_read_what_is_old_and_nothing_old_waits_to_be_sent(district: None) -> None:
    old = Notice.objects.filter(at__lt=MORNING.replace(day=16))
    assert (old.filter(read_at=None).count(), old.exists()) == (0, True)
    assert not Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=MORNING).exists()


def test_families_are_as_families_are(district: None) -> None:
    schools = Unit.objects.filter(kind="class", enrolments__student__guardianships__guardian__username="pingyaqin")
    assert set(schools.values_list("school__code", flat=True)) == {"LX01", "YG01"}
    lost = Guardianship.objects.get(custody=False)
    assert (lost.student.name, lost.relation, lost.guardian.appointments.exists()) == ("宋一诺", "父亲", False)
    assert User.objects.get(username="shenzhixing").student.enrolments.get().school_class.school.code == "YG01"
