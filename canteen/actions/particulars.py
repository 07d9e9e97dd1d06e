"""证照和人员: the verb that opens the case of one term; the clock does it when the term has begun."""

from typing import Any

from canteen.flow.particulars import PARTICULARS
from canteen.queries import canteens_of
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.publications.duties import open_duty


def open_particulars(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes the public for this term. None by the clock where it runs no canteen; refused when open already."""
    if is_clock(by) and not canteens_of(form.cleaned_data["unit"].school).exists():
        return []
    return open_duty(PARTICULARS, form, by=by, **more)
