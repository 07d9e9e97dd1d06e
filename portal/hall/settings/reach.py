"""What an admin reaches: the unit they are appointed at and everything below; anything outside is not there.

The one check of this room: reading goes by what the page already knows of the admin, a write asks the database again.
"""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from portal import clock
from portal.errors import NotAllowed, NotThere
from portal.orgs import rules
from portal.orgs.access import holds, may, scope
from portal.orgs.models import STEP, Appointment, Unit, User
from portal.orgs.policies import person

LONGEST_ID = 18  # digits; longer ones fit no column


def tops(by: User) -> list[str]:
    """The tops of the trees this admin manages."""
    return scope(by, "admin")


def manages_nation(by: User) -> bool:
    """Whether the admin is one of a whole bureau, who keep what holds for everybody."""
    return any(len(path) == STEP for path in tops(by))


def below(paths: list[str], column: str = "path") -> Q:
    """Rows whose place lies in one of these trees."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{column}__startswith": path})
    return found


def units(by: User) -> QuerySet[Unit]:
    """The units this admin manages."""
    return Unit.objects.filter(below(tops(by))).select_related("school")


def people(by: User, *, under: Unit | None = None) -> QuerySet[User]:
    """People of these units (or of one of them), by home or by a post that lasts or is to come.

    A bureau's admin also has those of no unit.
    """
    paths = [under.path] if under else tops(by)
    posts = Appointment.objects.filter(lasting(clock.today()), below(paths, "unit__path"), person=OuterRef("pk"))
    seen = below(paths, "home__path") | Q(Exists(posts))
    seen = seen | Q(home=None) if manages_nation(by) and not under else seen
    return User.objects.filter(seen).select_related("home")


def count_of(**which: object) -> Count:
    """A count of rows, all or those that are so, as part of a larger question."""
    return Count("pk", filter=Q(**which)) if which else Count("pk")


def lasting(day: date) -> Q:
    """Rows with `until` that are not over on this day, those to come included."""
    return Q(until=None) | Q(until__gte=day)


def sure(by: User, unit: Unit) -> Unit:
    """The unit, asked again for a write; not there when the admin does not manage it by now."""
    if not may(by, "admin", unit.path):
        raise NotThere
    return unit


def unit_at(request: HttpRequest, pk: int | str) -> Unit:
    """The unit of an address, for reading and for writing."""
    by = person(request)
    unit = units(by).filter(pk=number(pk)).first()
    if unit is None:
        raise NotThere
    return sure(by, unit) if request.method == "POST" else unit


def unit_asked(request: HttpRequest) -> Unit:
    """The unit `?unit=` names, else the first this admin manages."""
    asked = request.POST.get("unit") or request.GET.get("unit")
    if asked:
        return unit_at(request, asked)
    by = person(request)
    first = Unit.objects.filter(path__in=tops(by)).select_related("school").first()
    if first is None:
        raise NotThere
    return sure(by, first) if request.method == "POST" else first


def nation_asked(request: HttpRequest) -> User:
    """The admin of a whole bureau, for what holds in the whole country; refused for those of a school."""
    by = person(request)
    bureaus = [path for path in tops(by) if len(path) == STEP]
    if not bureaus or (request.method == "POST" and not any(may(by, "admin", path) for path in bureaus)):
        raise NotAllowed("全国的放假安排由教育局的系统管理员导入。", who="教育局的系统管理员")
    return by


def person_at(request: HttpRequest, pk: int | str) -> User:
    """Somebody of the admin's units; their account is written only by who manages all they belong to."""
    by = person(request)
    one = people(by).filter(pk=number(pk)).first()
    if one is None:
        raise NotThere
    if request.method == "POST":
        rules.admin_of_person(one, by)
    return one


def member_at(request: HttpRequest, pk: int | str) -> User:
    """Somebody who belongs to one of the admin's units, whatever posts they hold elsewhere."""
    one = people(person(request)).filter(below(tops(person(request)), "home__path"), pk=number(pk)).first()
    if one is None or one.home is None:
        raise NotThere
    if request.method == "POST":
        sure(person(request), one.home)
    return one


def keeps(by: User, one: User) -> bool:
    """Whether this admin manages everything the person belongs to, and so the account; for buttons, never for a write."""
    return all(holds(by, "admin", path) for path in rules.places_of(one))


def appointments(by: User) -> QuerySet[Appointment]:
    """Appointments at the admin's units."""
    return Appointment.objects.filter(below(tops(by), "unit__path")).select_related("person", "unit__school")


def appointment_at(request: HttpRequest, pk: int) -> Appointment:
    """An appointment at one of the admin's units."""
    by = person(request)
    one = appointments(by).filter(pk=pk).first()
    if one is None:
        raise NotThere
    if request.method == "POST":
        sure(by, one.unit)
    return one


def not_yourself(by: User, one: User, sentence: str) -> None:
    """Nobody shuts themselves out: another admin does it."""
    if by.pk == one.pk:
        raise NotAllowed(sentence, who="本单位的另一位系统管理员，或上级单位的系统管理员")


def number(text: int | str) -> int:
    """An id as typed into an address; what is none fits no row."""
    plain = str(text)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_ID else 0
