"""Times and branches of rounds, and what a place's check must hold."""

from decimal import ROUND_DOWN, Decimal

from portal.worktime.spans import Measure, Span
from safety_grid.models import Round, RoundSpot

GRACE = Decimal("1.25")  # the time after which a round that was not made counts as missed, of the time it should take
LEAST = Decimal("0.5")  # hours
USUAL = Decimal(2)  # hours, where no plan says them: in the settings' example


def walk_time(case: Round) -> Span:
    """The plan's hours, by the wall clock: nights count."""
    return Span(case.hours or USUAL, Measure.WALL)


def make_up_time(case: Round) -> Span:
    """A quarter longer, half an hour at least: until then it may be made up for, visibly late; then it is missed."""
    hours = case.hours or USUAL
    return Span(max(hours * GRACE, hours + LEAST).quantize(Decimal("0.01"), ROUND_DOWN), Measure.WALL)


def walker_or_nobody(case: Round) -> str:
    """Where a round begins: with its walker, or with the safety head where nobody answers for the places."""
    return "due" if case.assignee_id else "unheld"


def after_spot(case: Round) -> str:
    """The round is over with its last place."""
    return "due" if RoundSpot.objects.filter(round_id=case.pk, done_at=None).exists() else "done"
