"""The limit: a bare WSGI application that reads and writes the same rows by hand-written SQL and joins strings.

It knows the session, the person and their posts, asks for the rows with their clocks and for the two numbers of the
frame, and renders the least HTML that says the same. It has no forms, refusals, filters, buttons or menus.
"""

from collections.abc import Callable
from datetime import datetime
from html import escape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import psycopg2

from .limit_writes import SWEEP, accept, report

PERSON = """
select u.name, array(select p.codename || ' ' || t.path from orgs_post g
    join auth_permission p on p.id = g.permission_id join orgs_unit t on t.id = g.unit_id where g.user_id = u.id)
from django_session s, orgs_user u where s.session_key = %(key)s and s.expire_date > now() and u.id = %(who)s"""
ROWS = """
select c.id, c.number, c.title, c.state, c.turn, c.due_at, u.label, a.name, o.name,
    (select json_agg(json_build_array(d.clock, d.started_at, d.due_at, d.paused_at))
     from cases_deadline d where d.case_id = c.id and d.done_at is null and c.is_open)
from ({lens}) c join orgs_unit u on u.id = c.unit_id
left join orgs_user a on a.id = c.assignee_id left join orgs_user o on o.id = c.opener_id order by {order}"""
TURNS = """
select * from cases_case where is_open and turn = any(%(roles)s) and unit_path like %(below)s
union all select * from cases_case where is_open and turn = 'assignee' and assignee_id = %(who)s
union all select * from cases_case where is_open and turn = 'opener' and opener_id = %(who)s"""
NUMBERS = """select (select count(*) from (select from ({turns}) w limit 1000) w),
    (select count(*) from (select from notices_notice where to_id = %(who)s and read_at is null limit 1000) n)"""
BARRED = "not exists (select from cases_caseparty b where b.case_id = c.id and b.person_id = %(who)s and b.as_what = 'barred')"
CLOCK = "coalesce(c.due_at, 'infinity')"
BY_CLOCK = f"{CLOCK}, c.id"
NEWEST = "c.id desc"
# A whole bureau is walked newest first; a school's areas each have their own newest in one index.
WIDE = "select * from cases_case c where c.unit_path like %(below)s and c.id < %(before)s and {barred} order by c.id desc limit 26"
NARROW = """select c.* from orgs_unit t cross join lateral (select * from cases_case c where c.unit_path = t.path
    and c.id < %(before)s and {barred} order by c.id desc limit 26) c where t.path like %(below)s order by c.id desc limit 26"""
OPENED = "select * from cases_case c where c.opener_id = %(who)s and c.id < %(before)s order by c.id desc limit 26"
DONE = """select c.* from cases_caseparty p join cases_case c on c.id = p.case_id where p.person_id = %(who)s
    and p.as_what = 'handled' and p.case_id < %(before)s and {barred} order by p.case_id desc limit 26"""
FOUND = """select c.* from cases_case c where bigrams(c.title) @> %(grams)s and c.title ilike %(words)s
    and c.unit_path like %(below)s and {barred} order by c.id + 0 desc limit 26"""
CASE = """
select c.id, c.title, c.state, c.opened_at, u.label, o.name, a.name,
    (select json_agg(json_build_array(e.verb, e.who, e.at, e.facts,
        (select json_agg(json_build_array(w.name, w.text)) from cases_words w where w.case_id = c.id and w.seq = e.seq))
        order by e.seq) from ledger_event e where e.address = 'case:' || c.id),
    (select json_agg(json_build_array(d.clock, d.due_at, d.paused_at, d.done_at)) from cases_deadline d where d.case_id = c.id)
from cases_case c join orgs_unit u on u.id = c.unit_id
left join orgs_user o on o.id = c.opener_id left join orgs_user a on a.id = c.assignee_id where c.number = %(number)s"""
NAMES = "select id, name from orgs_user where id = any(%(people)s)"


class Limit:
    """One process of it, with its own connection."""

    def __init__(self, **connection: Any) -> None:
        self.connection = psycopg2.connect(**connection)
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()

    def close(self) -> None:
        """Gives the connection back."""
        self.connection.close()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Answers /list/, /case/ and /accept/ by what stands in the query string and the form."""
        cookie = SimpleCookie(environ["HTTP_COOKIE"])
        asked: dict[str, Any] = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        asked |= {"key": cookie["sessionid"].value, "who": int(cookie["who"].value)}
        ((name, posts),) = self.ask(PERSON, asked)
        held = [one.split(" ") for one in posts]
        asked |= {"roles": [role for role, _ in held], "below": f"{min(path for _, path in held)}%"}
        if environ["REQUEST_METHOD"] == "POST":
            form = parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
            asked |= {name: values[0] for name, values in form.items()}
            where = {"/accept/": accept, "/report/": report}[environ["PATH_INFO"]](self.ask, asked)
            start_response("302 Found", [("Location", where), ("Content-Length", "0")])
            return []
        answer = {"/list/": self.rows, "/case/": self.case}[environ["PATH_INFO"]]
        body = PAGE.format(name=escape(name), inside=answer(asked)).encode()
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    def ask(self, statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        self.cursor.execute(statement, asked)
        found: list[tuple[Any, ...]] = self.cursor.fetchall() if self.cursor.description else []
        return found

    def rows(self, asked: dict[str, Any]) -> str:
        """A page of a list."""
        statement, order = lens_of(asked)
        rows = self.ask(ROWS.format(lens=statement, order=order), asked)
        ((waiting, unread),) = self.ask(NUMBERS.format(turns=TURNS), asked)
        return f"<p>{waiting} {unread}</p><ul>{''.join(_row(row) for row in rows[:25])}</ul>"

    def sweep(self) -> int:
        """One statement for up to 500 due rows; how many there were."""
        self.cursor.execute(SWEEP)
        fired: int = self.cursor.rowcount
        return fired

    def case(self, asked: dict[str, Any]) -> str:
        """One case with its trail."""
        ((_, title, state, opened, place, opener, assignee, events, clocks),) = self.ask(CASE, asked)
        people = {int(who[7:]) for _, who, *_ in events or [] if who.startswith("person:")}
        names = dict(self.ask(NAMES, {"people": list(people)}))
        trail = "".join(_event(event, names) for event in events or [])
        times = "".join(f"<li>{name} {due} {paused or done or ''}" for name, due, paused, done in clocks or [])
        head = (
            f"<h1>{escape(title)}</h1><p>{state} {opened} {escape(place)} {escape(opener)} {escape(assignee or '')}</p>"
        )
        return f"{head}<ul>{times}</ul><ol>{trail}</ol>"


def lens_of(asked: dict[str, Any]) -> tuple[str, str]:
    """The statement of a tab, and its order."""
    asked["before"] = int(asked.get("before", 2**62))
    if asked["tab"] == "waiting":
        mark = "" if "due" not in asked else f"where ({CLOCK}, c.id) > (%(due)s::timestamptz, %(after)s::bigint)"
        return f"select * from ({TURNS}) c {mark} order by {BY_CLOCK} limit 26", BY_CLOCK
    if asked["tab"] == "found":
        words = asked["q"]
        asked |= {"grams": [words[at : at + 2] for at in range(len(words) - 1)], "words": f"%{words}%"}
        return FOUND.format(barred=BARRED), NEWEST
    wide = len(asked["below"]) <= 9
    statement = {"governed": WIDE if wide else NARROW, "opened": OPENED, "done": DONE}[asked["tab"]]
    return statement.format(barred=BARRED), NEWEST


PAGE = "<!doctype html><html lang=zh><head><meta charset=utf-8><link rel=stylesheet href=/s.css></head><body><p>{name}</p>{inside}</body></html>"


def _row(row: tuple[Any, ...]) -> str:
    _, number, title, state, turn, due, place, assignee, opener, clocks = row
    holder = {"assignee": assignee, "opener": opener}.get(turn, turn) or ""
    left = f"{due:%m-%d %H:%M}" if due else "停" if clocks else ""
    return (
        f"<li><a href=/repairs/tickets/{number}/>{escape(title)}</a> {number} {escape(place)} "
        f"{escape(holder)} {state} <b>{left}</b></li>"
    )


def _event(event: list[Any], names: dict[int, str]) -> str:
    verb, who, at, _, words = event
    name = names.get(int(who[7:]), "") if who.startswith("person:") else who
    said = "".join(f"<q>{escape(text)}</q>" for _, text in words or [])
    return f"<li><b>{escape(name)}</b> {verb} {datetime.fromisoformat(at):%m-%d %H:%M}{said}</li>"
