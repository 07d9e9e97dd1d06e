"""The limit's writes: the same rows as the portal's, each by one lock and one statement in one transaction."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from portal.ledger.digests import digest_of

Ask = Callable[[str, dict[str, Any]], list[tuple[Any, ...]]]

LOCK = """select id, state, version, chain_seq, chain_head, opener_id, title, now() from cases_case
where number = %(number)s and unit_path like %(below)s for update"""
ACCEPT = """
with moved as (update cases_case set state = 'accepted', turn = 'dispatcher', version = version + 1, moved_at = %(at)s,
        chain_seq = %(seq)s, chain_head = %(digest)s,
        due_at = (select min(due_at) from cases_deadline where case_id = %(id)s and done_at is null and clock <> 'respond')
    where id = %(id)s),
stopped as (update cases_deadline set done_at = %(at)s where case_id = %(id)s and clock = 'respond' and done_at is null),
noted as (insert into ledger_event (address, seq, verb, who, at, facts, before, digest)
    values (%(address)s, %(seq)s, 'accept', %(person)s, %(at)s, %(facts)s, %(head)s, %(digest)s)),
said as (insert into cases_words (case_id, seq, name, text, salt) values (%(id)s, %(seq)s, 'reply', %(reply)s, '')),
acted as (insert into cases_caseparty (case_id, person_id, as_what) values (%(id)s, %(who)s, 'handled') on conflict do nothing),
told as (insert into notices_notice (to_id, about, verb, title, body, url, urgent, at)
    values (%(opener)s, %(address)s, 'accept', %(title)s, '', '/', false, %(at)s))
insert into cases_answeredkey (who, key, fingerprint, status, answer, at) values (%(person)s, %(key)s, '', 0, '{}', %(at)s)"""
PLACE = """
with counted as (insert into cases_casenumber (school_id, prefix, year, last)
    select school_id, 'BX', 2000, 1 from orgs_unit where id = %(unit)s
    on conflict (school_id, prefix, year) do update set last = cases_casenumber.last + 1 returning last)
select nextval(pg_get_serial_sequence('cases_case', 'id')), t.path, t.name, s.code, counted.last, now(),
    (select g.user_id from orgs_post g join auth_permission p on p.id = g.permission_id
     where p.codename = 'dispatcher' and g.unit_id = s.id limit 1)
from orgs_unit t join orgs_unit s on s.id = t.school_id, counted where t.id = %(unit)s"""
REPORT = """
with opened as (insert into cases_case (id, chain_seq, chain_head, kind, number, unit_id, unit_path, circle, topic, priority,
        title, state, turn, is_open, opener_id, receipt, opened_at, moved_at, due_at, version, discreet)
    values (%(id)s, 1, %(digest)s, 'repairs.ticket', %(number)s, %(unit)s, %(path)s, '', %(topic)s, 3,
        %(title)s, 'reported', 'dispatcher', true, %(who)s, '', %(at)s, %(at)s, %(due)s, 0, false)),
ticket as (insert into repairs_ticket (case_ptr_id, item, danger, rework, extensions, cost) values (%(id)s, '', false, 0, 0, 0)),
started as (insert into cases_deadline (case_id, clock, started_at, amount, extra, measure, stood, due_at, provisional,
        round, rung, next_rung_at)
    select %(id)s, clock, %(at)s, 2, 0, 'wall', '[]'::jsonb, %(due)s, false, 1, 0, %(due)s from unnest(array['respond', 'resolve']) clock),
noted as (insert into ledger_event (address, seq, verb, who, at, facts, before, digest)
    values (%(address)s, 1, 'report', %(person)s, %(at)s, %(facts)s, '', %(digest)s)),
said as (insert into cases_words (case_id, seq, name, text, salt) values (%(id)s, 1, 'words', %(words)s, '')),
acted as (insert into cases_caseparty (case_id, person_id, as_what) values (%(id)s, %(who)s, 'handled')),
told as (insert into notices_notice (to_id, about, verb, title, body, url, urgent, at)
    values (%(desk)s, %(address)s, 'report', %(title)s, '', '/', false, %(at)s))
insert into cases_answeredkey (who, key, fingerprint, status, answer, at) values (%(person)s, %(key)s, '', 0, '{}', %(at)s)"""
# Claims due rungs, fires the second one of the usual ladder, and writes all that the portal's sweep writes.
SWEEP = """
with due as (select d.id, d.case_id, d.due_at, d.round, d.rung, c.unit_path, c.title, c.chain_seq, c.chain_head
    from cases_deadline d join cases_case c on c.id = d.case_id
    where d.done_at is null and d.paused_at is null and d.next_rung_at <= now()
    order by d.next_rung_at limit 500 for update skip locked),
heads as (select t.path, min(g.user_id) person from orgs_post g join auth_permission p on p.id = g.permission_id
    join orgs_unit t on t.id = g.unit_id where p.codename = 'logistics_head' group by t.path),
rising as (select due.*, heads.person,
        encode(sha256(convert_to(due.chain_head || due.case_id || due.chain_seq, 'UTF8')), 'hex') digest
    from due join heads on heads.path = substr(due.unit_path, 1, 12)),
fired as (insert into cases_escalation (deadline_id, case_id, round, rung, role, told, vacant, due_at, at, ack_by)
    select id, case_id, round, rung, 'logistics_head', jsonb_build_array(person), false, due_at, now(), now() + interval '1 hour' from rising),
noted as (insert into ledger_event (address, seq, verb, who, at, facts, before, digest)
    select 'case:' || case_id, chain_seq + 1, 'escalated', 'clock', now(),
        jsonb_build_object('rung', rung, 'told', jsonb_build_array(person)), chain_head, digest from rising),
told as (insert into notices_notice (to_id, about, verb, title, body, url, urgent, at)
    select person, 'case:' || case_id, 'escalated', title, '', '/', false, now() from rising),
moved as (update cases_case c set chain_seq = rising.chain_seq + 1, chain_head = rising.digest from rising where c.id = rising.case_id)
update cases_deadline d set rung = rising.rung + 1, next_rung_at = rising.due_at + interval '4 hours' from rising where d.id = rising.id"""


def accept(ask: Ask, asked: dict[str, Any]) -> str:
    """受理: where the person is sent next."""
    ask("begin", asked)
    ((pk, state, _, seq, head, opener, title, at),) = ask(LOCK, asked)
    assert state == "reported"
    asked |= {"id": pk, "seq": seq + 1, "head": head, "opener": opener, "title": title}
    ask(ACCEPT, asked | _event(pk, seq + 1, "accept", head, at, asked, {"words": {"reply": _digest(asked["reply"])}}))
    ask("commit", asked)
    return f"/repairs/tickets/{asked['number']}/"


def report(ask: Ask, asked: dict[str, Any]) -> str:
    """报修: where the person is sent next."""
    ask("begin", asked)
    ((pk, path, place, code, last, at, desk),) = ask(PLACE, asked)
    number = f"BX-{code}-2000-{last:05d}"
    asked |= {"id": pk, "path": path, "number": number, "title": f"{place} {asked['words']}", "desk": desk}
    asked["due"] = at + timedelta(hours=2)
    ask(REPORT, asked | _event(pk, 1, "report", "", at, asked, {"words": {"words": _digest(asked["words"])}}))
    ask("commit", asked)
    return f"/repairs/tickets/{number}/"


def _event(
    pk: int, seq: int, verb: str, head: str, at: datetime, asked: dict[str, Any], facts: dict[str, Any]
) -> dict[str, Any]:
    row = {
        "address": f"case:{pk}",
        "seq": seq,
        "verb": verb,
        "who": f"person:{asked['who']}",
        "at": at,
        "facts": facts,
        "before": head,
    }
    return {
        "address": row["address"],
        "person": row["who"],
        "at": at,
        "facts": json.dumps(facts),
        "digest": digest_of(**row),
    }


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
