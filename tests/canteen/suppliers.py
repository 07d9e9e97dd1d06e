"""Suppliers to deliver in tests: with everything the law asks for, until the day that is wanted."""

from datetime import date

from stdnum.cn import uscc

from canteen.actions import add_supplier, take_in_certificate
from canteen.models import Supplier
from canteen.queries.suppliers import NEEDED
from portal.orgs.models import Unit

LONG = date(2029, 12, 31)


def code_of(number: int) -> str:
    """A unified social credit code that holds, another for each number."""
    body = f"91510600{number:09d}"
    return body + uscc.calc_check_digit(body)


def supplier_at(school: Unit, name: str = "青禾粮油公司", *, until: date | None = LONG) -> Supplier:
    """A supplier of the school with licence and permit until this day."""
    one = add_supplier(school=school, name=name, uscc=code_of(Supplier.objects.count() + 1), by="clock")
    for kind in NEEDED:
        take_in_certificate(one, kind=kind, number=f"{kind}-1", until=until, by="clock")
    return one
