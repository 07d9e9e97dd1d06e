"""Publishing, correcting, taking back: each whole, in the ledger, by the post it belongs to, and never changed after."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from portal.cases.schedules import open_due, plan
from portal.errors import BadInput, NotAllowed, Refused, Stale, WrongStep
from portal.ledger.queries import chain_of
from portal.ledger.verification import verify
from portal.publications.actions import correct, expect, publish, retract
from portal.publications.content import canonical, code_of, digest_of
from portal.publications.files import excel
from portal.publications.kinds import KINDS
from portal.publications.models import Issue, Publication
from portal.publications.periods import Every, period_of
from portal.publications.queries import issues, state_of
from portal.worktime.calendars import calendar_for
from portal.worktime.spans import Measure, Span
from repairs.models import Monthly
from tests.district import Cast, District
from tests.repairs.test_materials import asked, at_work, in_store, lines

from .issuing import FIRST, OCTOBER, a_month_of_repairs, opened, published

pytestmark = pytest.mark.usefixtures("db")
KIND = KINDS["repairs.monthly"]


def test_the_clock_opens_the_duty_once_and_it_counts_from_then_on(place: District, cast: Cast) -> None:
    with clock.at(FIRST - timedelta(hours=1)):
        plan(kind=KIND.code, unit=place.school, title="维修月报", data={}, by=cast.ada,
             rule={"every": "month", "day": 1, "time": "00:05"})  # fmt: skip
    with clock.at(FIRST):
        assert (open_due(), open_due()) == (1, 0)
    case = Monthly.objects.get()
    issue = issues().get()
    assert (case.number, case.title, case.turn, case.period) == (
        "GS-LX01-2026-00001", "2026 年 10 月维修月报", "logistics_head", "2026-10",
    )  # fmt: skip
    due = calendar_for(place.school.path).add(FIRST, Span(10, Measure.DAYS))
    assert (issue.due, issue.case_id, issue.current) == (due, case.pk, 0)  # type: ignore[attr-defined]


def test_a_month_is_checked_by_one_and_published_by_another(place: District, cast: Cast) -> None:
    a_month_of_repairs(place, cast)
    made = published(place, cast)
    said = json.loads(made.payload)
    assert (said["title"], said["published_by"], said["version"]) == ("2026 年 10 月维修月报", "校长", 1)
    assert {one["code"]: one["value"] for one in said["content"]["figures"]} == {
        "reported": 3, "done": 2, "late": 1, "in_time": "0.500", "still": 1, "cost": "0.00",
    }  # fmt: skip
    table = said["content"]["tables"][0]
    assert table["rows"] == [["供电照明", 2, 2, 1, 0, "97.0", "0.00"], ["桌椅家具", 1, 0, 0, 1, None, "0.00"]]
    assert table["total"] == ["合计", 3, 2, 1, 1, "97.0", "0.00"]
    assert [(one.verb, one.facts.get("digest")) for one in chain_of(made.issue.address)] == [
        ("expected", None), ("published", made.digest),
    ]  # fmt: skip
    assert (made.digest, made.code) == (digest_of(made.payload), code_of(made.digest))
    assert canonical(said) == made.payload


def test_nobody_signs_what_they_have_checked(place: District, cast: Cast) -> None:
    from portal.orgs.actions import appoint

    appoint(person=cast.hu, role="logistics_head", unit=place.school, by="clock")
    with clock.at(FIRST):
        case = opened(place.school)
        move(case, "check", by=cast.hu)
        with pytest.raises(Refused, match="您核对的"):
            move(case, "publish", by=cast.hu)
        move(case, "publish", by=cast.vera)
    assert Publication.objects.get().post == "分管副校长"


def test_unsigned_at_its_time_it_is_late_and_not_published(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        case = opened(place.school)
    with clock.at(FIRST + timedelta(days=30)):
        issue = issues().get()
        state = state_of(issue)
        assert (state.words, state.holder, issue.current) == ("未按时公示", "总务主任", 0)
        move(case, "check", by=cast.lin)
        assert state_of(issues().get()).holder == "校长"
        move(case, "publish", by=cast.hu)
        assert state_of(issues().get()).words == "迟公示"


def test_the_first_of_a_period_is_published_once(place: District, cast: Cast) -> None:
    published(place, cast)
    with clock.at(FIRST + timedelta(days=4)), pytest.raises(WrongStep, match="已经公示"):
        publish(KIND, unit=place.school, period=OCTOBER, by=cast.hu)
    with clock.at(FIRST + timedelta(days=4)), pytest.raises(WrongStep, match="已经开出来"):
        opened(place.school)
    assert (Case.objects.filter(kind=KIND.code).count(), Publication.objects.count()) == (1, 1)


def test_a_correction_says_why_and_names_what_it_replaces(place: District, cast: Cast) -> None:
    first = published(place, cast)
    a_month_of_repairs(place, cast)
    second = correct(first.issue, reason=" 漏了三件 ", by=cast.hu, seen=1)
    said = json.loads(second.payload)
    assert (said["version"], said["reason"], said["corrects"]) == (2, "漏了三件", first.digest)
    assert said["content"]["figures"][0]["value"] == 3
    issue = Issue.objects.get()
    assert (issue.current, issue.first_at, issue.withdrawn) == (2, first.at, False)
    assert Publication.objects.get(version=1).payload == first.payload


def test_what_is_taken_back_says_only_why(place: District, cast: Cast) -> None:
    first = published(place, cast)
    last = retract(first.issue, reason="数据来源有误", by=cast.hu, seen=1)
    assert "content" not in json.loads(last.payload)
    assert state_of(issues().get()).words == "已撤下"
    with pytest.raises(WrongStep, match="已经撤下"):
        retract(first.issue, reason="再撤一次", by=cast.hu, seen=2)


@pytest.mark.parametrize("act", [correct, retract])
def test_corrections_need_a_reason_the_latest_version_and_the_post(act: object, place: District, cast: Cast) -> None:
    issue = published(place, cast).issue
    with pytest.raises(BadInput, match="写明原因"):
        act(issue, reason="  ", by=cast.hu, seen=1)  # type: ignore[operator]
    with pytest.raises(NotAllowed, match="校长"):
        act(issue, reason="改", by=cast.lin, seen=1)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        act(issue, reason="改", by=cast.sam, seen=1)  # type: ignore[operator]
    correct(issue, reason="先改一次", by=cast.hu, seen=1)
    with pytest.raises(Stale):
        act(issue, reason="再改", by=cast.hu, seen=1)  # type: ignore[operator]
    assert Publication.objects.count() == 2


def test_people_open_a_duty_only_by_a_post_that_publishes(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        for stranger in (cast.rita, cast.lin, cast.sam):
            with pytest.raises((NotAllowed, BadInput)):
                opened(place.school, by=stranger)
        assert opened(place.school, by=cast.hu).opener is None
    with pytest.raises(BadInput, match="由学校公示"):
        expect(KIND, unit=place.room, period=OCTOBER, by="clock")


@pytest.mark.parametrize("change", ["update {table} set {column} = {column}", "delete from {table}"])
@pytest.mark.parametrize("table", ["publications_publication", "publications_rendition"])
def test_the_database_refuses_every_change(change: str, table: str, place: District, cast: Cast) -> None:
    excel(published(place, cast))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table=table, column="digest"))


def forge(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in ("publications_publication", "publications_rendition"):
            cursor.execute(f"alter table {table} disable trigger {table}_no_change")
        for statement in statements:
            cursor.execute(statement)


FORGERIES = {
    "a payload changed": "update publications_publication set payload = replace(payload, '维修', '维护')",
    "payload and digest changed": "update publications_publication set payload = '{}', "
    "digest = encode(sha256('{}'), 'hex')",
    "a version gone": "delete from publications_rendition; delete from publications_publication",
    "an old version shown": "update publications_issue set current = 0",
    "a version slipped in": "insert into publications_publication (issue_id, version, title, payload, digest, code, reason, "
    "withdrawn, at, post) select issue_id, 2, title, '[]', encode(sha256('[]'), 'hex'), 'X', '', false, at, post "
    "from publications_publication",
    "another moment": "update publications_publication set at = at + interval '1 hour'",
    "a file of another digest": "update publications_rendition set digest = repeat('0', 64)",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_verify_finds_every_forgery(name: str, place: District, cast: Cast) -> None:
    made = published(place, cast)
    excel(made)
    sound = verify(overdue=False)
    assert (sound.flaw, sound.others["公示"]) == (None, 1)
    forge(FORGERIES[name])
    found = verify(overdue=False).flaw
    assert found is not None
    assert found.row == made.issue.address


@pytest.mark.usefixtures("monday")
def test_materials_handed_out_are_the_month_s_cost_by_kind(place: District, cast: Cast) -> None:
    in_store(place, cast)
    case = asked(at_work(place, cast), cast.will)
    move(case, "approve", by=cast.lin)
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="2")})
    november = period_of(Every.MONTH, "2026-11")
    said = KIND.build(place.school, november) if KIND.build else None
    assert said is not None
    assert [(row[0], row[-1]) for row in said.tables[0].rows] == [("供电照明", Decimal("25.00"))]
    assert (said.tables[0].total[-1], said.words) == (Decimal("25.00"), ())
    assert KIND.build(place.far_school, november).tables[0].rows == []  # type: ignore[misc]
