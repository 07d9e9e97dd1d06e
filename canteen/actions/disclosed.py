"""供应商和询价, 陪餐记录: the verbs that open the case of one month or week; the clock does it on the morning it is published."""

from typing import Any

from canteen.flow.disclosed import MEALS, SUPPLIES
from canteen.queries.places import canteens_in
from portal import clock
from portal.cases.actors import Actor, is_clock
from portal.cases.flow import Flow
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.publications.duties import open_duty
from portal.publications.kinds import kind_of
from portal.publications.periods import opened_on


def open_supplies(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes the public for one month. None by the clock where no canteen was run in it."""
    return _open(SUPPLIES, form, by, more)


def open_meals(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes the public for one week. None by the clock where no canteen was run in it."""
    return _open(MEALS, form, by, more)


def _open(flow: Flow, form: StepForm, by: Actor, more: dict[str, Any]) -> Case | list[Case]:
    kind = kind_of(flow.kind)
    period = opened_on(kind.every, clock.today(), kind.opens)
    ran = canteens_in(form.cleaned_data["unit"].school, period.since)
    if is_clock(by) and not any(one.opened_on <= period.until for one in ran):
        return []
    return open_duty(flow, form, by=by, **more)
