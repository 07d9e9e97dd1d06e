"""Certificates that end: the clock opens a case for each, and a new certificate closes it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from canteen.flow.renewals import RENEWALS
from canteen.models import Certificate, Renewal
from canteen.queries.renewals import ending
from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed
from portal.orgs.models import User

from .suppliers import take_in_certificate

MOST = 200  # cases opened for one school on one day


@transaction.atomic
def open_renewals(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Opens a case for each certificate of the school that ends within a month. Only the clock does."""
    if not is_clock(by):
        raise NotAllowed("证件到期由系统提醒。", who="系统", instead="要登记新证件，请到供应商页。")
    school = form.cleaned_data["unit"].school
    return [_open(one, school, form) for one in ending(school, clock.today())[:MOST]]


def _open(one: Certificate, school: Any, form: StepForm) -> Case:
    title = f"{one.supplier.name}的{one.get_kind_display()} {one.until:%Y-%m-%d} 到期"
    return open_case(RENEWALS, unit=school, title=title, by="clock", form=form, columns={"certificate": one})


def take_in_renewal(
    case: Renewal, *, by: User, at: datetime, number: str, until: date | None, **_: Any
) -> dict[str, Any]:
    """Effect of the renewal: the new certificate of the same kind, whose photos are the case's."""
    old = case.certificate
    made = take_in_certificate(old.supplier, kind=old.kind, number=number, until=until, by=by, case=case)
    return {"certificate": made}
