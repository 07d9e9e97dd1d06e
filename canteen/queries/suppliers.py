"""Questions about suppliers: which there are, what their papers say on a day, and how well they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from canteen.apps import READERS
from canteen.models import Certificate, CertificateKind, Contract, Supplier, SupplierRating
from portal import clock
from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import Unit, User
from portal.wire.amounts import rounded
from portal.wire.paging import Keyset, Page, page_of

NEEDED = (CertificateKind.LICENCE.value, CertificateKind.PERMIT.value)  # of every supplier (CR-14)
AHEAD = timedelta(days=30)  # so long before its last day a paper is said to end soon
FINE, SOON, ENDED, BANNED = "fine", "soon", "ended", "banned"
STATES = [(FINE, "可以供货"), (SOON, "证件快到期"), (ENDED, "证件不全或过期"), (BANNED, "已停止合作")]
MEAN = Avg((F("goods") + F("price") + F("service")) / 3.0)  # of the three marks
BY_NAME: Keyset[Supplier] = Keyset(("name", "pk"), (str, int), lambda one: (one.name, one.pk))


@dataclass(frozen=True)
class Paper:
    """One kind of certificate of a supplier as it stands on a day: the one that lasts longest, none where none was shown."""

    kind: str
    newest: Certificate | None
    day: date

    @property
    def title(self) -> str:
        """Which paper, in words."""
        return CertificateKind(self.kind).label

    @property
    def state(self) -> str:
        """Fine, soon (it ends within a month), or ended: over or never shown."""
        if self.newest is None:
            return ENDED
        until = self.newest.until
        if until is None or until > self.day + AHEAD:
            return FINE
        return SOON if until >= self.day else ENDED

    @property
    def words(self) -> str:
        """What is to be said of it."""
        if self.newest is None:
            return "没有登记"
        if self.newest.until is None:
            return "长期有效"
        left = (self.newest.until - self.day).days
        if left < 0:
            return f"已过期 {-left} 天"
        return f"{self.newest.until:%Y-%m-%d} 到期" + (f"，还有 {left} 天" if self.state == SOON else "")


def papers_of(supplier: Supplier, day: date | None = None) -> list[Paper]:
    """What a supplier owes or has ever shown, kind by kind, of one number what was shown last; reads `certificates`, brought
    along or asked now."""
    day, newest = day or clock.today(), dict[str, Certificate]()
    shown = sorted(supplier.certificates.all(), key=lambda one: one.pk)
    for one in {(one.kind, one.number): one for one in shown}.values():
        known = newest.get(one.kind)
        if known is None or _later(one, known):
            newest[one.kind] = one
    return [Paper(kind, newest.get(kind), day) for kind in CertificateKind.values if kind in newest or kind in NEEDED]


def _later(one: Certificate, known: Certificate) -> bool:
    return (one.until or date.max, one.pk) > (known.until or date.max, known.pk)


def standing(supplier: Supplier, day: date | None = None) -> str:
    """Whether a supplier is banned, lacks a paper, has one that ends soon, or is fine on that day."""
    if supplier.banned_on is not None:
        return BANNED
    states = {one.state for one in papers_of(supplier, day)}
    return ENDED if ENDED in states else SOON if SOON in states else FINE


def suppliers_of(school: Unit) -> QuerySet[Supplier]:
    """A school's suppliers with their certificates, banned ones too, by name."""
    shown = Prefetch("certificates", Certificate.objects.order_by("pk"))
    return Supplier.objects.filter(school=school).prefetch_related(shown).order_by("name", "pk")


def deliverers_of(school: Unit, day: date | None = None) -> list[Supplier]:
    """Those who may deliver to a school on that day."""
    found = suppliers_of(school).filter(banned_on=None)
    return [one for one in found if standing(one, day) in (FINE, SOON)]


def suppliers_for(user: User) -> QuerySet[Supplier]:
    """The suppliers of the schools below the person's posts."""
    there = Q(pk__in=[])
    for path in scope(user, *READERS):
        there |= Q(school__path__startswith=path)
    return Supplier.objects.filter(there)


def supplier_for(by: User, pk: int) -> Supplier:
    """The supplier, or not there for those who may not look at it."""
    shown = Prefetch("certificates", Certificate.objects.select_related("shown_by").order_by("pk"))
    one = suppliers_for(by).select_related("school").prefetch_related(shown).filter(pk=pk).first()
    if one is None:
        raise NotThere
    return one


def sees_certificate(by: object, address: str) -> bool:
    """Photos of a certificate are served to those who may see its supplier."""
    pk = address.partition(":")[2]
    found = isinstance(by, User) and pk.isdigit() and suppliers_for(by).filter(certificates=int(pk))
    return bool(found) and found.exists()  # type: ignore[union-attr]


def in_state(rows: QuerySet[Supplier], state: str, day: date) -> QuerySet[Supplier]:
    """Those of a list that stand so on a day; `standing` says the same of one."""
    if state == BANNED:
        return rows.exclude(banned_on=None)
    shown = Certificate.objects.standing().filter(supplier=OuterRef("pk"))
    living = Q(until=None) | Q(until__gte=day)
    lasting = Q(until=None) | Q(until__gt=day + AHEAD)
    rows = rows.filter(banned_on=None)
    whole, easy = Q(), Q()
    for kind in CertificateKind.values:
        mine = shown.filter(kind=kind)
        none = Q() if kind in NEEDED else ~Exists(mine)
        whole &= Exists(mine.filter(living)) | none if none else Q(Exists(mine.filter(living)))
        easy &= Exists(mine.filter(lasting)) | none if none else Q(Exists(mine.filter(lasting)))
    if state == ENDED:
        return rows.exclude(whole)
    return rows.filter(easy) if state == FINE else rows.filter(whole).exclude(easy)


def ending(school: Unit, day: date) -> tuple[int, int]:
    """How many of a school's suppliers may not deliver on a day, and how many have a paper that ends soon. One question."""
    here = Supplier.objects.filter(school=school)
    counts = {state: Count("pk", filter=Q(pk__in=in_state(here, state, day))) for state in (ENDED, SOON)}
    found = here.aggregate(**counts)
    return found[ENDED], found[SOON]


def listed(by: User, asked: dict[str, Any]) -> Page[Supplier]:
    """A page of suppliers, narrowed as asked, each with its certificates."""
    rows = suppliers_for(by)
    if asked["school"]:
        rows = rows.filter(school=asked["school"])
    if asked["q"]:
        rows = rows.filter(Q(name__icontains=asked["q"]) | Q(uscc=asked["q"].upper()) | Q(goods__icontains=asked["q"]))
    if asked["state"]:
        rows = in_state(rows, asked["state"], clock.today())
    shown = Prefetch("certificates", Certificate.objects.order_by("pk"))

    def ask(bounds: Q, back: bool, n: int) -> list[Supplier]:
        order = [f"-{name}" for name in BY_NAME.names] if back else list(BY_NAME.names)
        found = rows.filter(bounds).select_related("school").prefetch_related(shown).order_by(*order)
        return list(found[:n])

    return page_of(ask, BY_NAME, cursor=asked["cursor"], limit=asked["limit"])


@dataclass(frozen=True)
class Marks:
    """How a supplier was rated lately: the mean of the three marks (1 to 5), and by how many people's ratings."""

    mean: Decimal | None
    number: int


def marks_of(supplier: Supplier) -> Marks:
    """The mean of all that was given."""
    found = supplier.ratings.aggregate(mean=MEAN, number=Count("pk"))
    return Marks(_tenth(found["mean"]), found["number"])


def _tenth(mean: Any) -> Decimal | None:
    return rounded(Decimal(str(mean)), Decimal("0.1")) if mean is not None else None


def contracts_on(suppliers: Iterable[Supplier], day: date) -> dict[int, Contract]:
    """The contract of each supplier that holds on a day, the one that lasts longest; none where there is none. One question."""
    rows = Contract.objects.filter(supplier__in=list(suppliers), since__lte=day, until__gte=day)
    return {one.supplier_id: one for one in rows.order_by("until", "pk")}


def rated(suppliers: Iterable[Supplier], since: date, until: date) -> dict[int, Marks]:
    """How each was rated on these days, where somebody rated it; one question."""
    rows = SupplierRating.objects.filter(supplier__in=list(suppliers), at__date__range=(since, until)).order_by()
    found = rows.values("supplier").annotate(mean=MEAN, number=Count("pk"))
    return {one["supplier"]: Marks(_tenth(one["mean"]), one["number"]) for one in found}
