"""Hazards of these weeks: each a story of steps, the last of them left where it stands today; one school does badly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.cases.actions import filled, move, new_receipt
from portal.cases.actors import Receipt
from portal.cases.models import Case
from portal.evidence.models import Piece
from portal.hall.demo.album import Album
from portal.hall.demo.district import District, School
from portal.hall.demo.stage import Stage, Story
from portal.orgs.models import Unit, User
from portal.stickers.actions import make
from portal.stickers.models import Sticker
from safety_grid.actions import report, visit
from safety_grid.flow import FLOW
from safety_grid.models import Hazard

from .scenes import SCENES

OFFICER, CARER = "caoyan", "henuan"  # of the bureau
LASTLY = timedelta(minutes=20)  # between the last act and now


@dataclass(frozen=True)
class Plot:
    """What is seen where, how many days ago, and which steps were taken since; hours pass between them."""

    school: str
    ago: float
    topic: str
    where: str
    words: str
    scene: str
    acts: tuple[str, ...] = ()
    promised: int = 6  # days
    stranger: bool = False


GOOD = ("register", "plan", "start", "finish", "close_out")
AT_ONCE = ("register", "fix_now", "finish", "close_out")
MAJOR = ("refer", "major", "plan", "finish", "accept", "recheck_ok")
PLOTS = (
    Plot("LX01", 12.5, "HZ-01", "走廊", "楼梯口堆着纸箱和旧椅子", "stairs", AT_ONCE),
    Plot("LX01", 12, "HZ-02", "教室", "窗下外墙裂了一道缝", "crack", GOOD),
    Plot("LX01", 11, "HZ-04", "教师办公室", "一个插线板接了六台电器，插口发黑", "strip", AT_ONCE),
    Plot("LX01", 10, "HZ-03", "走廊", "栏杆少了两根", "railing", MAJOR),
    Plot("LX01", 6, "HZ-04", "后厨", "燃气软管老化开裂，没有燃气报警", "kitchen", MAJOR[:5]),
    Plot("LX01", 4, "HZ-01", "走廊", "安全出口上了锁链", "exitdoor", MAJOR[:4]),
    Plot("LX01", 3.2, "HZ-12", "走廊", "放学时楼梯间没有人疏导，挤在一起", "stairs", MAJOR[:3], 9),
    Plot("LX01", 3, "HZ-02", "教室", "墙角裂缝比上月宽", "crack", GOOD[:4]),
    Plot("LX01", 2.6, "HZ-13", "操场", "看台栏杆松动", "railing", GOOD[:3], 8),
    Plot("LX01", 2, "HZ-04", "微机室", "插线板拖在过道上", "strip", GOOD[:2], 7),
    Plot("LX01", 1.1, "HZ-01", "走廊", "楼梯口又堆了纸箱", "stairs", AT_ONCE[:2]),
    Plot("LX01", 0.9, "HZ-06", "校门", "校门防冲撞桩缺了一根", "railing", GOOD[:1]),
    Plot("LX01", 0.5, "HZ-02", "厕", "吊顶一角松了", "crack", ("refer",)),
    Plot("LX01", 0.25, "HZ-01", "饮水点", "应急灯不亮，指示牌也看不清", "exitdoor"),
    Plot("LX01", 0.15, "HZ-01", "饮水点", "应急灯和指示牌都不亮，晚上很黑", "exitdoor", ("merge",)),
    Plot("LX01", 8, "HZ-99", "教室", "黑板擦不干净", "crack", ("refuse",)),
    Plot("LX01", 7, "HZ-03", "教室", "门把手松，已经自己拧紧了", "railing", ("withdraw",)),
    Plot("LX01", 5, "HZ-08", "校门", "", "railing", ("dismiss",), stranger=True),
    Plot("LX01", 0.2, "HZ-07", "校门", "", "railing", (), stranger=True),
    Plot("LX01", 6, "HZ-16", "教室", "有同学总被几个人堵在走廊", "", ("take_up", "wind_up", "settle_concern")),
    Plot("LX01", 3, "HZ-16", "教室", "一个孩子好几天不说话，作业本上写了难过的话", "", ("take_up", "hand_on")),
    Plot("LX01", 4.5, "HZ-16", "教室", "一个孩子说不想上学，怕坐在后排的同学", "", ("take_up", "wind_up")),
    Plot("LX01", 0.3, "HZ-16", "操场", "听说有人要转走别人的零花钱", ""),
    Plot("YG01", 9, "HZ-11", "宿舍", "床铺护栏松动", "railing", GOOD),
    Plot("YG01", 5, "HZ-10", "教室", "实验室通风柜旁插线板过载", "strip", GOOD[:3], 9),
    Plot("SM01", 13, "HZ-02", "教室", "墙体裂缝，雨天渗水", "crack", ("register", "plan", "start"), 4),
    Plot("SM01", 12, "HZ-01", "厕", "疏散通道堆满杂物", "stairs", ("register", "plan"), 3),
    Plot("SM01", 11, "HZ-04", "后厨", "燃气软管开裂", "kitchen", ("refer", "major", "plan"), 5),
    Plot("SM01", 5, "HZ-03", "走廊", "栏杆锈断一根", "railing", ("register",)),
    Plot("SM01", 3, "HZ-01", "教室", "后门上锁，钥匙找不到", "exitdoor"),
)
GAPS = {
    "register": 3,
    "refer": 2,
    "major": 3,
    "refuse": 4,
    "merge": 1,
    "withdraw": 2,
    "dismiss": 3,
    "plan": 7,
    "fix_now": 2,
    "start": 15,
}
GAPS |= {
    "finish": 26,
    "close_out": 9,
    "accept": 20,
    "recheck_ok": 60,
    "take_up": 3,
    "hand_on": 6,
    "wind_up": 40,
    "settle_concern": 20,
}
AT_ONCE_GAP = 4  # hours in which what can be is put right
MEASURES = ("清理、修复后逐处检查，并贴上提示", "更换损坏的部件，请专业人员检测", "加固后复测，责任到人")
INTERIM = ("拉警戒线，安排人值守", "停用这一处，改走另一侧")


def begin(district: District, stage: Stage) -> None:
    """Puts every hazard of these weeks on the stage."""
    album = Album(district.chance, SCENES)
    album.develop(plot.scene for plot in PLOTS if plot.scene)
    for plot in PLOTS:
        if district.has(plot.school):
            wall = max(stage.starts, stage.until - timedelta(days=plot.ago))
            life = Life(district, district.schools[plot.school], album, plot, stage.until)
            stage.add(district.hours.awake(wall), life.told())


def summary() -> str:
    """How many hazards there are, how many are open, how many on the board."""
    board = Hazard.objects.filter(state="supervised").count()
    return f"{Hazard.objects.count()} hazards, {Hazard.objects.filter(is_open=True).count()} open, {board} supervised"


@dataclass
class Life:
    """One hazard on its way: each act is one step, taken by the person whose step it is."""

    district: District
    school: School
    album: Album
    plot: Plot
    until: datetime
    case: Case | None = None

    def told(self) -> Story:
        """Reported, then step by step, the last of them before now."""
        self.case = self._sent() if self.plot.stranger else self._reported()
        for moment, act in zip(self._moments(), self.plot.acts, strict=True):
            yield moment
            self._take(act)

    def _moments(self) -> Iterator[datetime]:
        """One after the other; closer together where there is less time until now."""
        now, last = clock.now(), self.until - LASTLY
        gaps = [AT_ONCE_GAP if "fix_now" in self.plot.acts and act == "finish" else GAPS[act] for act in self.plot.acts]
        wanted = sum(gaps)
        room = max(0.2, (last - now).total_seconds() / 3600)
        share = min(1.0, room / wanted * 0.9) if wanted else 1.0
        at = now
        for gap in gaps:
            at = min(last, self.district.hours.awake(at + timedelta(hours=gap * share)))
            yield at

    def _take(self, act: str) -> None:
        assert self.case is not None
        case = Case.objects.get(pk=self.case.pk)
        step = FLOW.step("register" if act == "major" else act)
        if case.kind == FLOW.kind and step is not None and case.state not in step.sources:
            return  # the clock has put it on the board meanwhile
        by = self._taker(act)
        move(case, "register" if act == "major" else act, by=by, data=self._said(act, by))

    def _taker(self, act: str) -> User:
        who = {"major": "principal", "close_out": "safety_head", "register": "safety_head", "refer": "safety_head"}
        who |= dict.fromkeys(("refuse", "merge", "dismiss", "recheck_ok"), "safety_head")
        who |= dict.fromkeys(("take_up", "hand_on", "wind_up"), "counsellor")
        named = {"accept": OFFICER, "settle_concern": CARER, "withdraw": self._opener}
        return self.district.person(named.get(act) or (self.school.holder(who[act]) if act in who else self._fixer))

    def _said(self, act: str, by: User) -> dict[str, Any]:
        chance, fixer = self.district.chance, self.district.person(self._fixer)
        day = (clock.today() + timedelta(days=self.plot.promised)).isoformat()
        plan: dict[str, Any] = {
            "measures": chance.choice(MEASURES),
            "money": str(chance.choice((0, 60, 180, 420, 1200))),
        }
        plan |= {"assignee": fixer.pk, "due_on": day, "interim": chance.choice(INTERIM)}
        graded = {
            "topic": self.plot.topic,
            "assignee": fixer.pk,
            "note": "已到现场看过。",
            "colour": chance.choice(("yellow", "blue")),
        }
        said: dict[str, dict[str, Any]] = {
            "register": graded | {"grade": "general"},
            "major": graded | {"grade": "major", "colour": "red"},
            "plan": plan,
            "finish": {"after": [self._photo(broken=False, by=by)], "done": "按方案改好了。"}
            if act == "finish"
            else {},
            "refer": {"note": "可能要停用，请校长定级。"},
            "refuse": {"reason": "不是安全隐患，请报修。"},
            "merge": {"into": self._other() if act == "merge" else "", "reason": "和先报的是同一处，一起办。"},
            "dismiss": {"reason": "到现场看过，是好的。"},
            "take_up": {"assignee": by.pk},
            "hand_on": {"assignee": self.district.person(CARER).pk, "reason": "要专业的人来谈，请局里接手。"},
            "wind_up": {"outcome": "和孩子、家长、班主任都谈过，连续看了两周。"},
        }
        return said.get(act, {"note": "看过了。"})

    def _other(self) -> str:
        """The open hazard of the same kind that was reported before."""
        assert self.case is not None
        rows = Hazard.objects.filter(
            unit__school=self.case.unit.school_id, topic=self.plot.topic, is_open=True, circle=""
        )
        return rows.exclude(pk=self.case.pk).latest("pk").number

    @property
    def _opener(self) -> str:
        return self.school.posts["teacher"][(len(self.plot.words) + 1) % len(self.school.posts["teacher"])]

    @property
    def _fixer(self) -> str:
        checkers = self.school.posts["safety_head"]  # who may teach too, and never checks their own work
        teachers = [one for one in self.school.posts["teacher"] if one not in checkers]
        return teachers[len(self.plot.where) % len(teachers)]

    def _place(self) -> Unit:
        fitting = [one for one in self.school.places if self.plot.where in one.name] or self.school.places
        return fitting[len(self.plot.words) % len(fitting)]

    def _photo(self, *, broken: bool, by: Any) -> Piece:
        return (self.album.before if broken else self.album.after)(self.plot.scene, by=by)

    def _reported(self) -> Case:
        by = self.district.person(self._opener)
        data: dict[str, Any] = {"unit": self._place().pk, "topic": self.plot.topic, "words": self.plot.words}
        data["photos"] = [self._photo(broken=True, by=by)] if self.plot.scene else []
        return report(filled(FLOW, FLOW.opening, case=None, by=by, data=data), by=by)

    def _sent(self) -> Case:
        """From the sticker of a place, without an account."""
        place, code = self._place(), new_receipt()
        make(place, by=self.district.person(self.school.holder("logistics_head")))
        sticker = Sticker.objects.select_related("unit__school").get(unit=place, about="", revoked_at=None)
        by = Receipt.of(code)
        data = {"topic": self.plot.topic, "photos": [self._photo(broken=True, by=by)]}
        form = filled(FLOW, FLOW.visiting, case=None, by=by, data=data)  # type: ignore[arg-type]
        return visit(form, by=by, sticker=sticker, receipt=code)
