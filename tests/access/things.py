"""What there is beside cases: people's own things, units, people and posts; each by whose it is or where."""

from collections.abc import Callable
from datetime import time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from portal import clock
from portal.evidence.actions import take_in
from portal.notices.actions import tell
from portal.notices.models import Delivery, Notice
from portal.orgs.actions import appoint, plant
from portal.orgs.models import Absence, AccessToken, Appointment, Device, Unit, User, prefixes
from portal.publications.actions import publish
from portal.publications.announcing import hand_in, write
from portal.publications.announcing import issue as announce
from portal.publications.kinds import KINDS
from portal.publications.models import Announcement, Publication, Run, RunItem
from portal.publications.periods import Every, period_of
from portal.publications.pictures import name_of
from portal.publications.pictures import of as pictures_of
from portal.stickers.actions import welcome
from portal.stickers.models import Sticker
from portal.surveys.access import Whom
from portal.surveys.actions import issue
from portal.surveys.questions import Asked
from repairs.actions.assets import enter_asset
from repairs.models import CountLine, StockItem
from safety_grid.actions import hold, mark_out
from tests.conftest import photo_of
from tests.district import MONDAY, hire
from tests.repairs.strangers import sticker_of

from .buying import ingredient_at, supplier_there
from .deliveries import lot_at
from .kitchen import (
    camera_at,
    canteen_at,
    closable_at,
    dish_at,
    entry_at,
    health_at,
    month_at,
    plan_at,
    pupil_at,
    sample_at,
    signed_plan_at,
)
from .people import Visitor
from .reported import record_at, system_at
from .rounds import plan_of, watch_of
from .world import World


def owner(world: World, who: Visitor, whose: str) -> User:
    """Whose it is; for somebody without an account there is only what is others'."""
    others = {
        "同校的": world.rita,
        "本校的": world.rita,
        "外校的": world.sam,
        "外县的": world.far,
        "没有单位的": world.ping,
        "本校的兼外校的岗": world.both,
        "外校的兼本校的岗": world.guest,
    }
    return others.get(whose, who.user or world.rita)


def school_at(world: World, whose: str) -> Unit:
    """The school the column speaks of."""
    schools = {"外校的": world.place.far_school, "外县的": world.far_room.school}
    return schools.get(whose, world.place.school)


def unit_at(world: World, whose: str) -> Unit:
    """A place in that school."""
    return {"外校的": world.place.far_room, "外县的": world.far_room}.get(whose, world.place.building)


def room_at(world: World, whose: str) -> Unit:
    """A room there, below which there is nothing."""
    return unit_at(world, whose) if whose in ("外校的", "外县的") else world.place.room


def post_of(world: World, person: User) -> int:
    """An appointment of theirs."""
    found = Appointment.objects.filter(person=person).order_by("pk").first()
    return found.pk if found else post_of(world, world.rita)


def absence_of(world: World, person: User) -> int:
    """An absence that has not ended."""
    day = (MONDAY + timedelta(days=30)).date()
    return Absence.objects.create(person=person, substitute=world.dora, since=day, until=day).pk


def token_of(world: World, person: User) -> int:
    """A token."""
    return AccessToken.objects.create(person=person, name="另一个", digest="0" * 64, made_at=MONDAY).pk


def device_of(world: World, person: User) -> int:
    """A browser they have used."""
    return Device.objects.create(person=person, code="c" * 32, name="浏览器", made_at=MONDAY, last_at=MONDAY).pk


def notice_of(world: World, person: User) -> int:
    """Something they were told."""
    title = f"{person.username} 的消息"
    return Notice.objects.create(to=person, about="case:0", verb="told", title=title, url="/desk/", at=MONDAY).pk


def letter_of(world: World, person: User) -> int:
    """A message that did not arrive."""
    tell([person], about="case:0", verb="told", title="有进展", url="/desk/", at=MONDAY)
    notice = Notice.objects.filter(to=person).latest("pk")
    letter = Delivery.objects.create(notice=notice, channel="email", state=Delivery.State.DEAD, next_at=MONDAY)
    return letter.pk


def upload_of(world: World, person: User) -> str:
    """A photo attached to nothing, uploaded when the world was made."""
    return str(world.uploads[person.pk].pk)


def sticker_at(world: World, whose: str) -> Sticker:
    """A sticker there; the school takes reports from strangers. Made by the admin of its bureau."""
    place = unit_at(world, whose)
    keeper = world.people["局管理员"].user
    assert keeper is not None
    if whose == "外县的":
        keeper = User.objects.create_user("sticker-keeper", "远管", "sunlit-test", home=world.far_room.school)
        appoint(person=keeper, role="admin", unit=world.far_room.school, by="clock")
    welcome(place.school or place, is_on=True, by=keeper)
    return sticker_of(place, keeper)


def asset_at(world: World, whose: str) -> int:
    """A projector there, entered by the asset manager of its school."""
    place = unit_at(world, whose)
    keeper = User.objects.create_user("register", "登记员", "sunlit-test", home=place.school)
    appoint(person=keeper, role="asset_manager", unit=place.school or place, by="clock")
    return enter_asset(unit=place, by=keeper, code="ZC-001", name="投影机", kind="2").pk


def item_at(world: World, whose: str) -> int:
    """Something in that school's store."""
    school = school_at(world, whose)
    return StockItem.objects.get_or_create(school=school, name="灯管", defaults={"on_hand": 0})[0].pk


TAKEN: dict[str, Callable[[World, User], int | str]] = {
    "absence": absence_of, "token": token_of, "device": device_of, "notice": notice_of, "letter": letter_of,
    "upload": upload_of, "post": post_of, "away": absence_of, "who": lambda world, person: person.pk,
    "name": lambda world, person: person.name,
}  # fmt: skip


def published_at(world: World, whose: str) -> Publication:
    """September's repairs, published at the school the column speaks of."""
    school = school_at(world, whose)
    head = world.people["校长"].user if school == world.place.school else None
    head = head or hire(f"head-{school.code}", "校长", school, ("principal", school))
    september = period_of(Every.MONTH, "2026-09")
    return publish(KINDS["repairs.monthly"], unit=school, period=september, by=head)


def run_of(school: Unit) -> int:
    """A run of that school's bureau in which only this school stands, not published."""
    root = Unit.objects.get(path=prefixes(school.path)[0])
    said = {"kind": "repairs.monthly", "period": "2026-09", "title": "2026 年 9 月维修月报"}
    run = Run.objects.create(unit=root, moment=MONDAY, opened_at=MONDAY, finished_at=MONDAY, **said)
    RunItem.objects.create(run=run, unit=school, state="unsigned", said="待核对，现在由总务主任负责。", at=MONDAY)
    return run.pk


def handed_in_at(world: World, whose: str) -> Announcement:
    """A note to the staff of that school with a file, written by somebody there and handed in."""
    school = school_at(world, whose)
    known = Announcement.objects.filter(unit=school, state="handed_in").first()
    if known is not None:
        return known
    author = hire(f"author-{school.code}", "笔者", school, ("teacher", school))
    said = {"audience": "staff", "category": "notice", "title": "教研安排", "text": "周五", "asks_receipt": True}
    file = SimpleUploadedFile("安排.pdf", b"%PDF-1.4\n%%EOF\n")
    papers, drawn = [take_in(file, by=author, kinds=("document",))], photo_of(author)
    said["text"] = f"周五\n\n![阶梯教室]({name_of(drawn)})"
    return hand_in(write(None, unit=school, by=author, files=papers, drawn=[drawn], **said), by=author)


def told_at(world: World, whose: str) -> Announcement:
    """The same, issued by the head of that school."""
    known = Announcement.objects.filter(unit=school_at(world, whose), state="issued").first()
    if known is None:
        known = handed_in_at(world, whose)
        school = known.unit
        head = world.people["校长"].user if school == world.place.school else None
        announce(known, by=head or hire(f"issuer-{school.code}", "校长", school, ("principal", school)))
    return Announcement.objects.select_related("issue").get(pk=known.pk)


def month_of(world: World, whose: str) -> str:
    """The month that is published there."""
    return published_at(world, whose).issue.period


def cell_at(world: World, whose: str) -> int:
    """A spot there that nobody holds, in hours of its own."""
    return mark_out(unit=room_at(world, whose), begins=time(7, 20), ends=time(7, 50), by="clock").pk


def held_at(world: World, whose: str) -> int:
    """Somebody of that school who answers for a spot there."""
    who = {"外校的": world.sam, "外县的": world.far}.get(whose, world.rita)
    return hold(cell=mark_out(unit=room_at(world, whose), by="clock"), person=who, by="clock").pk


def survey_at(world: World, whose: str) -> str:
    """A survey of that school's staff, open."""
    questions = (Asked("score", "好吃吗"),)
    end = clock.now() + timedelta(days=3)
    made = issue(
        unit=school_at(world, whose),
        title="午餐",
        questions=questions,
        asks=Whom(staff=True),
        closes_at=end,
        by="clock",
    )
    return made.code


PLACED: dict[str, Callable[[World, str], int | str]] = {
    "shelf": lambda world, whose: lot_at(school_at(world, whose)).shelf_id,
    "lot": lambda world, whose: lot_at(school_at(world, whose)).pk,
    "canteen": lambda world, whose: canteen_at(school_at(world, whose)).pk,
    "dish": lambda world, whose: dish_at(school_at(world, whose)).pk,
    "book_month": lambda world, whose: month_at(school_at(world, whose)).pk,
    "refund_plan": lambda world, whose: plan_at(school_at(world, whose)).pk,
    "signed_plan": lambda world, whose: signed_plan_at(school_at(world, whose)).pk,
    "entry": lambda world, whose: entry_at(school_at(world, whose)).pk,
    "closable": lambda world, whose: closable_at(school_at(world, whose)).pk,
    "pupil": lambda world, whose: pupil_at(school_at(world, whose)).pk,
    "ingredient": lambda world, whose: ingredient_at(school_at(world, whose)).pk,
    "supplier": lambda world, whose: supplier_there(school_at(world, whose)).pk,
    "camera": lambda world, whose: camera_at(school_at(world, whose)),
    "health": lambda world, whose: health_at(school_at(world, whose)),
    "sample": lambda world, whose: sample_at(school_at(world, whose)),
    "item": item_at,
    "cell": cell_at,
    "held": held_at,
    "unit": lambda world, whose: unit_at(world, whose).pk,
    "empty": lambda world, whose: plant(name="旧楼", kind="building", parent=school_at(world, whose), by="clock").pk,
    "asset": asset_at,
    "line": lambda world, whose: CountLine.objects.get(take=world.cases["盘点待签字"]).pk,
    "sticker": lambda world, whose: sticker_at(world, whose).code,
    "system": lambda world, whose: system_at(school_at(world, whose)).pk,
    "record": lambda world, whose: record_at(school_at(world, whose)),
    "stuck": lambda world, whose: sticker_at(world, whose).pk,
    "school": lambda world, whose: school_at(world, whose).pk,
    "code": lambda world, whose: school_at(world, whose).code,
    "month": month_of,
    "note": lambda world, whose: handed_in_at(world, whose).pk,
    "told": lambda world, whose: str(told_at(world, whose).issue.period),  # type: ignore[union-attr]
    "issued": lambda world, whose: told_at(world, whose).pk,
    "shown": lambda world, whose: Publication.objects.get(issue=told_at(world, whose).issue).pk,
    "paper": lambda world, whose: told_at(world, whose).files[0],
    "drawn": lambda world, whose: next(iter(pictures_of(told_at(world, whose)).values())).pk,
    "run": lambda world, whose: run_of(school_at(world, whose)),
    "made": lambda world, whose: published_at(world, whose).pk,
    "proof": lambda world, whose: published_at(world, whose).code,
    "plan": lambda world, whose: plan_of(school_at(world, whose)).pk,
    "watch": lambda world, whose: watch_of(school_at(world, whose)),
    "survey": survey_at,
    "place": lambda world, whose: room_at(world, whose).name,
    "bureau": lambda world, whose: world.place.bureau.pk,
    "town": lambda world, whose: world.place.town.pk,
}


def thing(world: World, name: str, who: Visitor, whose: str) -> str:
    """The id of a thing that belongs to whom, or stands where, the column says."""
    if name in PLACED:
        return str(PLACED[name](world, whose))
    return str(TAKEN[name](world, owner(world, who, whose)))


def link(world: World, address: str, who: Visitor, whose: str) -> str:
    """What a list would show or lead to, if it held this notice, unit, absence or person."""
    if "{place}" in address:
        unit = room_at(world, whose)
        marks = {"/settings/units/": f"/settings/units/{unit.pk}/", "/settings/pick/": f"unit={unit.pk}"}
        marks |= {"/places/": f"at={unit.pk}", "/api/v1/units": f'"id":{unit.pk},'}
        return next(mark for start, mark in marks.items() if address.startswith(start))
    person = owner(world, who, whose)
    if "inbox" in address:
        return Notice.objects.get(pk=notice_of(world, person)).title
    if "/absences/" in address:
        return f"/settings/absences/{absence_of(world, person)}/end/"
    return f"/settings/people/{person.pk}/"
