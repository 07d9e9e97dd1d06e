"""Questions about certificates that end soon, and the cases in which they are renewed."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from canteen.models import Certificate, Renewal
from canteen.queries.suppliers import AHEAD
from portal.orgs.models import Unit
from portal.templatetags.sunlit import full_day


def ending(schools: Sequence[Unit], day: date) -> QuerySet[Certificate]:
    """Certificates of these schools' suppliers that end within a month of a day, no newer one of their kind lasts longer, and
    no case is open for."""
    later = (
        Certificate.objects.standing()
        .filter(supplier=OuterRef("supplier"), kind=OuterRef("kind"))
        .filter(Q(until=None) | Q(until__gt=OuterRef("until")))
    )
    rows = Certificate.objects.standing().filter(supplier__school__in=schools, supplier__banned_on=None, renewal=None)
    return rows.filter(~Exists(later), until__lte=day + AHEAD).select_related("supplier").order_by("until", "pk")


def with_certificate(rows: QuerySet[Renewal]) -> QuerySet[Renewal]:
    """Renewals with what they are about, in the question that finds them."""
    return rows.select_related("certificate__supplier")


def facts_of(case: Renewal) -> list[tuple[str, str]]:
    """What the page says: whose paper, which, until when."""
    paper = case.certificate
    facts = [("供应商", paper.supplier.name), ("证件", paper.get_kind_display()), ("编号", paper.number)]
    return [*facts, ("有效期至", full_day(paper.until) if paper.until else "长期")]


def papers_of(case: Renewal) -> list[tuple[str, str]]:
    """The supplier's own page."""
    return [("看这家供应商", f"/canteen/suppliers/{case.certificate.supplier_id}/")]
