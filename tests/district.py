"""The small district and the cast every test plays in: Sam from another school must see nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.orgs.actions import appoint, plant
from portal.orgs.models import Unit, User
from tests.replay import again

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.SCHOOL_TIME)  # a school day, an hour into the morning


@dataclass(frozen=True)
class District:
    """One bureau, one town, two schools, a building with two rooms in the first."""

    bureau: Unit
    town: Unit
    school: Unit
    building: Unit
    room: Unit
    other_room: Unit
    far_school: Unit
    far_room: Unit


@dataclass(frozen=True)
class Cast:
    """Rita reports, Dora dispatches, Will repairs, Lin heads logistics, Vera and Hu head the school, Ouyang is the
    officer, Ping a parent, Ada the admin, Wu keeps the store; Sam dispatches at another school, Tess teaches there."""

    rita: User
    dora: User
    will: User
    wang: User
    lin: User
    vera: User
    hu: User
    ouyang: User
    ping: User
    ada: User
    sam: User
    tess: User
    wu: User


def build_district() -> District:
    """Plants the units."""
    return again("district", _plant)


def _plant() -> District:
    bureau = plant(name="青禾县教育局", kind="bureau", by="clock")
    town = plant(name="柳溪镇", kind="town", parent=bureau, by="clock")
    school = plant(name="柳溪镇中心小学", kind="school", parent=town, code="LX01", stage="PRI", by="clock")
    building = plant(name="教学楼", kind="building", parent=school, by="clock")
    room = plant(name="203 教室", kind="room", parent=building, by="clock")
    other_room = plant(name="204 教室", kind="room", parent=building, by="clock")
    far_school = plant(name="石门小学", kind="school", parent=town, code="SM01", stage="PRI", by="clock")
    far_room = plant(name="101 教室", kind="room", parent=far_school, by="clock")
    return District(bureau, town, school, building, room, other_room, far_school, far_room)


def hire(username: str, name: str, home: Unit | None, *posts: tuple[str, Unit]) -> User:
    """A person with posts; the password is `sunlit-test`."""
    person = User.objects.create_user(username, name, "sunlit-test", home=home, email=f"{username}@example.com")
    for role, unit in posts:
        appoint(person=person, role=role, unit=unit, by="clock")
    return person


def cast_of(place: District) -> Cast:
    """Everybody in their posts."""
    return again("cast", lambda: _hire_all(place), place.school.pk)


def _hire_all(place: District) -> Cast:
    s, far = place.school, place.far_school
    return Cast(
        rita=hire("rita", "林晓芸", s, ("teacher", s)),
        dora=hire("dora", "多兰", s, ("dispatcher", s)),
        will=hire("will", "王建平", s, ("technician", s)),
        wang=hire("wang", "汪强", s, ("technician", s)),
        lin=hire("lin", "周立", s, ("logistics_head", s)),
        vera=hire("vera", "孟岚", s, ("vice_principal", s)),
        hu=hire("hu", "胡启明", s, ("principal", s)),
        ouyang=hire("ouyang", "欧阳敏", place.bureau, ("repairs_officer", place.bureau)),
        ping=hire("ping", "平雅琴", None, ("parent", s)),
        ada=hire("ada", "许岩", place.bureau, ("admin", place.bureau)),
        sam=hire("sam", "沈三", far, ("dispatcher", far)),
        tess=hire("tess", "田甜", far, ("teacher", far)),
        wu=hire("wu", "吴芳", s, ("asset_manager", s)),
    )


def later(**span: float) -> datetime:
    """Monday nine o'clock and so much more by the wall clock."""
    return MONDAY + timedelta(**span)
