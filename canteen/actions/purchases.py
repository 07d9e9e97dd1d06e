"""食材采购明细: the verb that opens the case of one week; the clock does it on Monday for the week before."""

from typing import Any

from canteen.flow.purchases import PURCHASES
from canteen.queries.places import canteens_in
from portal import clock
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.publications.duties import open_duty
from portal.publications.periods import Every, Opened, opened_on


def open_purchases(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes the public for one week; none by the clock where it ran no canteen then. Refused for a week
    that is open already."""
    over = opened_on(Every.WEEK, clock.today(), Opened.OVER)
    if is_clock(by) and not canteens_in(form.cleaned_data["unit"].school, over.since):
        return []
    return open_duty(PURCHASES, form, by=by, **more)
