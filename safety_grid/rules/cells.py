"""What may not be done with cells and with who answers for them, one refusal a rule."""

from datetime import date, time

from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from portal.orgs.rules import Actor, overlapping
from safety_grid.apps import PLACES, WRITERS
from safety_grid.models import Cell, Holding

KEEPERS = "安全办主任、校长、局安全科或系统管理员"


def keeps_grid(by: Actor, unit: Unit) -> None:
    """The grid of a place is kept by its safety head, principal or admin, or by the bureau's safety officer."""
    if isinstance(by, User) and not may(by, WRITERS, unit.path):
        raise NotAllowed(f"{unit.name}的安全网格由{KEEPERS}设置。", who=KEEPERS)


def watchable(unit: Unit) -> None:
    """A cell lies at a place or office; a class is no place."""
    if unit.kind not in PLACES:
        raise BadInput(f"{unit.name}不是地点，不能设网格。", errors={"unit": ["请选择学校里的地点，或单位本身。"]})


def hours_fit(begins: time | None, ends: time | None) -> None:
    """Hours are given from–to or not at all, and last some time."""
    if (begins is None) != (ends is None):
        raise BadInput("开始和结束时间要一起填。", errors={"ends": ["开始和结束时间要一起填；全天的两个都不填。"]})
    if begins is not None and begins == ends:
        raise BadInput("开始和结束时间不能一样。", errors={"ends": ["开始和结束时间不能一样；全天的两个都不填。"]})


def free_hours(unit: Unit, begins: time | None, ends: time | None, *, but: Cell | None = None) -> None:
    """One open cell for the same hours of a place."""
    same = Cell.objects.filter(unit=unit, begins=begins, ends=ends, closed_on=None)
    if (same.exclude(pk=but.pk) if but else same).exists():
        sentence = "这个地点已经有一个同样时段的网格。"
        raise BadInput(sentence, errors={"begins": [f"{sentence}请改时段，或直接改那一个。"]})


def still_open(cell: Cell) -> None:
    """What is closed changes no more."""
    if cell.closed_on is not None:
        raise Refused(f"{cell.name}已停用，不能再改。", instead="需要的话，请在这个地点新设一个网格。")


def unchanged(cell: Cell, seen: int | None) -> None:
    """The cell is the one the person saw."""
    if seen is not None and seen != cell.version:
        raise Stale(f"{cell.name}刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")


def works_here(person: User, unit: Unit, *, field: str = "person") -> None:
    """Who answers for a place is here and belongs to its school, or to an office of the same bureau."""
    if not person.is_active:
        raise BadInput(f"{person.name} 已离开。", errors={field: [f"{person.name} 已离开，请换一位在岗的人。"]})
    home = person.home
    fits = home is not None and (
        home.school_id == unit.school_id
        if home.school_id is not None and unit.school_id is not None
        else home.path[: Unit.steplen] == unit.path[: Unit.steplen]
    )
    if not fits:
        sentence = f"{person.name} 不是这里的教职工。"
        raise BadInput(sentence, errors={field: [f"{sentence}请选本单位的人。"]})


def other_person(person: User, substitute: User | None) -> None:
    """Nobody stands in for themselves."""
    if substitute is not None and substitute.pk == person.pk:
        raise BadInput("代班不能是责任人本人。", errors={"substitute": ["代班不能是责任人本人。"]})


def held_once(cell: Cell, person: User, since: date, until: date | None) -> None:
    """One person answers for a cell once at a time."""
    if Holding.objects.filter(overlapping(since, until), cell=cell, person=person).exists():
        sentence = f"{person.name} 在这段时间里已经负责{cell.name}。"
        raise BadInput(sentence, errors={"person": [sentence]})


def not_over(holding: Holding, today: date) -> None:
    """What has ended is not ended again."""
    if holding.ended_at or (holding.until and holding.until < today):
        raise Refused("这段责任已经结束。")


def ends_inside(holding: Holding, until: date) -> None:
    """The last day lies within what was agreed."""
    if until < holding.since or (holding.until and until > holding.until):
        sentence = "最后一天要在起止日期之内。"
        raise BadInput(sentence, errors={"until": [sentence]})
