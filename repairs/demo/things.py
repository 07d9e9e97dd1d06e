"""Stickers on every door, the first cards of two registers, and one report by somebody who did not sign in."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal import clock
from portal.cases.actions import filled, move, new_receipt
from portal.cases.actors import Receipt
from portal.cases.models import Case
from portal.evidence.covering import cover
from portal.evidence.grids import Grid
from portal.evidence.models import Piece
from portal.hall.demo.cast import ADMIN
from portal.hall.demo.district import District, School
from portal.hall.demo.stage import Stage, Story
from portal.stickers.actions import make, welcome
from portal.stickers.models import Sticker
from repairs.actions import visit
from repairs.actions.assets import change_asset, enter_asset
from repairs.flow import FLOW

from .album import Album

WELCOMING, REGISTERS = "LX01", ("LX01", "YG01")
# name, class, spec, price in 元, pieces, bought on, supplier, words of the places it stands in
THINGS = (
    ("触控一体机", "2", "希沃 86 英寸", "16800", 1, date(2023, 8, 20), "县电教设备公司", "教室"),
    ("立柜空调", "2", "美的 3 匹", "5980", 1, date(2022, 6, 10), "新华家电", "教室"),
    ("学生课桌椅", "6", "可升降", "268", 45, date(2021, 8, 15), "青禾家具厂", "教室"),
    ("教师办公桌", "6", "1.4 米", "860", 6, date(2020, 7, 30), "青禾家具厂", "办公室"),
    ("激光打印机", "2", "奔图 M7160", "2380", 1, date(2024, 3, 5), "县电教设备公司", "办公室"),
    ("直饮机", "2", "步进式 4 龙头", "7600", 1, date(2023, 3, 18), "清源净水", "饮水点"),
    ("学生电脑", "2", "联想启天", "3980", 40, date(2022, 9, 1), "县电教设备公司", "机房"),
    ("钢琴", "3", "珠江 118", "17600", 1, date(2018, 9, 1), "县文体用品店", "音乐"),
    ("图书", "5", "小学生读物", "22", 3200, date(2019, 5, 12), "新华书店", "图书"),
    ("书架", "6", "双面六层", "1150", 12, date(2019, 5, 12), "青禾家具厂", "图书"),
    ("显微镜", "3", "学生用 640 倍", "480", 24, date(2021, 4, 9), "县教学仪器站", "实验"),
    ("电子琴", "3", "61 键", "1280", 10, date(2020, 10, 20), "县文体用品店", "音乐"),
    ("监控录像机", "2", "32 路", "4600", 1, date(2024, 7, 8), "平安电子", "值班"),
    ("冷藏柜", "2", "四门", "5200", 2, date(2022, 2, 25), "新华家电", "厨"),
    ("移动音箱", "2", "12 寸", "1380", 2, date(2023, 11, 3), "县文体用品店", "操场"),
)  # fmt: skip
SEEN = timedelta(minutes=25)  # how long ago the stranger reported
LONG_SEEN = timedelta(days=2, hours=3)  # how long ago somebody tried the sticker for a joke
NIGHT = timedelta(hours=14)


def label(district: District) -> None:
    """Every school's places get their stickers; one school lets strangers report."""
    admin = district.person(ADMIN)
    for school in district.schools.values():
        make(school.unit, by=admin)
    welcome(district.schools[WELCOMING].unit, is_on=True, by=admin)


def register(district: District) -> None:
    """Fifteen cards in each of two schools; one thing has been moved, one waits to be scrapped."""
    for code in REGISTERS:
        school = district.schools.get(code)
        keeper = school.holder("asset_manager") if school else ""
        if school and keeper:
            _cards(district, school, keeper)


def _cards(district: District, school: School, keeper: str) -> None:
    by, teachers = district.person(keeper), school.posts.get("teacher", [keeper])
    made = []
    for n, (name, kind, spec, price, quantity, got_on, supplier, where) in enumerate(THINGS, 1):
        fitting = [one for one in school.places if where in one.name] or school.places
        card: dict[str, Any] = {
            "code": f"ZC-{got_on.year}-{n:03d}",
            "name": name,
            "kind": kind,
            "spec": spec,
            "price": Decimal(price),
        }
        card |= {"quantity": quantity, "got_on": got_on, "supplier": supplier, "source": "bought"}
        card |= {"warranty_until": got_on.replace(year=got_on.year + 3)}
        holder = district.person(teachers[n % len(teachers)])
        made.append(enter_asset(unit=fitting[n % len(fitting)], by=by, keeper=holder, **card))
    elsewhere = next(one for one in reversed(school.places) if one.pk != made[4].unit_id)
    change_asset(made[4], by=by, reason="那边没有打印机，先挪过去用", unit=elsewhere)
    change_asset(made[11], by=by, reason="有四台按键失灵，修不如换", state="to_scrap")


def stranger(district: District, stage: Stage, album: Album) -> None:
    """A grandparent at the gate, a little while ago: it waits to be vouched for. A joke of some days before was not kept."""
    school = district.schools[WELCOMING]
    wall = stage.until - SEEN
    stage.add(max(stage.starts, district.hours.by_day(wall - NIGHT, wall)), _visited(district, school, album))
    before = stage.until - LONG_SEEN
    stage.add(max(stage.starts, district.hours.by_day(before - NIGHT, before)), _joked(district, school, album))


def _joked(district: District, school: School, album: Album) -> Story:
    """Somebody tries the sticker out; the desk looks and dismisses it, and the photo is gone."""
    case = _sent(school, album, "哈哈，我只是试试这个码")
    yield district.hours.awake(clock.now() + timedelta(minutes=50))
    desk = district.person(school.holder("dispatcher"))
    move(case, "dismiss", by=desk, data={"reason": "到现场看过，护栏是好的。"})


def _visited(district: District, school: School, album: Album) -> Story:
    """The desk has looked and covered whoever passed by in the picture; it is still to be vouched for."""
    case = _sent(school, album, "接孩子的护栏松了，一推就晃")
    yield clock.now() + timedelta(minutes=5)
    photo = Piece.objects.get(address=case.address)
    grid = Grid(photo.width, photo.height)
    passer_by = [grid.number(f"{row}-{column}") for row in (2, 3, 4) for column in (9, 10)]
    cover(photo.pk, [one for one in passer_by if one is not None], by=district.person(school.holder("dispatcher")))


def _sent(school: School, album: Album, words: str) -> Case:
    """Reported from the sticker at the gate, without an account."""
    gate = next((one for one in school.places if "校门" in one.name), school.places[0])
    sticker = Sticker.objects.select_related("unit__school").get(unit=gate, about="", revoked_at=None)
    code = new_receipt()
    by = Receipt.of(code)
    said = {"topic": "RP-16", "words": words, "photos": [album.before("fence", by=by)]}
    form = filled(FLOW, FLOW.visiting, case=None, by=by, data=said)  # type: ignore[arg-type]
    return visit(form, by=by, sticker=sticker, receipt=code)
