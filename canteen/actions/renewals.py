"""Certificates that end: the clock opens a case for each, and a new certificate closes it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from canteen.flow.renewals import RENEWALS
from canteen.models import Certificate, Renewal
from canteen.queries.renewals import ending
from portal import clock
from portal.cases.actions import Wanted, open_cases
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed
from portal.ledger.actions import CLOCK
from portal.orgs.models import Unit, User

from .suppliers import take_in_certificate

MOST = 200  # cases opened for one school on one day


@transaction.atomic
def open_renewals(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Opens a case for each certificate of the school that ends within a month. Only the clock does."""
    return open_every_renewal([form], by=by)[0]


@transaction.atomic
def open_every_renewal(forms: Sequence[StepForm], *, by: Actor) -> list[list[Case]]:
    """The same for many schools on one morning: what ends is asked once for all of them."""
    if not is_clock(by):
        raise NotAllowed("证件到期由系统提醒。", who="系统", instead="要登记新证件，请到供应商页。")
    schools = [form.cleaned_data["unit"].school for form in forms]
    of: dict[int, list[Certificate]] = {}
    for one in ending(schools, clock.today()):
        of.setdefault(one.supplier.school_id, []).append(one)
    found = [
        (n, _wanted(one, school, form))
        for n, (school, form) in enumerate(zip(schools, forms, strict=True))
        for one in of.get(school.pk, [])[:MOST]
    ]
    opened: list[list[Case]] = [[] for _ in forms]
    for case, (n, _) in zip(open_cases(RENEWALS, [one for _, one in found], by=CLOCK), found, strict=True):
        opened[n].append(case)
    return opened


def _wanted(one: Certificate, school: Unit, form: StepForm) -> Wanted:
    title = f"{one.supplier.name}的{one.get_kind_display()} {one.until:%Y-%m-%d} 到期"
    return Wanted(school, title, form, columns={"certificate": one})


def take_in_renewal(
    case: Renewal, *, by: User, at: datetime, number: str, until: date | None, **_: Any
) -> dict[str, Any]:
    """Effect of the renewal: the new certificate of the same kind, whose photos are the case's."""
    old = case.certificate
    made = take_in_certificate(old.supplier, kind=old.kind, number=number, until=until, by=by, case=case)
    return {"certificate": made}
