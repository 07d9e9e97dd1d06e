"""Whom a rule proposes for a ticket: of its team those who are here today, the one with the fewest jobs in hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from portal import clock
from portal.cases.deadlines import nearest_first
from portal.cases.flow import ASSIGNEE
from portal.cases.models import Case
from portal.orgs.access import holders, tops
from portal.orgs.models import Absence, Post, Unit, UnitKind, User, prefixes
from repairs.models import DispatchRule, Ticket

HANDS = ("technician", "contractor")
PLACES = (UnitKind.SCHOOL, UnitKind.CAMPUS, UnitKind.BUILDING, UnitKind.OUTDOOR)


@dataclass(frozen=True)
class Proposal:
    """Who should go, by which rule, and why: `present` of the team are here today, `load` jobs are in this one's hands."""

    person: User
    rule: DispatchRule
    present: int
    load: int

    @property
    def words(self) -> str:
        """The reason, for the desk."""
        return f"按派工规则建议 {self.person.name}：今天在岗 {self.present} 人，手上 {self.load} 件，最少。"


def rule_for(case: Case) -> DispatchRule | None:
    """The rule that holds for this ticket: the nearest place's, its kind before all kinds; none where it names nobody."""
    rows = DispatchRule.objects.filter(Q(topic="") | Q(topic=case.topic), unit__path__in=prefixes(case.unit_path))
    found = nearest_first(rows.select_related("unit"))
    return found[0] if found and found[0].people else None


def proposal_for(case: Case) -> Proposal | None:
    """Whom the rule proposes; nobody without a rule, or when its whole team is away."""
    rule = rule_for(case)
    if rule is None:
        return None
    today = clock.today()
    away = Absence.objects.filter(since__lte=today, until__gte=today).values("person")
    team = holders(HANDS, case.unit_path).filter(pk__in=rule.people).exclude(pk__in=away)
    present = {person.pk: person for person in team}
    if not present:
        return None
    in_hand = Ticket.objects.filter(is_open=True, turn=ASSIGNEE, assignee__in=present)
    loads = dict(in_hand.order_by().values_list("assignee").annotate(Count("pk")))
    first = min(present, key=lambda pk: (loads.get(pk, 0), rule.people.index(pk)))
    return Proposal(present[first], rule, len(present), loads.get(first, 0))


def dispatched_by_rule(case: Case) -> tuple[str, dict[str, Any]] | None:
    """The step the clock takes after a ticket was accepted, where the rule says so."""
    found = proposal_for(case)
    if found is None or not found.rule.by_itself:
        return None
    said = {"assignee": found.person.pk, "rule": found.rule.pk, "present": found.present, "load": found.load}
    return "assign_by_rule", said


def rules_at(paths: Iterable[str]) -> list[DispatchRule]:
    """The newest version of every rule at or below these places, in the order of the tree; at most 200."""
    below = Q(pk__in=[])
    for path in tops(paths):
        below |= Q(unit__path__startswith=path)
    newest = DispatchRule.objects.filter(below).order_by("unit", "topic", "-version").distinct("unit", "topic")
    rows = DispatchRule.objects.filter(pk__in=newest.values("pk")).select_related("unit__school", "made_by")
    return list(rows.order_by("unit__path", "topic")[:200])


def rule_places(paths: Iterable[str]) -> Any:
    """Places a rule can be made for: schools, campuses, buildings and grounds, never single rooms."""
    below = Q(pk__in=[])
    for path in tops(paths):
        below |= Q(path__startswith=path)
    return Unit.objects.open().filter(below, kind__in=PLACES, school__isnull=False).select_related("school")


def hands_at(paths: Iterable[str]) -> Any:
    """Technicians and contractors of these places: posts at, above or below them."""
    there = Q(pk__in=[])
    for path in tops(paths):
        there |= Q(content_object__path__startswith=path) | Q(content_object__path__in=prefixes(path))
    posts = Post.objects.filter(there, permission__codename__in=HANDS)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")
