"""What a school and the bureau announce: news corrected the day after, notices that ask for 已阅 and are read by some, drafts."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from portal.clock import SCHOOL_TIME
from portal.orgs.models import Unit, User
from portal.publications import announcing, receipts
from portal.publications.models import Announcement, Issue

from .chance import SEED, Chance
from .district import District
from .stage import Stage, Story

HOME = "LX01"
SHARES = (0.1, 0.08)  # of those who have not read it yet, at each of the next looks
LATER = {"chuxiang", "fangzheng", "namin", "tangrui", "henuan", "jiwenqing"}  # to whom visitors find something to read
WINTER = """# 作息调整

11 月 30 日起执行冬季作息：

| 时段 | 小学低年级 | 小学高年级 |
| 到校 | 8:10 | 7:50 |
| 午餐 | 11:40 | 12:00 |
| 放学 | 15:50 | 16:30 |

- 延时服务到 **17:30**
- 冬季天黑得早，请按约定的时间接孩子"""
RESEARCH = """# 本月教研安排

1. 14:30 在阶梯教室集中，各组带一份教案
2. 15:30 分组评课，语文组在 203 教室

> 当天有课的老师请提前调好课。"""
SAFETY = """# 冬季安全工作提醒

各校要在本周内做完三件事：

1. 查一遍**取暖设备和线路**，查出的隐患当天登记
2. 给每个班开一次防火、防滑主题班会
3. 核对值班表，节假日也要有人接电话

有困难的请直接找局安全科。"""
MEETING = "# 家长会\n\n11 月 27 日 15:00 在各班教室开家长会，请一名家长到会，来不了的请告诉班主任。"
ENROL = "# 义务教育阶段转学办理\n\n寒假转学从 1 月 10 日起受理，所需材料和流程见附表。\n\n| 材料 | 份数 |\n| 户口簿复印件 | 1 |\n| 转学申请表 | 2 |"


@dataclass(frozen=True)
class Said:
    """One announcement: whose, for whom, about what."""

    unit: Unit
    by: User
    audience: str
    category: str
    title: str
    text: str
    asks_receipt: bool = False

    def write(self) -> Announcement:
        """Its draft."""
        said: dict[str, Any] = {name: getattr(self, name) for name in announcing.SAID}
        return announcing.write(None, unit=self.unit, by=self.by, files=[], **said)


def begin(district: District, stage: Stage) -> None:
    """Puts the announcements of the last days on the stage."""
    if not district.has(HOME):
        return
    school, bureau = district.schools[HOME], district.place("bureau")
    head, teacher = district.person(school.holder("principal")), district.person("linxiaoyun")
    boss, home = district.person("chengyuan"), district.place(HOME)
    told = (
        (4, Said(home, head, "public", "notice", "冬季作息时间调整", WINTER)),
        (4, Said(bureau, boss, "public", "notice", "寒假转学办理说明", ENROL)),
        (3, Said(bureau, boss, "staff", "notice", "冬季安全工作提醒", SAFETY, asks_receipt=True)),
        (2, Said(home, head, "parents", "notice", "期中家长会", MEETING, asks_receipt=True)),
    )
    for days, said in told:
        stage.add(_morning(stage.until, days), _told(said))
    research = Said(home, teacher, "staff", "notice", "本月教研安排", RESEARCH, asks_receipt=True)
    stage.add(_morning(stage.until, 2), _handed_in(research, head))
    stage.add(_morning(stage.until, 1), _waiting(teacher, home))


def _morning(until: datetime, days: int) -> datetime:
    """Half past eight, so many days before the end."""
    day = until.astimezone(SCHOOL_TIME).date() - timedelta(days=days)
    return datetime.combine(day, time(8, 30), SCHOOL_TIME)


def _told(said: Said) -> Story:
    """Issued by who wrote it; the one on hours is corrected the day after."""
    one = said.write()
    made = announcing.issue(one, by=said.by)
    if said.asks_receipt:
        yield from _read(made.issue)
    elif said.text is WINTER:
        yield made.at + timedelta(days=1)
        one.refresh_from_db()
        text = WINTER.replace("16:30", "16:20")
        announcing.amend(one, reason="高年级放学时间写错了。", by=said.by, seen=one.version,
                         category=one.category, title=one.title, text=text)  # fmt: skip


def _handed_in(said: Said, head: User) -> Story:
    """Sent back once, then issued and read by some."""
    one = announcing.hand_in(said.write(), by=said.by)
    one = announcing.send_back(one, reason="请写明评课的教室。", by=head)
    one = announcing.hand_in(one, by=said.by)
    made = announcing.issue(one, by=head)
    yield from _read(made.issue)


def _read(issue: Issue) -> Story:
    """Some of those asked read it soon, some later, some not yet."""
    chance, at = Chance(SEED + issue.pk), issue.first_at  # of its own: the rest of the district stays as it was
    assert at is not None
    for share in SHARES:
        at += timedelta(hours=2)
        yield at
        for person in receipts.people(issue):
            if person.username not in LATER and chance.happens(share):
                receipts.read(issue, by=person)


def _waiting(teacher: User, home: Unit) -> Story:
    """One that waits for the head, one that is a draft still."""
    announcing.hand_in(
        Said(home, teacher, "public", "news", "校园足球赛收官", "# 决赛\n\n四年级（2）班夺冠。").write(), by=teacher
    )
    Said(home, teacher, "staff", "notice", "期末监考安排（未定）", "等教务处的考场表。").write()
    yield from ()
