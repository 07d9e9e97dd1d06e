"""What people would really type: valid input for the forms of the portal, made for whoever asks and whom it is about."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.cases.visiting import Slip
from portal.orgs import second_factor
from portal.worktime.actions import set_hours, set_unit_day
from tests.conftest import jpeg
from tests.district import MONDAY

from . import kitchen
from .people import CODE, Visitor
from .things import notice_of, owner, school_at, unit_at
from .world import World

PHOTO = jpeg()
PASSWORD, NEW_PASSWORD = "sunlit-test", "Zebra-crossing-42"
NOTICE = "一、元旦：1月1日放假，1月3日上班。"
Filled = dict[str, Any]
Fill = Callable[[World, Visitor, str], Filled]


def credentials(world: World, who: Visitor, whose: str) -> Filled:
    return {"username": who.user.username if who.user else "", "password": PASSWORD}


def receipt(world: World, who: Visitor, whose: str) -> Filled:
    world.relate(world.cases["待受理"], world.people["回执"], "自己发起")
    return {"code": CODE}


def report(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": unit_at(world, whose).pk, "topic": "RP-05", "words": "顶灯不亮"}


def hazard(world: World, who: Visitor, whose: str) -> Filled:
    photos = [str(who.photo.pk)] if who.photo else []
    return {"unit": unit_at(world, whose).pk, "topic": "HZ-03", "words": "窗扇松动", "photos": photos}


def visit_hazard(world: World, who: Visitor, whose: str) -> Filled:
    return visit(world, who, whose) | {"topic": "HZ-03"}


def visit(world: World, who: Visitor, whose: str) -> Filled:
    slip = Slip("VVVV-VVVV-VVVV-VVVV", MONDAY - timedelta(minutes=1)).signed()
    return {"slip": slip, "topic": "RP-05", "photos": [SimpleUploadedFile("photo.jpg", PHOTO, "image/jpeg")]}


def materials(world: World, who: Visitor, whose: str) -> Filled:
    row = {"item": "水泵", "quantity": "1", "measure": "台", "price": "30"}
    return {"unit": world.place.school.pk, "category": "water", "reason": "补货", "lines": [row]}


def asset(world: World, who: Visitor, whose: str) -> Filled:
    return {"name": "投影机", "code": "ZC-002", "kind": "2", "quantity": 1, "source": "bought"}


def asset_of_program(world: World, who: Visitor, whose: str) -> Filled:
    return asset(world, who, whose) | {"unit": unit_at(world, whose).pk}


def moved(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": unit_at(world, whose).pk, "state": "idle", "reason": "闲置"}


def stocked(world: World, who: Visitor, whose: str) -> Filled:
    return {"school": world.place.school.pk, "name": "锁芯", "measure": "个", "category": "hardware"}


def survey(unit: int) -> Filled:
    return {"unit": unit, "title": "午餐", "who": ["staff"], "per": "person", "closes_on": "2026-11-20", "least": 5}


def absence(world: World, who: Visitor, whose: str) -> Filled:
    """With somebody of the same place."""
    person = who.user if whose == "自己的" else owner(world, who, whose)
    home = person.home if person else None
    beside = {
        world.place.school.pk: world.dora,
        world.place.bureau.pk: world.officer,
        world.place.far_school.pk: world.sue,
    }
    substitute = beside.get(home.pk, world.dora) if home else world.dora
    return {"since": MONDAY.date(), "until": MONDAY.date(), "substitute": substitute.pk}


def code(world: World, who: Visitor, whose: str) -> Filled:
    return {"code": second_factor.new_backup_codes(who.user)[0]} if who.user else {}


def file(world: World, who: Visitor, whose: str) -> Filled:
    return {"file": SimpleUploadedFile("photo.jpg", PHOTO, "image/jpeg")}


def cells(world: World, who: Visitor, whose: str) -> Filled:
    return {"cells": ["1-1"]}


def one(world: World, who: Visitor, whose: str) -> Filled:
    return {"one": int(notice_of(world, who.user))} if who.user else {}


def move(world: World, who: Visitor, whose: str) -> Filled:
    return {"under": school_at(world, whose).pk}


def edited(world: World, who: Visitor, whose: str) -> Filled:
    person = owner(world, who, whose)
    home = person.home_id or world.place.school.pk
    return {"home": home, "name": "改了的名字", "email": "a@example.org", "version": person.version}


def cleared_day(world: World, who: Visitor, whose: str) -> Filled:
    set_unit_day(unit=school_at(world, whose), day=DAY, is_open=False, name="运动会", by="clock")
    return {}


def cleared_hours(world: World, who: Visitor, whose: str) -> Filled:
    set_hours(unit=school_at(world, whose), hours={0: HOURS}, since=MONDAY.date(), by="clock")
    return {}


def new_person(world: World, who: Visitor, whose: str) -> Filled:
    return {"home": school_at(world, whose).pk, "username": "newcomer", "name": "新来的"}


def appointed(world: World, who: Visitor, whose: str) -> Filled:
    since = MONDAY.date()
    return {"person": "rita", "unit": school_at(world, whose).pk, "role": "meal_committee", "since": since}


def rule(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": world.place.school.pk, "topic": "RP-05", "people": [world.will.pk]}


def month(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": school_at(world, whose).pk, "period": "2026-08"}


def always(**said: Any) -> Fill:
    return lambda world, who, whose: dict(said)


DAY = MONDAY.date().replace(day=20)
HOURS = [(MONDAY.time().replace(hour=8), MONDAY.time().replace(hour=12))]
TERMS = {
    "first_starts": "2026-09-01", "first_ends": "2027-01-20", "second_starts": "2027-02-22", "second_ends": "2027-07-05",
}  # fmt: skip


def spot() -> Filled:
    return {"level": 4, "days": "every"}


def held(world: World, who: Visitor, whose: str) -> Filled:
    others = {"外校的": world.sue, "外县的": world.far}
    return {"person": others.get(whose, world.dora).username, "since": "2026-11-16"}


def dish(world: World, who: Visitor, whose: str) -> Filled:
    return kitchen.dish_form(school_at(world, whose))


def priced(world: World, who: Visitor, whose: str) -> Filled:
    photos = [str(who.photo.pk)] if who.photo else []
    return {"price": "2", "since": "2026-11-30", "notice": "涨价", "minutes": photos}


def school(world: World) -> Filled:
    kitchen.canteen_at(world.place.school)
    return {"unit": world.place.school.pk}


def copied(world: World, who: Visitor, whose: str) -> Filled:
    return {"canteen": kitchen.canteen_at(school_at(world, whose)).pk, "day": "2026-11-24"}


def waiting(world: World, who: Visitor, whose: str) -> Filled:
    entry = kitchen.entry_at(school_at(world, whose))
    return {"canteen": entry.canteen_id, "entry": [entry.pk]}
