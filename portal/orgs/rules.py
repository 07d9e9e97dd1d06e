"""What may not be done with people and places, one refusal a rule, named for what it demands."""

from datetime import date

from django.db.models import Q

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused

from .access import children_paths, may
from .models import Absence, Appointment, Post, Unit, UnitKind, User, Waiver, held_on, prefixes
from .roles import HEADS, conflicting, roles, title

INSIDE = (*(UnitKind(kind) for kind in ("campus", "building", "floor", "room", "outdoor")), UnitKind.CLASS)
ABOVE = {
    UnitKind.BUREAU: (UnitKind.BUREAU,),
    UnitKind.SECTION: (UnitKind.BUREAU, UnitKind.TOWN),
    UnitKind.TOWN: (UnitKind.BUREAU,),
    UnitKind.SCHOOL: (UnitKind.BUREAU, UnitKind.TOWN),
}
APART = "不相容岗位不能由一人兼任"
Actor = User | str  # a person, or a name of the machine's own such as "clock", which has been asked already


def overlapping(since: date, until: date | None) -> Q:
    """Rows with `since` and `until` that share a day with this span."""
    later = Q(until=None) | Q(until__gte=since)
    return later & Q(since__lte=until) if until else later


def dates_in_order(since: date, until: date | None) -> None:
    """Nothing ends before it begins."""
    if until is not None and until < since:
        raise BadInput("结束日期不能早于开始日期。", errors={"until": ["结束日期不能早于开始日期。"]})


def fits_under(kind: str, parent: Unit | None) -> None:
    """A bureau stands at the top, towns and sections below it, schools below those, places and classes in a school."""
    if parent is None:
        fits = kind == UnitKind.BUREAU
    elif kind in INSIDE:
        fits = parent.school_id is not None and parent.kind != UnitKind.CLASS
    else:
        fits = parent.kind in ABOVE[UnitKind(kind)]
    if not fits:
        where = f"“{parent.name}”（{UnitKind(parent.kind).label}）下面" if parent else "最上层"
        raise Refused(f"{where}不能放{UnitKind(kind).label}。", instead="请另选一个上级单位。")


def in_use(unit: Unit) -> None:
    """Nothing new begins at a place that is closed."""
    if unit.closed_on is not None and unit.closed_on <= clock.today():
        raise Refused(f"{unit.name}已停用。", instead="请另选一个在用的单位。")


def free_code(unit: Unit) -> None:
    """A school code names one school."""
    others = Unit.objects.filter(kind=unit.kind, code=unit.code).exclude(pk=unit.pk)
    if unit.kind == UnitKind.SCHOOL and unit.code and others.exists():
        raise BadInput("这个学校编码已被使用。", errors={"code": [f"编码 {unit.code} 已被另一所学校使用。"]})


def admin_at(unit: Unit, by: Actor, role: str = "") -> None:
    """Posts are given and taken by an admin of the unit or of one above it, or by those the role says give it."""
    known = roles().get(role)
    givers = ("admin", *(known.given_by if known else ()))
    if isinstance(by, User) and not may(by, givers, unit.path):
        raise NotAllowed(f"您不管理{unit.name}的人员。", who=f"{unit.name}或上级单位的{'、'.join(map(title, givers))}")


def admin_of_person(person: User, by: Actor) -> None:
    """An account is in the hands of those who administer every place its person belongs to or has children in."""
    if not isinstance(by, User):
        return
    if not all(may(by, "admin", path) for path in places_of(person)):
        raise NotAllowed(f"{person.name} 还有您管理范围以外的单位或岗位。", who="上级单位的系统管理员")


def places_of(person: User) -> set[str]:
    """Paths of all the places a person belongs to, holds a post at or has children in; the tops for those without."""
    places = set(Post.objects.filter(user=person).values_list("content_object__path", flat=True))
    places |= set(children_paths(person)) | ({person.home.path} if person.home else set())
    return places or set(Unit.objects.filter(depth=1).values_list("path", flat=True))


def known_role_here(person: User, role: str, unit: Unit) -> None:
    """A role is held by somebody who is here, at a kind of unit it is made for."""
    known = roles().get(role)
    if known is None:
        raise Refused("没有这个岗位。", instead="请从岗位列表里选择。")
    if known.at and unit.kind not in known.at:
        where = "、".join(str(UnitKind(kind).label) for kind in known.at)
        raise Refused(f"{known.title}只能任命在：{where}。")
    if not person.is_active:
        raise Refused(f"{person.name} 已离开，不能任职。")


def not_held_already(person: User, role: str, unit: Unit, since: date, until: date | None) -> None:
    """One appointment at a time to the same post."""
    if Appointment.objects.filter(overlapping(since, until), person=person, role=role, unit=unit).exists():
        raise Refused(f"{person.name} 在这段时间里已经是{unit.name}的{title(role)}。")


def no_conflict(person: User, role: str, unit: Unit, since: date, until: date | None) -> None:
    """One person may not hold two conflicting roles at one place on any day (people.md), unless the bureau waived it; nor
    one beside a role they stand in for, or that stands in for them.

    A waiver counts only when it covers every day on which both would be held.
    """
    other = _beside(person, person, role, unit, since, until)
    away = Absence.objects.filter(overlapping(since, until), Q(person=person) | Q(substitute=person))
    for one in away.select_related("person", "substitute"):
        acting, first, last = one.substitute, max(since, one.since), min(until or one.until, one.until)
        held_by = one.substitute if one.person_id == person.pk else one.person
        other = other or _beside(held_by, acting, role, unit, first, last)
    if other is not None:
        raise Refused(
            f"{person.name} 已是{other.unit.name}的{title(other.role)}，不能同时担任{title(role)}。",
            rule=APART,
            who="教育局可以批准有期限的豁免，并写明补偿检查",
            instead="有豁免的，任职的结束日期不能晚于豁免的截止日期。",
        )


def for_the_person_or_their_head(person: User, by: Actor) -> None:
    """Absences are recorded by the person, by a head of their place, or by its admin."""
    if not isinstance(by, User) or by.pk == person.pk:
        return
    if person.home is None or not may(by, (*HEADS, "admin"), person.home.path):
        raise NotAllowed(f"您不能替 {person.name} 办理请假。", who="本人，或所在单位的校长、副校长、系统管理员")


def fit_substitute(person: User, substitute: User, since: date, until: date) -> None:
    """A substitute is a colleague of the same place, is here, and is not away then."""
    if person.pk == substitute.pk:
        raise Refused("代理人不能是本人。", instead="请选一位同事。")
    if not substitute.is_active:
        raise Refused(f"{substitute.name} 已离开，不能代理。", instead="请换一位在岗的人。")
    if person.home is None or not _colleagues(person.home, substitute.home):
        raise Refused(f"{substitute.name} 不是同一单位的同事，不能代理。", instead="请选本单位的一位同事。")
    if Absence.objects.filter(overlapping(since, until), person=substitute).exists():
        raise Refused(f"{substitute.name} 在这段时间里也请假。", instead="请换一位在岗的人。")


def apart_when_standing_in(person: User, substitute: User, since: date, until: date) -> None:
    """Who stands in has no role of their own that conflicts with one they take over on these days, unless it is waived."""
    for one in Appointment.objects.filter(overlapping(since, until), person=person).select_related("unit"):
        first, last = max(since, one.since), min(until, one.until or until)
        other = _beside(substitute, substitute, one.role, one.unit, first, last)
        if other is not None:
            raise Refused(
                f"{substitute.name} 是{other.unit.name}的{title(other.role)}，不能代理{title(one.role)}。",
                rule=APART,
                instead="请换一位同事。",
            )


def bureau_waives(unit: Unit, person: User, by: Actor) -> None:
    """Only the bureau waives, through its head or admin, and nobody waives for themselves."""
    if not isinstance(by, User):
        return
    if by.pk == person.pk:
        raise NotAllowed("不能给自己批准豁免。", who="教育局的其他领导")
    bureaus = Unit.objects.filter(kind=UnitKind.BUREAU, path__in=prefixes(unit.path)).values_list("path", flat=True)
    if not any(may(by, ("director", "admin"), path) for path in bureaus):
        raise NotAllowed("豁免由教育局批准。", who="教育局领导或教育局的系统管理员")


def _beside(held_by: User, acting: User, role: str, unit: Unit, since: date, until: date | None) -> Appointment | None:
    """The first appointment of `held_by` at, above or below a place on these days that conflicts with a role there, where
    that is not waived for who is `acting`."""
    near = Q(unit__path__startswith=unit.path) | Q(unit__path__in=prefixes(unit.path))
    for other in Appointment.objects.filter(near, overlapping(since, until), person=held_by).select_related("unit"):
        first, ends = max(since, other.since), [day for day in (until, other.until) if day]
        if conflicting(role, other.role) and not _waived(
            acting, unit, role, other.role, first, min(ends) if ends else None
        ):
            return other
    return None


def _waived(person: User, unit: Unit, role: str, other: str, first: date, last: date | None) -> bool:
    pair = Q(role=role, beside=other) | Q(role=other, beside=role)
    waivers = Waiver.objects.filter(pair, held_on(first), person=person, unit__path__in=prefixes(unit.path))
    return last is not None and waivers.filter(until__gte=last).exists()


def _colleagues(one: Unit, other: Unit | None) -> bool:
    if other is None:
        return False
    if one.school_id:
        return one.school_id == other.school_id
    return other.school_id is None and prefixes(one.path)[0] == prefixes(other.path)[0]
