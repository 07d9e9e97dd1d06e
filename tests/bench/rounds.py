"""The clock on the morning of very many schools: every plan's round is due at once, beside one statement for each."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from portal import clock
from portal.cases.models import Schedule
from portal.cases.schedules import open_due
from safety_grid.flow import ROUNDS
from safety_grid.models import RoundPlan
from safety_grid.queries.reference import check_items

from .caller import Answer, timed
from .district import District
from .limit import Limit
from .scenarios import Scenario, Target

DUE = 300
MARK = "update cases_schedule set next_at = now() - interval '1 second' where kind = 'safety_grid.round'"
# One transaction for each: claims the next schedule, and writes all that opening its round writes.
OPEN = """
with due as (select s.id, s.unit_id, s.chain_seq, s.chain_head, s.next_at, p.id plan, p.title, p.items, p.hours
    from cases_schedule s join safety_grid_roundplan p on p.schedule_id = s.id
    where s.is_on and s.next_at <= now() order by s.next_at, s.id limit 1 for update of s skip locked),
place as (select due.*, c.id cell, u.id at, u.path, u.name, u2.code, h.person_id, now() + interval '1 hour' * due.hours ends,
        nextval(pg_get_serial_sequence('cases_case', 'id')) pk
    from due join safety_grid_roundplan_places w on w.roundplan_id = due.plan join safety_grid_cell c on c.unit_id = w.unit_id
    join safety_grid_holding h on h.cell_id = c.id and h.until is null join orgs_unit u on u.id = c.unit_id join orgs_unit u2 on u2.id = u.school_id),
counted as (insert into cases_casenumber (school_id, prefix, year, last) select unit_id, 'XC', 2000, 1 from due
    on conflict (school_id, prefix, year) do update set last = cases_casenumber.last + 1 returning last),
opened as (insert into cases_case (id, chain_seq, chain_head, kind, number, unit_id, unit_path, circle, topic, priority, title, state,
        turn, is_open, assignee_id, receipt, opened_at, moved_at, due_at, version, discreet)
    select pk, 1, encode(sha256(convert_to(pk::text, 'UTF8')), 'hex'), 'safety_grid.round', 'XC-' || code || '-2000-' || lpad(last::text, 5, '0'),
        at, path, '', '', 3, title || name, 'due', 'assignee', true, person_id, '', now(), now(), ends, 0, false from place, counted),
walked as (insert into safety_grid_round (case_ptr_id, plan_id, slot, meant_for_id, items, hours, explained)
    select pk, plan, next_at, person_id, items, hours, 0 from place),
spots as (insert into safety_grid_roundspot (round_id, unit_id, cell_id, proof, outcomes) select pk, at, cell, '', '{}' from place),
started as (insert into cases_deadline (case_id, clock, started_at, amount, extra, measure, stood, due_at, provisional, round, rung, next_rung_at)
    select pk, clock, now(), hours, 0, 'wall', '[]', ends, false, 1, 0, ends from place, unnest(array['walk', 'make_up']) clock),
noted as (insert into ledger_event (address, seq, verb, who, at, facts, before, digest)
    select 'case:' || pk, 1, 'open_rounds', 'clock', now(), jsonb_build_object('to', 'due', 'unit', at), '',
        encode(sha256(convert_to(pk::text, 'UTF8')), 'hex') from place
    union all select 'schedule:' || id, chain_seq + 1, 'opened', 'clock', now(), jsonb_build_object('cases', jsonb_build_array(pk)), chain_head,
        encode(sha256(convert_to(chain_head || pk, 'UTF8')), 'hex') from place),
told as (insert into notices_notice (to_id, about, verb, title, body, url, urgent, at)
    select person_id, 'case:' || pk, 'open_rounds', title, '', '/', false, now() from place)
update cases_schedule s set next_at = s.next_at + interval '1 day', chain_seq = s.chain_seq + 1,
    chain_head = encode(sha256(convert_to(place.chain_head || place.pk, 'UTF8')), 'hex') from place where s.id = place.id returning 1"""


def planned(district: District, *, many: int = DUE) -> None:
    """So many plans, school by school in turn, each of one place that somebody answers for."""
    items = [
        {"code": one.code, "title": one.title, "category": one.category} for one in list(check_items().values())[:8]
    ]
    rule = {"every": "day", "time": "07:30"}
    schools = [district.schools[n % len(district.schools)] for n in range(many)]
    away = clock.now() + timedelta(days=1)
    schedules = Schedule.objects.bulk_create(
        [
            Schedule(kind=ROUNDS.kind, unit=school.unit, title=f"巡查计划 {n}", rule=rule, next_at=away)
            for n, school in enumerate(schools)
        ]
    )
    plans = RoundPlan.objects.bulk_create(
        [
            RoundPlan(unit=school.unit, title=f"日查 {n}", items=items, hours=Decimal(10), schedule=one)
            for n, (school, one) in enumerate(zip(schools, schedules, strict=True))
        ]
    )
    for n, (school, plan, one) in enumerate(zip(schools, plans, schedules, strict=True)):
        plan.places.set([school.areas[n // len(district.schools) % len(school.areas)][0]])
        one.data = {"plan": plan.pk}
    Schedule.objects.bulk_update(schedules, ["data"], batch_size=500)


def due(limit: Limit, *, many: int = DUE) -> Scenario:
    """All of them are due, each side its own time; the portal sweeps until nothing is left."""

    def marked(run: Callable[[], int]) -> Answer:
        with connection.cursor() as cursor:
            cursor.execute(MARK)
        ms, opened = timed(run)
        return Answer(200, (), str(opened).encode(), ms)

    def portal() -> int:
        return sum(iter(open_due, 0))

    def bare() -> int:
        return sum(iter(lambda: len(limit.ask(OPEN, {})), 0))

    def same(one: Any, other: Any) -> int:
        assert (one.text, other.text) == (str(many), str(many)), (one.text, other.text)
        return many

    what = f"rounds opened, {many:,} plans due"
    return Scenario(what, "clock", Target(ratio=4), lambda: marked(portal), lambda: marked(bare), same)
