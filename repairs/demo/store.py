"""The store in the demo: forty things in each school, and jobs that wait for materials in different states."""

from decimal import Decimal

from portal.cases.actions import move
from portal.errors import Refused
from portal.hall.demo.district import District
from portal.hall.demo.stage import Story
from portal.sheets.importing import Line, Table
from repairs.actions.stock_import import carry_out, plan
from repairs.models import Materials

from .job import Job

THINGS = (
    ("electric", "支", "LED 灯管 T8 18W|12|LED 灯管 T8 30W|18|吸顶灯 24W|35|五孔插座 86 型|9|空气开关 C32|28|电线 2.5 平方（卷）|165"),
    ("water", "个", "角阀 4 分|15|软管 50 厘米|8|水龙头 感应|120|下水管 50|11|生料带|2|马桶水箱配件|38"),
    ("hardware", "个", "锁芯 70|26|门合页 4 寸|6|闭门器 60 公斤|58|窗户月牙锁|7|膨胀螺丝 M8|1|挂锁 40|18"),
    ("furniture", "件", "课桌面板|45|课椅靠背|22|床梯踏板|30|讲台柜门|85"),
    ("paint", "桶", "内墙乳胶漆 18 升|260|防水涂料 5 公斤|95|腻子粉 20 公斤|28|玻璃胶 300 毫升|14"),
    ("device", "个", "投影机灯泡|480|风扇电容|9|饮水机滤芯|65|空调遥控器|35|一体机触控笔|40"),
    ("network", "个", "网线 六类（箱）|520|水晶头（盒）|45|无线路由器|160|交换机 8 口|110"),
    ("safety", "具", "灭火器 4 公斤|78|应急灯|55|安全出口牌|42"),
    ("cleaning", "袋", "拖把头|12|垃圾袋 大|18|消毒液 5 升|36"),
)  # fmt: skip


def stock(district: District) -> None:
    """Fills each school's store by one import of its keeper, as a school would begin."""
    for school in district.schools.values():
        keeper = school.holder("asset_manager") or school.holder("logistics_head")
        if keeper and school.unit.school is not None:
            table = Table([Line(number, clean) for number, clean in enumerate(_lines(district), 2)])
            seen = plan(table, school=school.unit.school).digest
            carry_out(table, school=school.unit.school, seen=seen, by=district.person(keeper))


def _lines(district: District) -> list[dict[str, object]]:
    rows = []
    for category, measure, things in THINGS:
        words = things.split("|")
        for label, price in zip(words[::2], words[1::2], strict=True):
            name, _, spec = label.partition(" ")
            minimum = Decimal(district.chance.randint(2, 6))
            rows.append({
                "name": name, "spec": spec, "measure": measure, "category": category, "price": Decimal(price),
                "quantity": Decimal(district.chance.randint(0, 24)), "minimum": minimum, "supplier": "县五金商店",
            })  # fmt: skip
    return rows


def waiting(job: Job) -> Story:
    """At work, the technician asks for materials; the head approves, the keeper hands out, the job goes on."""
    yield job.later(job.character.way)
    job.arrive()
    yield job.later(15)
    line = {"item": "LED 灯管 T8 18W", "quantity": "2", "measure": "支", "price": "12"}
    job.take("request_materials", job.technician, category="electric", reason="现场要换。", lines=[line])
    yield job.later(90)
    if not _take(job, "approve", job.school.holder("logistics_head")):
        return
    yield job.later(120)
    keeper = job.school.holder("asset_manager") or job.school.holder("logistics_head")
    if not _take(job, "hand_out", keeper):
        return
    yield job.later(job.character.work)
    if job.stands_in("working"):
        job.finish()


def _take(job: Job, step: str, by: str) -> bool:
    """One step of the job's request, by whoever holds the post; false where it cannot be taken now."""
    case = Materials.objects.filter(links__target=job.ticket.pk, is_open=True).first()
    if case is None or not by:
        return False
    lines = [{"line": line.pk, "quantity": line.outstanding} for line in case.lines.all()] if step == "hand_out" else []
    try:
        move(case, step, by=job.district.person(by), data={"lines": lines})
    except Refused:
        return False
    return True
