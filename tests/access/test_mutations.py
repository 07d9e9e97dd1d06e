"""Take any one policy or gate away, and the table turns red: for each, the slice of the table that guards it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest

from portal.cases import access, ladders, photos, queries
from portal.cases.api import listing
from portal.cases.models import case as case_models
from portal.cases.models.case import CaseQuerySet
from portal.errors import NotAllowed
from portal.evidence import gates
from portal.evidence import who as evidence_who
from portal.hall import desk, unit
from portal.hall.account import me
from portal.hall.settings import absences, reach
from portal.hall.settings import routines as settings_routines
from portal.hall.stickers import reach as stickers_reach
from portal.notices import actions as notices_actions
from portal.notices import api as notices_api
from portal.notices import queries as notices_queries
from portal.orgs import access as orgs_access
from portal.orgs import roles as orgs_roles
from portal.orgs import rules, tokens
from portal.orgs.models import Unit, User
from portal.orgs.policies import POLICIES, Policy, policies_of, routes
from repairs.queries import assets
from repairs.rules import assets as assets_rules

from .asking import wrong
from .events import told
from .lists import LISTS, wrong_lists
from .mutants import answering, rewritten
from .table import Cell, cells
from .test_coverage import route_of
from .world import World

pytestmark = pytest.mark.django_db
REFUSED = "登码密拒"
IN_USE = {code for _, view in routes() for code in policies_of(view).values()}
GUARDED: dict[tuple[str, str], str] = {
    (route.replace("^", ""), verb): code for route, view in routes() for verb, code in policies_of(view).items()
}
Mutant = Callable[[], AbstractContextManager[None]]
Reds = Callable[[World], Iterator[str]]


DOORS = (
    "pages", "programs", "settings", "figures", "publications", "outbound", "grid", "rounds", "months", "surveys",
    "canteen", "menus", "buying", "deliveries", "inquiries", "accounts", "duties", "kitchen", "questions", "ratings",
)  # fmt: skip


@cache
def guarded() -> dict[str, list[Cell]]:
    """The cells of doors, by the policy that guards each."""
    found: dict[str, list[Cell]] = {}
    for cell in cells(*DOORS):
        code = GUARDED.get((route_of(cell.address), cell.verb))
        if code is not None:
            found.setdefault(code, []).append(cell)
    return found


def behind(code: str) -> list[Cell]:
    """The cells of doors this policy guards."""
    return guarded().get(code, [])


def test_every_policy_guards_a_door() -> None:
    assert {code for code in IN_USE if not behind(code)} == set()


@pytest.mark.parametrize("code", sorted(IN_USE - {"public"}))
def test_a_policy_that_lets_everybody_in_is_noticed(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(POLICIES, code, Policy(code, "mutant", lambda request: None))
    assert any(wrong(world, (cell for cell in behind(code) if cell.expected in REFUSED)))


@pytest.mark.parametrize("code", sorted(IN_USE))
def test_a_policy_that_lets_nobody_in_is_noticed(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(request: HttpRequest) -> None:
        raise NotAllowed("今天不开门。")

    monkeypatch.setitem(POLICIES, code, Policy(code, "mutant", nobody))
    assert any(wrong(world, (cell for cell in behind(code) if cell.expected == "可")))


def slice_of(file: str, *, people: str, columns: str = "", address: str = "") -> Reds:
    """The cells of a file for some people, in some columns, at addresses that contain this."""

    def reds(world: World) -> Iterator[str]:
        named, wanted = people.split(), columns.split()
        found = [cell for cell in cells(file) if cell.person in named and address in cell.address]
        found = [cell for cell in found if not wanted or cell.column in wanted]
        assert found, "the slice is empty"
        yield from wrong(world, found)

    return reds


def lists(address: str, person: str) -> Reds:
    """One list of one person."""

    def reds(world: World) -> Iterator[str]:
        asked = [grid for grid in LISTS if any(row.address == address for row in grid.rows)]
        assert asked, "no such list"
        yield from wrong_lists(world, [person], asked)

    return reds


def events(name: str, *, people: str, columns: str) -> Reds:
    """Who is told of one event."""

    def reds(world: World) -> Iterator[str]:
        found = [one for one in cells("told") if one.address == name and one.person in people.split()]
        found = [one for one in found if one.column in columns.split()]
        assert found, "the slice is empty"
        yield from (str(cell) for cell in found if told(world, cell) != cell.expected)

    return reds


# what is taken away: how, and which slice must turn red
GATES: dict[str, tuple[Mutant, Reds]] = {
    "lists hold what is visible": (
        lambda: answering(CaseQuerySet.visible_to, lambda self, user: self),
        lists("/desk/?tab=done", "教师"),
    ),
    "a case is shown to those who see it": (
        lambda: answering(access.sees, lambda by, case: True),
        slice_of("reading", people="教师", columns="本校"),
    ),
    "a case is found by those who see it": (
        lambda: rewritten(queries.find, ("refuse_stranger(by, case)", "pass")),
        slice_of("reading", people="教师", columns="本校"),
    ),
    "roles list their own places": (
        lambda: answering(case_models.governed_by, lambda user: Q(pk__isnull=False)),
        lists("/desk/?tab=governed", "校长"),
    ),
    "roles list no closed circle": (
        lambda: rewritten(case_models.governed_by, (' & Q(circle__in=["", *circles])', "")),
        lists("/desk/?tab=governed", "校长"),
    ),
    "roles read their own places": (
        lambda: answering(access.reads, lambda by, case: True),
        slice_of("reading", people="校长", columns="外校"),
    ),
    "roles read no closed circle": (
        lambda: rewritten(access.reads, ('and case.circle in ("", *circles)', "")),
        slice_of("reading", people="校长", columns="圈内"),
    ),
    "governors nudge": (
        lambda: answering(access._governs, lambda by, case, ask: True),
        slice_of("steps", people="教师", columns="自己发起", address="nudge"),
    ),
    "lists leave out what one is barred from": (
        lambda: answering(CaseQuerySet.not_barring, lambda self, user: self),
        lists("/desk/?tab=governed", "校长"),
    ),
    "the barred are barred": (
        lambda: rewritten(access.sees, ("if CaseParty.BARRED in parts:", "if False:")),
        slice_of("reading", people="校长", columns="须回避"),
    ),
    "photos are shown to those who see the case": (
        lambda: answering(access.sees, lambda by, case: True),
        slice_of("reading", people="教师", columns="本校", address="/evidence/"),
    ),
    "photos ask their case": (
        lambda: answering(photos.may_view, lambda by, address: True),
        slice_of("reading", people="教师", columns="外校", address="/evidence/"),
    ),
    "a photo is covered by who deals with it": (
        lambda: answering(access.covers, lambda by, case, *, own, ask=False: True),
        slice_of("reading", people="资产管理员", columns="本校", address="/cover"),
    ),
    "one's own photos alone are one's own": (
        lambda: answering(evidence_who.is_own, lambda by, *, uploader, receipt: True),
        slice_of("reading", people="资产管理员", columns="本校", address="/cover"),
    ),
    "what lies beneath is for the desk and the heads": (
        lambda: answering(access.uncovers, lambda by, case, *, ask=False: True),
        slice_of("reading", people="维修员", columns="派给自己", address="/original"),
    ),
    "photos have a gate": (
        lambda: answering(gates._admits, lambda piece, by: True),
        slice_of("own", people="教师", columns="同校的", address="{upload}"),
    ),
    "a step is taken by its role": (
        lambda: answering(access.takes, lambda by, step, case, *, ask=False: True),
        slice_of("steps", people="校长", columns="本校", address="accept"),
    ),
    "the wrong role is refused on pages": (
        lambda: answering(access.refuse_wrong_role, lambda by, step, case: None),
        slice_of("steps", people="校长", columns="本校", address="accept"),
    ),
    "the wrong role is refused to programs": (
        lambda: answering(access.refuse_wrong_role, lambda by, step, case: None),
        slice_of("steps_of_programs", people="校长", columns="本校", address="accept"),
    ),
    "a role is held at the place of the case": (
        lambda: rewritten(orgs_access.may, (", content_object__path__in=prefixes(path)", "")),
        slice_of("steps_of_programs", people="报修调度", columns="外校且关注", address="accept"),
    ),
    "no role counts in a circle it does not belong to": (
        lambda: answering(orgs_roles.counts_in, lambda role, circle: True),
        slice_of("steps", people="报修调度", columns="圈内且自己发起", address="accept"),
    ),
    "work waits for whose turn it is": (
        lambda: answering(access.waiting_for, lambda user: Q(is_open=True)),
        lists("/desk/?tab=waiting", "教师"),
    ),
    "what one opened leaves out what one is barred from": (
        lambda: rewritten(queries.opened, ("return rows.not_barring(user)", "return rows")),
        lists("/desk/?tab=opened", "教师"),
    ),
    "what one has done is what one may still see": (
        lambda: rewritten(queries.done, (".visible_to(user)", "")),
        lists("/desk/?tab=done", "教师"),
    ),
    "programs list what one governs": (
        lambda: rewritten(listing._ways, ("narrow(cases.governed_by(user))", "narrow(cases.all())")),
        lists("/api/v1/repairs/tickets", "教师"),
    ),
    "programs list nothing one is barred from": (
        lambda: rewritten(
            listing._ways, ("narrow(cases.filter(mine).not_barring(user))", "narrow(cases.filter(mine))")
        ),
        lists("/api/v1/repairs/tickets", "教师"),
    ),
    "what rose to somebody is still theirs to see": (
        lambda: rewritten(desk.risen, (".visible_to(user)", "")),
        slice_of("single", people="教师", columns="上报到我"),
    ),
    "the barred are not told": (
        lambda: rewritten(ladders.Whom._present, (" if (case.pk, one) not in self._barred", "")),
        events("补充说明", people="报修调度", columns="须回避"),
    ),
    "a circle's cases are told to the circle": (
        lambda: answering(orgs_roles.counts_in, lambda role, circle: True),
        events("补充说明", people="报修调度", columns="圈内"),
    ),
    "a notice is opened by whom it is for": (
        lambda: rewritten(notices_queries.own, ("to=user, ", "")),
        slice_of("own", people="教师", columns="同校的", address="{notice}"),
    ),
    "the inbox is one's own": (
        lambda: rewritten(notices_queries.inbox, ("Notice.objects.filter(to=user)", "Notice.objects.all()")),
        slice_of("own", people="教师", columns="同校的", address="/inbox/?show=all"),
    ),
    "a program's inbox is one's own": (
        lambda: rewritten(notices_api.Inbox.get, ("filter(to=person(self.here))", "all()")),
        slice_of("own", people="教师", columns="外校的", address="/api/v1/inbox"),
    ),
    "letters belong to the admin of their reader": (
        lambda: rewritten(notices_queries.overseen, ("Delivery.objects.filter(seen)", "Delivery.objects.all()")),
        slice_of("own", people="系统管理员", columns="外校的", address="{letter}"),
    ),
    "an absence is ended by who is away": (
        lambda: rewritten(me.absence_end, (", person=person(request)", "")),
        slice_of("own", people="教师", columns="同校的", address="{absence}"),
    ),
    "a token is revoked by its owner": (
        lambda: rewritten(tokens.revoke, ("filter(pk=token_id, person=person)", "filter(pk=token_id)")),
        slice_of("own", people="教师", columns="同校的", address="{token}"),
    ),
    "a device is forgotten by its owner": (
        lambda: rewritten(me.device_forget, (", person=person(request)", "")),
        slice_of("own", people="教师", columns="同校的", address="{device}"),
    ),
    "reports are made at one's own places": (
        lambda: answering(orgs_access.places_for, lambda user: Unit.objects.all()),
        slice_of("places", people="教师", columns="外校的"),
    ),
    "a unit's page is for those who belong there": (
        lambda: rewritten(
            unit.found,
            (
                "place is None or not any(place.is_under(path) for path in {*report_scope(user), *scope(user)})",
                "place is None",
            ),
        ),
        slice_of("settings", people="教师", columns="外校的", address="/units/{unit}/"),
    ),
    "an admin reaches their own units": (
        lambda: answering(reach.units, lambda by: Unit.objects.all().select_related("school")),
        slice_of("settings", people="系统管理员", columns="外校的", address="/settings/units/{unit}/"),
    ),
    "an admin reaches their own people": (
        lambda: answering(reach.people, lambda by, *, under=None: User.objects.select_related("home")),
        slice_of("settings", people="系统管理员", columns="外校的", address="/settings/people/{who}/"),
    ),
    "an admin reaches appointments at their own units": (
        lambda: rewritten(reach.appointments, ('filter(below(tops(by), "unit__path"))', "all()")),
        slice_of("settings", people="系统管理员", columns="外校的", address="{post}/relieve/"),
    ),
    "an admin ends absences of their own people": (
        lambda: rewritten(absences.end, ('reach.below(reach.tops(by), "person__home__path"), ', "")),
        slice_of("settings", people="局管理员", columns="没有单位的", address="{away}"),
    ),
    "an account is in the hands of who manages all its places": (
        lambda: answering(rules.admin_of_person, lambda person, by: None),
        slice_of("settings", people="系统管理员", columns="本校的兼外校的岗", address="{who}/reset/"),
    ),
    "stickers are kept by the roles that keep them": (
        lambda: answering(orgs_roles.keepers, lambda what: ("admin", "teacher")),
        slice_of("pages", people="教师", columns="GET", address="/stickers/"),
    ),
    "stickers are kept at one's own places": (
        lambda: rewritten(stickers_reach.units, (".filter(tree)", "")),
        slice_of("pages", people="总务主任", columns="外校的", address="/stickers/?in={unit}"),
    ),
    "stickers chosen one by one are of one's own places": (
        lambda: rewritten(stickers_reach.units, (".filter(tree)", "")),
        slice_of("pages", people="总务主任", columns="外校的", address="/stickers/sheet/?code={sticker}"),
    ),
    "the register is read in one's own places": (
        lambda: rewritten(assets.assets_of, ("filter(tree)", "all()")),
        slice_of("pages", people="资产管理员", columns="外校的", address="/repairs/assets/{asset}/"),
    ),
    "the register is counted by those who keep it": (
        lambda: answering(assets_rules.keeps_register, lambda by, unit: None),
        slice_of("programs", people="教师", columns="POST", address="/api/v1/repairs/stocktakes"),
    ),
    "recurring cases are set at one's own units": (
        lambda: rewritten(settings_routines._asked, ("below(_tops(by)), ", "")),
        slice_of("settings", people="校长", columns="外校的", address="/settings/routines/?unit={school}"),
    ),
    "the nation's days are kept by a bureau": (
        lambda: rewritten(reach.nation_asked, ("not bureaus or ", "")),
        slice_of("settings", people="系统管理员", address="/settings/calendar/national/?year=2027"),
    ),
    "notices are marked as read by whom they are for": (
        lambda: rewritten(notices_actions.mark_read, ("filter(to=by, read_at=None)", "filter(read_at=None)")),
        lambda world: iter(["red"] if unread_of_others_is_touched(world) else []),
    ),
}


def unread_of_others_is_touched(world: World) -> bool:
    """What `test_doors` asks of marking as read."""
    from .test_doors import test_marking_as_read_leaves_other_peoples_notices_as_they_are as question

    try:
        question(world)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_gate_taken_away_turns_the_table_red(world: World, gate: str) -> None:
    mutant, reds = GATES[gate]
    assert list(reds(world)) == []  # and without the mutant this slice is green
    with mutant():
        assert any(reds(world))


def test_a_mutant_leaves_nothing_behind() -> None:
    with answering(access.sees, lambda by, case: True):
        assert access.sees(AnonymousUser(), None) is True  # type: ignore[arg-type]
    assert access.sees(AnonymousUser(), None) is False  # type: ignore[arg-type]
