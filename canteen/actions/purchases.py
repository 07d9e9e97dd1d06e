"""食材采购明细: the verb that opens the case of one week; the clock does it on Monday for the week before."""

from typing import Any

from canteen.flow.purchases import PURCHASES
from canteen.queries import canteens_of
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.publications.duties import open_duty


def open_purchases(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes the public for one week; none by the clock where it runs no canteen. Refused for a week
    that is open already."""
    if is_clock(by) and not canteens_of(form.cleaned_data["unit"].school).exists():
        return []
    return open_duty(PURCHASES, form, by=by, **more)
