"""设置: one card for each thing an admin manages, with a line on how it stands."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal import clock
from portal.cases.models import ClockSetting, Schedule
from portal.ledger.queries import published
from portal.notices.models import Delivery
from portal.notices.queries import overseen
from portal.orgs.models import Absence, Appointment, Unit, UnitKind, User
from portal.orgs.policies import ADMIN, guard, person

from . import almanac, reach


@dataclass(frozen=True)
class Card:
    """One thing to manage: its icon, one line, and where it is."""

    title: str
    icon: str
    note: str
    url: str
    tone: str = ""


@guard(GET=ADMIN)
def settings(request: HttpRequest) -> HttpResponse:
    """Everything an admin manages, on one page."""
    by = person(request)
    names = "、".join(Unit.objects.filter(path__in=reach.tops(by)).values_list("name", flat=True))
    return render(request, "settings/index.html", {"cards": cards(by), "names": names})


def cards(by: User) -> list[Card]:
    """One query a card."""
    calendar, calendar_tone = _calendar()
    undelivered = overseen(by).filter(state=Delivery.State.DEAD).count()
    letters = (f"{undelivered} 条没有送到", "late") if undelivered else ("都送到了", "")
    return [
        Card("单位与地点", "building-2", _units(by), reverse("settings-units")),
        Card(
            "人员",
            "users",
            f"{reach.people(by).filter(is_active=True).count()} 个在用的账号",
            reverse("settings-people"),
        ),
        Card("任职与请假", "user-check", _posts(by), reverse("settings-posts")),
        Card("时限与阶梯", "hourglass", _clocks(by), reverse("settings-clocks")),
        Card("定期事项", "calendar-sync", _routines(by), reverse("settings-routines")),
        Card("校历", "calendar-days", calendar, reverse("settings-calendar"), calendar_tone),
        Card("通知渠道与未送达", "send", letters[0], reverse("notices:undelivered"), letters[1]),
        Card("记录核对（封存）", "badge-check", _seals(), reverse("settings-records")),
    ]


def _units(by: User) -> str:
    mine = Unit.objects.filter(reach.below(reach.tops(by))).open()
    counts = mine.order_by().aggregate(schools=reach.count_of(kind=UnitKind.SCHOOL), all=reach.count_of())
    return f"{counts['schools']} 所学校，共 {counts['all']} 个单位和地点"


def _posts(by: User) -> str:
    today = clock.today()
    held = Appointment.objects.filter(reach.below(reach.tops(by), "unit__path"), granted=True).count()
    away = Absence.objects.filter(
        reach.below(reach.tops(by), "person__home__path"), since__lte=today, until__gte=today
    ).count()
    return f"{held} 项任职，今天 {away} 人请假"


def _clocks(by: User) -> str:
    own = ClockSetting.objects.filter(reach.below(reach.tops(by), "unit__path"))
    places = own.order_by().values("unit").distinct().count()
    return f"{places} 个单位改过" if places else "都按系统预置"


def _routines(by: User) -> str:
    on = Schedule.objects.filter(reach.below(reach.tops(by), "unit__path"), is_on=True).count()
    return f"{on} 处按时自动开出" if on else "还没有定期开出的事项"


def _calendar() -> tuple[str, str]:
    open_years = [str(one.year) for one in almanac.nation() if not one.confirmed and one.year >= clock.today().year]
    this = str(clock.today().year)
    return (
        (f"{'、'.join(open_years)} 年放假安排未核定", "soon" if this in open_years else "")
        if open_years
        else ("都已核定", "")
    )


def _seals() -> str:
    last = published(count=1).first()
    return f"封存到 {last.day}，{last.events} 条记录" if last else "还没有封存过"
