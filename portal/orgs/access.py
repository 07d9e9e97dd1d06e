"""Who may what, where: `may()` in one query, and what a person holds, for lists that show only what they may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from portal import clock

from .models import Absence, Enrolment, Guardianship, Post, Unit, User, held_on, prefixes
from .roles import roles


@dataclass(frozen=True)
class Holding:
    """One role at one place, held by the person or by somebody they stand in for (`via`)."""

    role: str
    path: str
    unit_id: int
    via: int | None = None


def with_holdings(people: QuerySet[User]) -> QuerySet[User]:
    """People with the roles they hold today, their own and by standing in, and the moment, in the same question."""
    away = Absence.objects.filter(
        substitute=OuterRef(OuterRef("pk")), since__lte=clock.database_today(), until__gte=clock.database_today()
    )
    mine = Q(user=OuterRef("pk")) | Q(user__in=away.values("person"), user__is_active=True)
    posts = Post.objects.filter(mine).order_by("id")
    row = JSONObject(role="permission__codename", path="content_object__path", unit="content_object_id", who="user_id")
    return people.annotate(held_posts=ArraySubquery(posts.values(row=row)), moment=clock.database_now())


def keep_holdings(user: User) -> User:
    """Takes over what `with_holdings` brought along."""
    clock.remember(user.moment)  # type: ignore[attr-defined]
    user._holdings = tuple(  # type: ignore[attr-defined]
        Holding(row["role"], row["path"], row["unit"], None if row["who"] == user.pk else row["who"])
        for row in user.held_posts  # type: ignore[attr-defined]
    )
    return user


def standing_in(user: User) -> QuerySet[Absence]:
    """Today's absences in which this person is the substitute."""
    today = clock.today()
    return Absence.objects.filter(substitute=user, since__lte=today, until__gte=today)


def may(user: User, role: str | Iterable[str], path: str) -> bool:
    """Whether the person holds one of these roles at the unit or above, themselves or for somebody away. One query."""
    if not user.is_active:
        return False
    codes = [role] if isinstance(role, str) else list(role)
    mine = Q(user=user) | Q(user__in=standing_in(user).values("person"), user__is_active=True)
    held = Post.objects.filter(mine, permission__codename__in=codes, content_object__path__in=prefixes(path))
    return held.exists()


def holdings(user: User) -> tuple[Holding, ...]:
    """Every role the person holds today and where; asked once per request and kept on the person."""
    known: tuple[Holding, ...] | None = getattr(user, "_holdings", None)
    if known is None:
        known = _ask_holdings(user) if user.is_active else ()
        user._holdings = known  # type: ignore[attr-defined]
    return known


def holds(user: User, role: str | Iterable[str], path: str) -> bool:
    """As `may`, from what was asked once for this page: for buttons and menus, never for a write."""
    codes = {role} if isinstance(role, str) else set(role)
    return any(one.role in codes and path.startswith(one.path) for one in holdings(user))


def holds_anywhere(user: User, *codes: str) -> bool:
    """Whether the person holds one of these roles at all: for menus."""
    return any(one.role in codes for one in holdings(user))


def tops(paths: Iterable[str]) -> list[str]:
    """The shortest paths that cover all of them, without the ones below another."""
    top: list[str] = []
    for path in sorted(set(paths)):
        if not top or not path.startswith(top[-1]):
            top.append(path)
    return top


def scope(user: User, *codes: str) -> list[str]:
    """The tops of the trees where the person holds one of these roles (any role when none is named)."""
    return tops(one.path for one in holdings(user) if not codes or one.role in codes)


def reading(user: User) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """What the person reads by role, `(kinds, circles) -> tops of trees`; roles that read only their own give none."""
    known = roles()
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in holdings(user):
        role = known.get(one.role)
        for kind in role.reads if role else ():
            found.setdefault((kind, role.circles if role else ()), []).append(one.path)
    return {key: tops(paths) for key, paths in found.items()}


def holders(codes: Iterable[str], path: str) -> QuerySet[User]:
    """Active people who hold one of these roles at the unit or above it."""
    posts = Post.objects.filter(permission__codename__in=list(codes), content_object__path__in=prefixes(path))
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def colleagues(user: User) -> QuerySet[User]:
    """Staff of the same school, or of the same office above schools, who may stand in for this person."""
    home = user.home
    if home is None:
        return User.objects.none()
    same = (
        Q(home__school=home.school_id)
        if home.school_id
        else Q(home__school=None, home__path__startswith=prefixes(home.path)[0])
    )
    return User.objects.filter(same, is_active=True, student=None).exclude(pk=user.pk).order_by("name", "pk")


def children_paths(user: User) -> list[str]:
    """The classes a guardian's children are in today; nothing without custody, or after either has ended."""
    today = clock.today()
    live = Guardianship.objects.filter(held_on(today), guardian=user, custody=True)
    there = Enrolment.objects.filter(held_on(today), student__in=live.values("student"))
    return list(there.order_by("pk").values_list("school_class__path", flat=True))


def places_for(user: User) -> QuerySet[Unit]:
    """Units in which the person may report: their own schools and whatever lies below a post of theirs."""
    tree = Q(pk__in=[])
    for path in report_scope(user):
        tree |= Q(path__startswith=path)
    return Unit.objects.open().filter(tree)


def report_scope(user: User) -> list[str]:
    """The schools a person belongs to, by home, post or child, and the trees above schools where they hold a post."""
    paths = [one.path for one in holdings(user)] + children_paths(user)
    own = [user.home.path] if user.home else []
    units = Unit.objects.filter(path__in=paths + own).select_related("school").order_by()
    return tops(unit.school.path if unit.school else unit.path for unit in units)


def _ask_holdings(user: User) -> tuple[Holding, ...]:
    try:
        return holdings(keep_holdings(with_holdings(User.objects.filter(pk=user.pk)).get()))
    except User.DoesNotExist:
        return ()
