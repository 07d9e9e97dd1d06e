"""安全月报: the verb that opens the case of one month; the clock does it on the first of the month."""

from typing import Any

from portal.cases.actors import Actor
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.publications.duties import open_duty
from safety_grid.flow.months import MONTHS


def open_safetymonth(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens what a school owes its staff for one month. Refused for a month that is open already."""
    return open_duty(MONTHS, form, by=by, **more)
