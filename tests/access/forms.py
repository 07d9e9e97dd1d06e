"""What fits each form of the portal, so that nothing but access can refuse it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.cases.visiting import Slip
from portal.orgs import second_factor
from portal.surveys.models import Question
from portal.worktime.actions import set_hours, set_unit_day
from tests.canteen.cast import canteen_of
from tests.conftest import jpeg
from tests.district import MONDAY

from . import buying, kitchen, rounds
from .deliveries import COUNTED, ISSUED, RICE, order_at, sheet
from .people import CODE, Visitor
from .reported import changed_system, new_system, receipt_of
from .things import notice_of, owner, school_at, unit_at
from .world import World

PHOTO = jpeg()
PASSWORD, NEW_PASSWORD = "sunlit-test", "Zebra-crossing-42"
NOTICE = "一、元旦：1月1日放假，1月3日上班。"
Filled = dict[str, Any]
Fill = Callable[[World, Visitor, str], Filled]


def _credentials(world: World, who: Visitor, whose: str) -> Filled:
    return {"username": who.user.username if who.user else "", "password": PASSWORD}


def _receipt(world: World, who: Visitor, whose: str) -> Filled:
    world.relate(world.cases["待受理"], world.people["回执"], "自己发起")
    return {"code": CODE}


def _report(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": unit_at(world, whose).pk, "topic": "RP-05", "words": "顶灯不亮"}


def _hazard(world: World, who: Visitor, whose: str) -> Filled:
    photos = [str(who.photo.pk)] if who.photo else []
    return {"unit": unit_at(world, whose).pk, "topic": "HZ-03", "words": "窗扇松动", "photos": photos}


def _visit_hazard(world: World, who: Visitor, whose: str) -> Filled:
    return _visit(world, who, whose) | {"topic": "HZ-03"}


def _visit(world: World, who: Visitor, whose: str) -> Filled:
    slip = Slip("VVVV-VVVV-VVVV-VVVV", MONDAY - timedelta(minutes=1)).signed()
    return {"slip": slip, "topic": "RP-05", "photos": [SimpleUploadedFile("photo.jpg", PHOTO, "image/jpeg")]}


def _materials(world: World, who: Visitor, whose: str) -> Filled:
    row = {"item": "水泵", "quantity": "1", "measure": "台", "price": "30"}
    return {"unit": world.place.school.pk, "category": "water", "reason": "补货", "lines": [row]}


def _asset(world: World, who: Visitor, whose: str) -> Filled:
    return {"name": "投影机", "code": "ZC-002", "kind": "2", "quantity": 1, "source": "bought"}


def _asset_of_program(world: World, who: Visitor, whose: str) -> Filled:
    return _asset(world, who, whose) | {"unit": unit_at(world, whose).pk}


def _moved(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": unit_at(world, whose).pk, "state": "idle", "reason": "闲置"}


def _stocked(world: World, who: Visitor, whose: str) -> Filled:
    return {"school": world.place.school.pk, "name": "锁芯", "measure": "个", "category": "hardware"}


def _survey(unit: int) -> Filled:
    return {"unit": unit, "title": "午餐", "who": ["staff"], "per": "person", "closes_on": "2026-11-20", "least": 5}


def _absence(world: World, who: Visitor, whose: str) -> Filled:
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


def _code(world: World, who: Visitor, whose: str) -> Filled:
    return {"code": second_factor.new_backup_codes(who.user)[0]} if who.user else {}


def _file(world: World, who: Visitor, whose: str) -> Filled:
    return {"file": SimpleUploadedFile("photo.jpg", PHOTO, "image/jpeg")}


def _cells(world: World, who: Visitor, whose: str) -> Filled:
    return {"cells": ["1-1"]}


def _one(world: World, who: Visitor, whose: str) -> Filled:
    return {"one": int(notice_of(world, who.user))} if who.user else {}


def _move(world: World, who: Visitor, whose: str) -> Filled:
    return {"under": school_at(world, whose).pk}


def _edited(world: World, who: Visitor, whose: str) -> Filled:
    person = owner(world, who, whose)
    home = person.home_id or world.place.school.pk
    return {"home": home, "name": "改了的名字", "email": "a@example.org", "version": person.version}


def _cleared_day(world: World, who: Visitor, whose: str) -> Filled:
    set_unit_day(unit=school_at(world, whose), day=DAY, is_open=False, name="运动会", by="clock")
    return {}


def _cleared_hours(world: World, who: Visitor, whose: str) -> Filled:
    set_hours(unit=school_at(world, whose), hours={0: HOURS}, since=MONDAY.date(), by="clock")
    return {}


def _new_person(world: World, who: Visitor, whose: str) -> Filled:
    return {"home": school_at(world, whose).pk, "username": "newcomer", "name": "新来的"}


def _appointed(world: World, who: Visitor, whose: str) -> Filled:
    since = MONDAY.date()
    return {"person": "rita", "unit": school_at(world, whose).pk, "role": "meal_committee", "since": since}


def _rule(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": world.place.school.pk, "topic": "RP-05", "people": [world.will.pk]}


def _month(world: World, who: Visitor, whose: str) -> Filled:
    return {"unit": school_at(world, whose).pk, "period": "2026-08"}


def _always(**said: Any) -> Fill:
    return lambda world, who, whose: dict(said)


DAY = MONDAY.date().replace(day=20)
HOURS = [(MONDAY.time().replace(hour=8), MONDAY.time().replace(hour=12))]
TERMS = {
    "first_starts": "2026-09-01", "first_ends": "2027-01-20", "second_starts": "2027-02-22", "second_ends": "2027-07-05",
}  # fmt: skip


def _spot() -> Filled:
    return {"level": 4, "days": "every"}


def _held(world: World, who: Visitor, whose: str) -> Filled:
    others = {"外校的": world.sue, "外县的": world.far}
    return {"person": others.get(whose, world.dora).username, "since": "2026-11-16"}


def _dish(world: World, who: Visitor, whose: str) -> Filled:
    return kitchen.dish_form(school_at(world, whose))


def _priced(world: World, who: Visitor, whose: str) -> Filled:
    photos = [str(who.photo.pk)] if who.photo else []
    return {"price": "2", "since": "2026-11-30", "notice": "涨价", "minutes": photos}


def _school(world: World) -> Filled:
    kitchen.canteen_at(world.place.school)
    return {"unit": world.place.school.pk}


def _copied(world: World, who: Visitor, whose: str) -> Filled:
    return {"canteen": kitchen.canteen_at(school_at(world, whose)).pk, "day": "2026-11-24"}


def _waiting(world: World, who: Visitor, whose: str) -> Filled:
    entry = kitchen.entry_at(school_at(world, whose))
    return {"canteen": entry.canteen_id, "entry": [entry.pk]}


FORMS: dict[str, Fill] = {
    **buying.FORMS,
    "/canteen/books/add/": _always(category="CE-20", dated="2026-11-12", amount="60", diners="shared", words="燃气"),
    "/canteen/books/{entry}/reverse/": _always(why="重复"),
    "/canteen/books/{entry}/seal/": _always(),
    "/canteen/books/seal/": _waiting,
    "/canteen/books/{entry}/voucher/": lambda world, who, whose: {"vouchers": [str(who.photo.pk)] if who.photo else []},
    "/canteen/books/plans/{signed_plan}/done/": _always(on="2026-11-16"),
    "/canteen/books/plans/{refund_plan}/sign/": _always(),
    "/canteen/books/close/{closable}/": _always(analysis=""),
    "/canteen/books/surplus/{canteen}/": _always(term="2026-1", amount="100", how="按余额退"),
    "/canteen/counts/{canteen}/": _always(day="2026-11-16", meal="lunch", students="500", staff="20"),
    "/canteen/money/import/": _always(),
    "/canteen/money/{pupil}/refund/": _always(amount="10", why="转学"),
    "/api/v1/canteen/books": lambda world, who, whose: {
        "canteen": canteen_of(world.place).pk,
        "category": "CE-20",
        "dated": "2026-11-12",
        "amount": "60",
        "words": "燃气",
    },
    "/api/v1/canteen/books/months": lambda world, who, whose: {
        "canteen": kitchen.closable_at(world.place.school).pk,
        "month": "2026-10",
    },
    "/api/v1/canteen/books/{entry}/reverse": _always(why="重复"),
    "/api/v1/canteen/books/{entry}/seal": _always(),
    "/api/v1/canteen/books/{entry}/vouchers": lambda world, who, whose: {
        "vouchers": [str(who.photo.pk)] if who.photo else []
    },
    "/api/v1/canteen/books/plans": lambda world, who, whose: {
        "canteen": canteen_of(world.place).pk,
        "term": "2026-1",
        "amount": "100",
        "how": "按余额退",
    },
    "/api/v1/canteen/books/plans/{signed_plan}/done": _always(on="2026-11-16"),
    "/api/v1/canteen/books/plans/{refund_plan}/sign": _always(),
    "/api/v1/canteen/meal-money/import": _always(),
    "/api/v1/canteen/meal-counts": lambda world, who, whose: {
        "canteen": canteen_of(world.place).pk,
        "day": "2026-11-16",
        "meal": "lunch",
        "students": 500,
        "staff": 20,
    },
    "/api/v1/canteen/meal-money/{pupil}/refund": _always(amount="10", why="转学"),
    "/canteen/dishes/add/": lambda world, who, whose: _dish(world, who, whose) | {"price": "1"},
    "/canteen/dishes/{dish}/edit/": _dish,
    "/canteen/dishes/{dish}/retire/": _always(),
    "/canteen/dishes/{dish}/price/": _priced,
    "/canteen/meals/{canteen}/2026-11-24/lunch/": _always(reason="换菜"),
    "/canteen/menus/copy/": _copied,
    "/api/v1/canteen/weekly-accounts": lambda world, who, whose: _school(world),
    "/api/v1/canteen/monthly-accounts": lambda world, who, whose: _school(world),
    "/api/v1/canteen/term-accounts": lambda world, who, whose: _school(world),
    "/canteen/kitchen/hours/": _always(parents="on", windows="10:30-12:30"),
    "/canteen/kitchen/cameras/add/": _always(**kitchen.CAMERA),
    "/canteen/kitchen/cameras/{camera}/edit/": _always(**kitchen.CAMERA),
    "/canteen/kitchen/cameras/{camera}/retire/": _always(),
    "/api/v1/canteen/cameras/{camera}/heartbeat": _always(),
    "/api/v1/canteen/cameras": lambda world, who, whose: (
        kitchen.CAMERA | {"canteen": kitchen.canteen_at(school_at(world, whose)).pk}
    ),
    "/api/v1/canteen/dishes": lambda world, who, whose: (
        _dish(world, who, whose) | {"price": "1", "canteen": kitchen.canteen_at(school_at(world, whose)).pk}
    ),
    "/api/v1/canteen/menus": lambda world, who, whose: {
        "canteen": kitchen.canteen_at(school_at(world, whose)).pk,
        "day": "2026-11-24",
        "meal": "lunch",
        "reason": "换菜",
    },
    "/api/v1/canteen/cameras/{camera}": _always(**kitchen.CAMERA),
    "/api/v1/canteen/cameras/{camera}/retire": _always(),
    "/api/v1/canteen/places/{canteen}/viewing": _always(parents=True, windows="10:30-12:30"),
    "/api/v1/canteen/dishes/{dish}": _dish,
    "/api/v1/canteen/dishes/{dish}/prices": _priced,
    "/api/v1/canteen/dishes/{dish}/retire": _always(),
    "/api/v1/canteen/menus/copy": _copied,
    "/api/v1/canteen/health-cards": lambda world, who, whose: {
        "canteen": kitchen.canteen_at(school_at(world, whose)).pk,
        "name": "小李",
        "job": "厨师",
        "until": "2027-06-30",
    },
    "/api/v1/canteen/health-cards/{health}/leave": _always(),
    "/api/v1/canteen/outages": lambda world, who, whose: {"camera": kitchen.camera_at(world.place.school)},
    "/canteen/health/add/": _always(name="小李", job="厨师", until="2027-06-30"),
    "/canteen/health/{health}/leave/": _always(),
    "/api/v1/canteen/parentmeals": lambda world, who, whose: {
        "canteen": kitchen.canteen_at(world.place.school).pk,
        "day": "2026-11-24",
        "meal": "lunch",
    },
    "/api/v1/canteen/samplings": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/accompanies": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/controls": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/weekmenus": lambda world, who, whose: {"unit": world.place.school.pk},
    "/safety_grid/cells/add/": _always(level="4", days="every"),
    "/safety_grid/cells/{cell}/edit/": _always(level="4", days="every", title="楼梯口"),
    "/safety_grid/cells/{cell}/close/": _always(),
    "/safety_grid/cells/{cell}/hold/": _held,
    "/safety_grid/holdings/{held}/release/": _always(until=""),
    "/safety_grid/holdings/{held}/substitute/": _always(substitute=""),
    "/api/v1/safety_grid/cells": lambda world, who, whose: _spot() | {"unit": unit_at(world, whose).pk},
    "/api/v1/safety_grid/cells/{cell}": lambda world, who, whose: _spot() | {"title": "楼梯口"},
    "/api/v1/safety_grid/cells/{cell}/close": _always(),
    "/api/v1/safety_grid/cells/{cell}/holders": _held,
    "/api/v1/safety_grid/holdings/{held}/release": _always(),
    "/api/v1/safety_grid/holdings/{held}/substitute": _always(substitute=""),
    "/safety_grid/plans/add/": _always(**rounds.PLAN),
    "/safety_grid/plans/{plan}/": _always(**rounds.PLAN),
    "/safety_grid/plans/adopt/": lambda world, who, whose: {"school": world.place.school.pk},
    "/safety_grid/duty/sign-in/": _always(code="ZZZZZZZ"),
    "/safety_grid/duty/{watch}/2026-11-16/": _always(standing="on_time", reason="在岗"),
    "/api/v1/safety_grid/plans": _always(**rounds.PLAN_OF_PROGRAM),
    "/api/v1/safety_grid/plans/{plan}": _always(**rounds.PLAN_OF_PROGRAM),
    "/api/v1/safety_grid/plans/adopt": _always(),
    "/api/v1/safety_grid/duty/sign-in": _always(code="ZZZZZZZ"),
    "/api/v1/safety_grid/duty/{watch}/2026-11-16": _always(standing="on_time", reason="在岗"),
    "/api/v1/canteen/ratings": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/rectifications": lambda world, who, whose: {"unit": world.place.school.pk},
    "/canteen/ask/": lambda world, who, whose: {"canteen": canteen_of(world.place).pk, "words": "辣不辣"},
    "/api/v1/canteen/questions": lambda world, who, whose: {"canteen": canteen_of(world.place).pk, "words": "辣不辣"},
    "/api/v1/canteen/deliveries": lambda world, who, whose: order_at(canteen_of(world.place)),
    "/api/v1/canteen/particulars": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/supplies": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/meal-records": lambda world, who, whose: {"unit": world.place.school.pk},
    "/api/v1/canteen/purchases": lambda world, who, whose: {"unit": world.place.school.pk},
    "/canteen/deliveries/new/": lambda world, who, whose: order_at(canteen_of(world.place)),
    "/canteen/stock/issue/": lambda world, who, whose: {"meal": "lunch"} | sheet(canteen_of(world.place), **ISSUED),
    "/canteen/stock/count/": lambda world, who, whose: sheet(canteen_of(world.place), **COUNTED),
    "/canteen/stock/book-in/": lambda world, who, whose: RICE,
    "/canteen/stock/{shelf}/minimum/": lambda world, who, whose: {"minimum": "3"},
    "/canteen/stock/lots/{lot}/write-off/": lambda world, who, whose: {"quantity": "1", "why": "受潮"},
    "/api/v1/canteen/stock/issues": lambda world, who, whose: (
        {"canteen": canteen_of(world.place).pk, "meal": "lunch"} | sheet(canteen_of(world.place), **ISSUED)
    ),
    "/api/v1/canteen/stock/counts": lambda world, who, whose: (
        {"canteen": canteen_of(world.place).pk} | sheet(canteen_of(world.place), **COUNTED)
    ),
    "/api/v1/canteen/stock/book-ins": lambda world, who, whose: {"canteen": canteen_of(world.place).pk} | RICE,
    "/api/v1/canteen/stock/{shelf}": lambda world, who, whose: {"minimum": "3"},
    "/api/v1/canteen/stock/lots/{lot}/write-offs": lambda world, who, whose: {"quantity": "1", "why": "受潮"},
    "/safety_grid/drills/plan/": lambda world, who, whose: {"unit": world.place.school.pk, "topic": "fire"},
    "/api/v1/safety_grid/drills": lambda world, who, whose: {"unit": world.place.school.pk, "topic": "fire"},
    "/api/v1/safety_grid/rounds": lambda world, who, whose: {
        "unit": world.place.school.pk,
        "plan": rounds.plan_of(world.place.school).pk,
    },
    "/surveys/issue/": lambda world, who, whose: (
        _survey(world.place.school.pk) | {"questions-0-title": "好吃吗", "questions-0-kind": "score"}
    ),
    "/api/v1/surveys": lambda world, who, whose: (
        _survey(school_at(world, whose).pk) | {"questions": [{"title": "好吃吗", "kind": "score"}]}
    ),
    "/surveys/{survey}/": lambda world, who, whose: {f"q{Question.objects.latest('pk').pk}": "5"},
    "/surveys/{survey}/remind/": lambda world, who, whose: {"school_class": world.place.room.pk},
    "/api/v1/surveys/{survey}/classes": lambda world, who, whose: {"school_class": world.place.room.pk},
    "/api/v1/surveys/{survey}/ballot": lambda world, who, whose: {
        "answers": [{"question": Question.objects.latest("pk").pk, "answer": "5"}]
    },
    "/outbound/add/": lambda world, who, whose: new_system(world.place.school),
    "/api/v1/outbound/systems": lambda world, who, whose: new_system(world.place.school),
    "/outbound/{system}/edit/": lambda world, who, whose: changed_system(),
    "/api/v1/outbound/systems/{system}": lambda world, who, whose: changed_system(),
    "/outbound/{system}/switch/": _always(on="1"),
    "/api/v1/outbound/systems/{system}/switch": _always(on=True),
    "/api/v1/outbound/systems/{system}/receipts": lambda world, who, whose: receipt_of(school_at(world, whose)),
    "/api/v1/repairs/monthlies": _month,
    "/api/v1/safety_grid/months": _month,
    "/api/v1/publications/{made}/correct": _always(act="correct", reason="漏了一件", seen=1),
    "/p/{code}/repairs.monthly/{month}/correct/": _always(act="correct", reason="漏了一件", seen="1"),
    "/sign-in/": _credentials,
    "/receipt/": _receipt,
    "/repairs/report/": _report,
    "/repairs/dispatching/": _rule,
    "/safety_grid/report/": _hazard,
    "/safety_grid/visit/{sticker}/": _visit_hazard,
    "/api/v1/safety_grid/hazards": _hazard,
    "/api/v1/safety_grid/concerns": lambda world, who, whose: {"unit": unit_at(world, whose).pk, "words": "有人被堵"},
    "/repairs/visit/{sticker}/": _visit,
    "/stickers/make/": lambda world, who, whose: {"in": unit_at(world, whose).pk},
    "/settings/units/{school}/visitors/": _always(is_on="on"),
    "/repairs/assets/add/": _asset,
    "/repairs/stocktakes/new/": lambda world, who, whose: {"unit": unit_at(world, whose).pk},
    "/api/v1/repairs/stocktakes": lambda world, who, whose: {"unit": unit_at(world, whose).pk},
    "/repairs/assets/{asset}/edit/": lambda world, who, whose: _asset(world, who, whose) | {"reason": "写错了"},
    "/repairs/assets/{asset}/move/": _moved,
    "/api/v1/repairs/assets": _asset_of_program,
    "/api/v1/repairs/assets/{asset}/moves": _moved,
    "/api/v1/repairs/assets/{asset}/corrections": lambda world, who, whose: (
        _asset(world, who, whose) | {"reason": "写错了"}
    ),
    "/api/v1/stickers": lambda world, who, whose: {"unit": unit_at(world, whose).pk},
    "/api/v1/repairs/dispatching": _rule,
    "/api/v1/repairs/tiers": lambda world, who, whose: {
        "school": school_at(world, whose).pk,
        "head": "100",
        "vice": "200",
        "principal": "300",
    },
    "/inbox/read": _one,
    "/me/tokens/": _always(name="数据平台"),
    "/me/absence/": _absence,
    "/me/password/": _always(current=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD),
    "/me/second-factor/": _always(code="000000"),
    "/me/second-factor/codes/": _code,
    "/me/second-factor/unbind/": _code,
    "/evidence/": _file,
    "/evidence/{upload}/cover": _cells,
    "/evidence/{photo}/cover": _cells,
    "/api/v1/evidence/{upload}/cover": _cells,
    "/api/v1/evidence/{photo}/cover": _cells,
    "/api/v1/auth/token": _credentials,
    "/api/v1/inbox/read": _one,
    "/api/v1/evidence": _file,
    "/api/v1/repairs/tickets": _report,
    "/api/v1/repairs/materials": _materials,
    "/repairs/materials/new/": _materials,
    "/repairs/stock/add/": _stocked,
    "/api/v1/repairs/stock": _stocked,
    "/repairs/stock/{item}/edit/": _always(name="灯泡", measure="只", category="electric"),
    "/api/v1/repairs/stock/{item}": _always(name="灯泡", measure="只", category="electric"),
    "/repairs/stock/{item}/count/": _always(quantity="3", why="盘点"),
    "/api/v1/repairs/stock/{item}/moves": _always(kind="count", quantity="3", why="盘点"),
    "/repairs/tiers/": _always(head="100", vice="200", principal="300"),
    "/settings/units/{unit}/add/": _always(name="新房间"),
    "/settings/units/{unit}/edit/": _always(name="新名称"),
    "/settings/units/{unit}/move/": _move,
    "/settings/units/{empty}/close/": _always(on="2026-11-30"),
    "/settings/people/add/": _new_person,
    "/settings/people/{who}/edit/": _edited,
    "/settings/people/{who}/absence/": _absence,
    "/settings/posts/appoint/": _appointed,
    "/settings/posts/{post}/relieve/": _always(until=""),
    "/settings/waivers/add/": _always(reason="人少"),
    "/settings/clocks/repairs.ticket/respond/": _always(act="save", amount="3", measure="wall"),
    "/settings/routines/repairs.monthly/": _always(stance="off"),
    "/settings/calendar/day/": _always(open="0", name="运动会"),
    "/settings/calendar/day/clear/": _cleared_day,
    "/settings/calendar/hours/": _always(since="2026-11-16", every="08:00-12:00"),
    "/settings/calendar/hours/clear/": _cleared_hours,
    "/settings/calendar/terms/": _always(**TERMS),
    "/settings/calendar/national/": _always(text=NOTICE, source="国办发明电〔2026〕7号"),
}
