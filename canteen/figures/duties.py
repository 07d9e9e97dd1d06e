"""Whether the day's duties were done: samples, a leader's meal, controls, self-checks; what was missed; whether cameras live."""

from collections.abc import Iterator
from decimal import Decimal

from canteen.flow import ACCOMPANIES, CONTROLS, SAMPLINGS
from canteen.queries.kitchen import online
from canteen.queries.uptime import uptime
from portal.rollups.book import Figure, How, Light, Part, Past, Tally

KEPT = ("kept", "discarded", "done")
SELF = "self"
NOT_DUE = ("unserved", "excused")


def _counted(name: str, past: Past) -> Iterator[Part]:
    """One duty: due on its day; done, or missed. Meals that were not served and controls that were waived were not due."""
    if past.case.state in NOT_DUE:
        return
    for tally in (f"canteen.{name}", "canteen.duties"):
        yield Part(tally, past.case.day)
        if past.case.state in KEPT:
            yield Part(f"{tally}_done", past.case.day)
        if past.case.state == "missed":
            yield Part(f"{tally}_missed", past.case.day)


def sampled(past: Past) -> Iterator[Part]:
    """留样 of one meal."""
    yield from _counted("samplings", past)


def accompanied(past: Past) -> Iterator[Part]:
    """陪餐 of one meal."""
    yield from _counted("accompanies", past)


def controlled(past: Past) -> Iterator[Part]:
    """One control; the canteen's own weekly check apart as well."""
    yield from _counted("controls", past)
    if past.case.topic_of == SELF:
        yield from (part for part in _counted("selfchecks", past) if part.tally.startswith("canteen.selfchecks"))


KINDS = {SAMPLINGS.kind: sampled, ACCOMPANIES.kind: accompanied, CONTROLS.kind: controlled}
NAMES = ("duties", "samplings", "accompanies", "controls", "selfchecks")
TALLIES = tuple(Tally(f"canteen.{name}{end}", by_topic=False) for name in NAMES for end in ("", "_done", "_missed"))
LEADING = ("duties_rate", "cameras_online")
RANKED: tuple[tuple[str, int], ...] = ()
GOOD = Light(Decimal(90), Decimal(98), word="完成")
FIGURES = (
    Figure("canteen.duties_rate", "每日事项完成率", "%", "留样、陪餐、管控和自查中，做了的 ÷ 应做的；没有供餐和免的不算。", How.SHARE, of="canteen.duties_done",
           over="canteen.duties", icon="clipboard-check", high_is_good=True, light=GOOD),
    Figure("canteen.duties_missed", "每日事项漏做", "件", "到时没有做的留样、陪餐、管控和自查。", How.COUNT, of="canteen.duties_missed", icon="circle-x",
           high_is_good=False),
    Figure("canteen.samplings_rate", "留样完成率", "%", "每样菜都留了样的餐次 ÷ 供餐的餐次。", How.SHARE, of="canteen.samplings_done", over="canteen.samplings",
           icon="flask-conical", high_is_good=True, light=GOOD),
    Figure("canteen.accompany_rate", "陪餐率", "%", "次日中午前后记了学校负责人陪餐的餐次 ÷ 供餐的餐次。", How.SHARE, of="canteen.accompanies_done",
           over="canteen.accompanies", icon="utensils", high_is_good=True, light=GOOD),
    Figure("canteen.controls_rate", "管控完成率", "%", "日管控、周排查、月调度和自查中，做了的 ÷ 应做的。", How.SHARE, of="canteen.controls_done",
           over="canteen.controls", icon="clipboard-check", high_is_good=True, light=GOOD),
    Figure("canteen.selfchecks_rate", "自查完成率", "%", "食堂每周自查中，做了的 ÷ 应做的。", How.SHARE, of="canteen.selfchecks_done",
           over="canteen.selfchecks", icon="clipboard-check", high_is_good=True, light=GOOD),
    Figure("canteen.camera_uptime", "摄像头运行率", "%", "开放时段里，摄像头没有掉线的分钟 ÷ 在用的分钟；掉线从最后一次报平安算起，到恢复为止。不开放给家长看的食堂按全天算。", How.SHARE,
           asked=uptime, word="分钟", icon="cctv", high_is_good=True, light=Light(Decimal(90), Decimal(98), word="运行")),
    Figure("canteen.cameras_online", "摄像头在线率", "%", "此刻在线的摄像头 ÷ 在用的；超过食堂设定的分钟数没有报平安算掉线。", How.SHARE, asked=online, word="个", icon="cctv",
           high_is_good=True, light=Light(Decimal(90), Decimal(100), word="在线")),
)  # fmt: skip
