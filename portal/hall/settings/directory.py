"""People as an admin looks them up: by name, username or phone, page by page, with the posts they hold here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from portal import clock
from portal.cases.models import Case
from portal.orgs import second_factor
from portal.orgs.models import Absence, Appointment, Unit, User
from portal.orgs.roles import roles, title

from . import reach
from .frame import PAGE, paged

PAST = 5  # ended posts shown on a person's page


@dataclass(frozen=True)
class PersonRow:
    """One person in a list, with the posts held at the admin's units."""

    person: User
    posts: str


@dataclass(frozen=True)
class Account:
    """What is known of an account beside its person."""

    last_seen: object
    bound: bool


def looked_up(
    by: User, *, under: Unit | None, words: str, left: bool, after: str
) -> tuple[list[PersonRow], User | None]:
    """One page of people in the order of their names; the last one when there are more. Two queries, three later on."""
    rows = reach.people(by, under=under).filter(is_active=not left)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(username__istartswith=words) | Q(phone__startswith=words))
    mark = rows.filter(pk=reach.number(after)).first() if after else None
    if mark is not None:
        rows = rows.filter(Q(name__gt=mark.name) | Q(name=mark.name, pk__gt=mark.pk))
    shown, last = paged(list(rows.order_by("name", "pk")[: PAGE + 1]))
    held = _posts(by, shown)
    return [PersonRow(one, held.get(one.pk, "")) for one in shown], last


def posts(
    by: User, *, under: Unit | None, role: str, words: str, after: str
) -> tuple[list[tuple[Appointment, str]], Appointment | None]:
    """One page of appointments that last or are to come, the latest first, by unit, role and person. One query."""
    rows = reach.appointments(by).filter(reach.lasting(clock.today()))
    rows = rows.filter(unit__path__startswith=under.path) if under else rows
    rows = rows.filter(role=role) if role in roles() else rows
    rows = rows.filter(pk__lt=reach.number(after)) if reach.number(after) else rows
    if words:
        rows = rows.filter(Q(person__name__icontains=words) | Q(person__username__istartswith=words))
    shown, last = paged(rows.order_by("-pk")[: PAGE + 1])
    return [(one, title(one.role)) for one in shown], last


def posts_at(by: User, one: User) -> tuple[list[tuple[Appointment, str]], list[tuple[Appointment, str]]]:
    """The person's posts at the admin's units: those that last or are to come, and the latest that ended."""
    today = clock.today()
    rows = list(reach.appointments(by).filter(person=one).order_by("-since", "-pk")[:60])
    named = [(row, title(row.role)) for row in rows]
    live = [pair for pair in named if pair[0].until is None or pair[0].until >= today]
    return live, [pair for pair in named if pair not in live][:PAST]


def absences_of(one: User) -> list[Absence]:
    """Absences of the person that last or are to come."""
    rows = Absence.objects.filter(person=one, until__gte=clock.today()).select_related("person", "substitute")
    return list(rows.order_by("since", "pk"))


def account_of(one: User) -> Account:
    """When the person was last seen, and whether an authenticator is bound."""
    return Account(one.devices.aggregate(last=Max("last_at"))["last"], second_factor.enrolled(one))


def following_leave(by: User, one: User) -> list[str]:
    """What happens when the person leaves, in sentences."""
    live, _ = posts_at(by, one)
    names = "、".join(f"{row.unit.name} {post}" for row, post in live)
    mine = Case.objects.filter(is_open=True)
    assigned, opened = mine.filter(assignee=one).count(), mine.filter(opener=one).count()
    stands_in = Absence.objects.filter(substitute=one, until__gte=clock.today()).select_related("person")
    lines = [f"立即免去全部任职：{names}。" if names else "没有任职要免去。"]
    if assigned:
        lines.append(f"正在办的 {assigned} 件事通知派工的人改派。")
    if opened:
        lines.append(f"发起的 {opened} 件事由学校的校长、副校长代为验收。")
    lines += [f"代理 {row.person.name} 的工作要另请人。" for row in stands_in]
    return [*lines, "所有设备退出登录，程序令牌作废，账号不能再登录。", "办过的事和记录都保留。"]


def _posts(by: User, people: Iterable[User]) -> dict[int, str]:
    rows = reach.appointments(by).filter(reach.lasting(clock.today()), person__in=list(people)).order_by("pk")
    held: dict[int, list[str]] = {}
    for row in rows:
        held.setdefault(row.person_id, []).append(title(row.role))
    return {pk: "、".join(dict.fromkeys(names)) for pk, names in held.items()}
