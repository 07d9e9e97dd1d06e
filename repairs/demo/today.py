"""What is going on at this very moment: for each named account something waits, whatever hour the demo is loaded at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage, Story

from .album import Album
from .characters import character_of
from .faults import Fault, faults
from .job import Job, Planned

ON_DESK, AT_WORK = ("accept", "assign"), ("accept", "assign", "arrive")
DONE = (*AT_WORK, "finish")
WALL, SCHOOL = "wall", "school"  # whether hours are counted day and night, or while there is school
GAPS = (14, 6, 45, 50, 80)  # minutes until each act
NIGHT = timedelta(hours=14)  # somewhere in so many hours people are awake


@dataclass(frozen=True)
class Scene:
    """A ticket that stands somewhere right now: reported so many hours `ago`, then `acts` one after the other.

    `rises` names the post that has been told last and has not acknowledged yet.
    """

    school: str
    by: str
    fault: tuple[str, str]
    place: str
    words: str
    ago: tuple[str, float]
    acts: tuple[str, ...] = ()
    technician: str = "wangjianping"
    rises: str = ""


# 柳溪镇中心小学: everybody has something to do.
HERE = (
    Scene("LX01", "linxiaoyun", ("RP-06", "一体机"), "202 教室", "一体机触摸失灵，点哪都没反应", (WALL, 0.2)),
    Scene("LX01", "pingyaqin", ("RP-16", "井盖"), "校门", "雨水篦子翘起来了，接孩子时差点绊倒", (WALL, 0.6)),
    Scene("LX01", "", ("RP-05", "柜"), "图书室", "书柜门掉了一扇，书码在地上", (SCHOOL, 1.2)),
    Scene("LX01", "", ("RP-04", "窗"), "音乐室", "后窗把手断了，锁不住", (SCHOOL, 1.6), ("accept",)),
    Scene("LX01", "", ("RP-02", "下水"), "二层女厕", "地漏返臭，一进门就闻到", (WALL, 1.3), ("accept",)),
    Scene("LX01", "", ("RP-03", "开关"), "一层男厕", "开关面板碎了一角，怕孩子伸手碰到", (WALL, 2.0), ON_DESK),
    Scene("LX01", "", ("RP-04", "锁"), "101 教室", "门锁拧不动，早上差点开不了门", (SCHOOL, 2.4), ON_DESK),
    Scene("LX01", "", ("RP-15", "直饮机"), "一层饮水点", "直饮机不出水，屏幕显示换滤芯", (WALL, 3.0), AT_WORK),
    Scene("LX01", "linxiaoyun", ("RP-01", "水龙头"), "二层饮水点", "水龙头关不紧，地面积水\n孩子下课都挤在这里，容易滑倒。", (WALL, 7.0),
          (*DONE, "send_back")),
    Scene("LX01", "", ("RP-06", "展台"), "302 教室", "展台不出图，提示没信号", (SCHOOL, 5.6), (*AT_WORK, "ask_time")),
    Scene("LX01", "", ("RP-06", "投影"), "201 教室", "投影灯泡闪，开一会儿就灭", (SCHOOL, 6.2), (*AT_WORK, "ask_materials")),
    Scene("LX01", "wufang", ("RP-02", "堵塞"), "一层男厕", "第三个蹲位又往外返水", (WALL, 40.0), ("merge_into_first",)),
    Scene("LX01", "linxiaoyun", ("RP-03", "灯具"), "203 教室", "前排顶灯不亮，黑板看不清", (WALL, 9.0), DONE),
    Scene("LX01", "linxiaoyun", ("RP-05", "课桌椅"), "203 教室", "第四排一张课桌腿断了，垫着书在用", (SCHOOL, 9.0), DONE),
    Scene("LX01", "pingyaqin", ("RP-11", "门禁"), "校门", "接送区人脸机离线，放学排了很长的队", (WALL, 8.0), DONE),
    Scene("LX01", "wufang", ("RP-04", "锁"), "总务处", "库房门锁芯坏了，钥匙转不动", (SCHOOL, 10.0), DONE),
    Scene("LX01", "xuyan", ("RP-08", "空调"), "微机室", "机柜那台空调不制冷，交换机很烫", (SCHOOL, 12.0), DONE),
    Scene("LX01", "chengyuan", ("RP-09", "墙面"), "三层走廊", "下校时看到墙皮掉了一片，课间学生都从下面走", (SCHOOL, 11.0), DONE),
    Scene("LX01", "wufang", ("RP-09", "屋面渗漏"), "三层走廊", "下雨屋顶渗水，吊顶黄了一片", (SCHOOL, 13.0), AT_WORK, "dingdayong"),
    Scene("LX01", "", ("RP-16", "树木"), "校园道路", "大树枝断了半截，挂在上面", (SCHOOL, 3.4), ON_DESK, "dingdayong"),
    Scene("LX01", "", ("RP-06", "音响"), "音乐室", "音响只有一边响，合唱排练用不了", (SCHOOL, 2.6), rises="logistics_head"),
    Scene("LX01", "", ("RP-06", "一体机"), "301 教室", "一体机黑屏，只有声音", (SCHOOL, 14.5), AT_WORK, rises="vice_principal"),
    Scene("LX01", "", ("RP-02", "堵塞"), "一层男厕", "下水堵了，第三个蹲位往外返", (WALL, 49.0), AT_WORK, rises="principal"),
    Scene("LX01", "leaving", ("RP-03", "灯具"), "三层教师办公室", "进门的灯不亮", (WALL, 30.0), (*DONE, "opener_leaves")),
    Scene("YG01", "shenzhixing", ("RP-18", "插座"), "1 号楼 312 宿舍", "床头插座没电，台灯用不了", (WALL, 8.0), DONE, ""),
    Scene("YG01", "shenzhixing", ("RP-13", "篮架"), "篮球馆", "篮板螺丝松了，投球时会晃", (SCHOOL, 2.0), ("accept",), ""),
)  # fmt: skip
# Of the days before, one of each way a ticket can end.
LATELY = (
    Scene("LX01", "linxiaoyun", ("RP-07", "无线"), "203 教室", "无线连上了但打不开网页", (SCHOOL, 15.0), ("reject",)),
    Scene("LX01", "pingyaqin", ("RP-16", "围栏"), "校门", "接送区护栏一推就晃", (SCHOOL, 17.0), ("withdraw",)),
    Scene("LX01", "linxiaoyun", ("RP-04", "窗"), "203 教室", "窗户把手断了，锁不住", (SCHOOL, 24.0), (*DONE, "confirm")),
    Scene("LX01", "", ("RP-08", "电扇"), "102 教室", "吊扇不转，几档都没反应", (SCHOOL, 34.0), DONE),
)  # fmt: skip
# 石门小学: work lies about, and the bureau has heard of it.
BADLY = (
    Scene("SM01", "", ("RP-06", "一体机"), "201 教室", "一体机卡在白屏，课件放不了", (SCHOOL, 0.9), (), ""),
    Scene(
        "SM01",
        "",
        ("RP-06", "投影"),
        "教师办公室",
        "投影画面发黄，集体备课看不清字",
        (SCHOOL, 3.0),
        (),
        "",
        "logistics_head",
    ),
    Scene("SM01", "", ("RP-01", "水龙头"), "一层饮水点", "水龙头拧到头还在流", (WALL, 9.0), (), "", "principal"),
    Scene(
        "SM01", "", ("RP-03", "插座"), "102 教室", "墙上插座面板松了，能看见线", (WALL, 28.0), ON_DESK, "", "principal"
    ),
    Scene(
        "SM01", "", ("RP-02", "堵塞"), "二层女厕", "蹲位堵了，水漫到门口", (WALL, 75.0), AT_WORK, "", "repairs_officer"
    ),
    Scene(
        "SM01", "", ("RP-12", "冷柜"), "后厨", "冷柜门封条裂了，关不严", (WALL, 62.0), (*AT_WORK, "urged_by_bureau"), ""
    ),
    Scene("SM01", "", ("RP-09", "墙面"), "202 教室", "墙角有一条裂缝，比上学期宽了", (SCHOOL, 26.0), ("accept",), ""),
)


def scenes(district: District, stage: Stage, album: Album) -> Iterator[Planned]:
    """Every scene of a school that stands, put at its moment."""
    for scene in (*LATELY, *HERE, *BADLY):
        if district.has(scene.school):
            moment = _begins(district, stage, scene)
            job = _job(district, album, scene)
            yield Planned(moment, job, _played(job, scene, stage, moment))


def _begins(district: District, stage: Stage, scene: Scene) -> datetime:
    """When it was reported: by day, so many hours ago by the wall clock, or in school hours."""
    hours, until, (measure, ago) = district.hours, stage.until, scene.ago
    wall = until - timedelta(hours=ago)
    if measure == SCHOOL:
        path = district.place(scene.school).path
        found = hours.school_hours_before(path, until, ago, since=stage.starts)
        if found is not None:
            return found
    return max(stage.starts, hours.by_day(wall - NIGHT, wall))


def _played(job: Job, scene: Scene, stage: Stage, begins: datetime) -> Story:
    """Reports it, and takes the acts, the last of them before now."""
    job.report(photos=1)
    if scene.rises:
        stage.unheard.add((job.ticket.pk, scene.rises))
    for moment, act in zip(_moments(job, begins, stage.until, len(scene.acts)), scene.acts, strict=True):
        yield moment
        getattr(job, act)()


def _moments(job: Job, begins: datetime, until: datetime, count: int) -> list[datetime]:
    """When the acts are taken: one soon after the other where the school is quick, if now is far enough away; else spread."""
    moments, at = [], begins
    for gap in GAPS[:count]:
        at = job.district.hours.awake(at + timedelta(minutes=job.chance.around(gap)))
        moments.append(at)
    late = until - timedelta(minutes=3)
    if job.character.on_duty and at < late:
        return moments
    spread = job.district.hours.shares(begins, late, count)
    return [one - timedelta(seconds=job.chance.randrange(500)) for one in spread] if count else []


def _job(district: District, album: Album, scene: Scene) -> Job:
    school = district.schools[scene.school]
    place = next(one for one in school.places if one.name == scene.place)
    others = [one for one in school.posts["teacher"][2:-2] if one != "linxiaoyun"]
    openers = {"": district.chance.choice(others), "leaving": school.posts["teacher"][-2]}
    return Job(
        district,
        school,
        character_of(school.code),
        album,
        _fault(*scene.fault),
        place,
        scene.words,
        openers.get(scene.by, scene.by),
        scene.technician or school.holder("technician"),
    )


def _fault(topic: str, item: str) -> Fault:
    return next(one for one in faults() if (one.topic, one.item) == (topic, item))
