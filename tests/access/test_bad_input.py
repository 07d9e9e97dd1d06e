"""Whatever is typed into a page: a sentence, the right status, nothing written, nothing typed lost.

Each row is one thing wrong in an otherwise good form.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client

from portal.cases.actions import move
from portal.cases.models import Words
from portal.evidence.models import Piece
from tests.conftest import jpeg, photo_of

from .people import Visitor
from .world import World, undone

pytestmark = pytest.mark.django_db
LONG = "灯" * 35_000  # about 100 KB
HUGE = "9" * 40
KEPT = "走廊尽头的灯一直闪"
# what a refusal may leave behind: tries are counted, sessions go on, and a good photo waits for the next try
MAY_CHANGE = {"Session", "Attempts", "AccessToken", "Device"}
WRITTEN = [
    model
    for app in ("cases", "ledger", "notices", "orgs", "worktime", "evidence", "repairs")
    for model in apps.get_app_config(app).get_models()
    if model.__name__ not in MAY_CHANGE
]


def counts() -> dict[str, int]:
    """How many rows there are of everything a form could write; photos count once they are attached."""
    return {model.__name__: _rows(model) for model in WRITTEN}


def _rows(model: type[Model]) -> int:
    rows = model._base_manager.all()
    return (rows.exclude(address="") if model is Piece else rows).count()


def title_of(page: str) -> str:
    """What stands in the browser's tab before the portal's name."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    return unescape(found[1]).removesuffix("· 阳光校务").strip() if found else ""


def kept_in(page: str, words: str) -> bool:
    """Whether the page still has what was typed."""
    return words in unescape(page)


def refused(answer: Any, before: dict[str, int], status: int, sentence: str, *kept: str) -> dict[str, Any]:
    """What is wrong with a refusal; nothing when it is as it should be."""
    page = answer.content.decode()
    wrong: dict[str, Any] = {}
    if answer.status_code != status:
        wrong["status"] = answer.status_code
    if not title_of(page):
        wrong["title"] = ""
    if sentence not in unescape(page):
        wrong["sentence"] = re.findall(r'class="wrong"[^>]*>(.*?)</p>', page, re.DOTALL) or page[-600:]
    lost = [words[:40] for words in kept if not kept_in(page, words)]
    if lost:
        wrong["lost"] = lost
    if counts() != before:
        wrong["written"] = {name: n for name, n in counts().items() if n != before[name]}
    return wrong


@contextmanager
def sending(
    world: World, name: str, state: str = "", relation: str = "本校"
) -> Iterator[tuple[Visitor, Client, str, dict[str, int]]]:
    """Somebody at their browser, before a case that stands there; undone afterwards."""
    who = world.people[name]
    with undone():
        number = ""
        if state:
            world.relate(world.cases[state], who, relation)
            number = world.cases[state].number
        yield who, who.browser, number, counts()


# field, what is wrong with it, a part of the sentence
IN_A_REPORT: list[tuple[str, str, str]] = [
    ("unit", "999999999", "地点"),
    ("unit", "-1", "地点"),
    ("unit", "0", "地点"),
    ("unit", HUGE, "地点"),
    ("unit", "1e3", "地点"),
    ("unit", "NaN", "地点"),
    ("unit", "灯\x00", "地点"),
    ("unit", "外校的教室", "地点"),
    ("topic", "", "哪里坏了"),
    ("topic", "RP-77", "哪里坏了"),
    ("topic", "\x00", "哪里坏了"),
    ("item", "灯" * 31, "30"),
    ("item", "灯\x00", "看不见的空字符"),
    ("photos", "x", "照片已失效"),
    ("photos", "00000000-0000-4000-8000-000000000000", "照片已失效"),
    ("photos", "别人的照片", "照片已失效"),
    ("photos", "用过的照片", "照片已失效"),
]


@pytest.mark.parametrize(("field", "value", "sentence"), IN_A_REPORT)
def test_a_report_comes_back_as_it_was_typed(world: World, field: str, value: str, sentence: str) -> None:
    ids = {"外校的教室": world.place.far_room.pk, "别人的照片": photo_of(world.rita).pk}
    ids["用过的照片"] = Piece.objects.exclude(address="").latest("uploaded_at").pk
    said = {"unit": world.place.room.pk, "topic": "RP-05", "words": KEPT, "danger": "on"} | {
        field: ids.get(value, value)
    }
    with sending(world, "教师") as (_, browser, _, before):
        answer = browser.post("/repairs/report/", said)
        assert refused(answer, before, 422, sentence, KEPT) == {}


def test_words_of_100_kb_come_back_whole(world: World) -> None:
    with sending(world, "教师") as (_, browser, _, before):
        said = {"unit": world.place.room.pk, "topic": "RP-05", "words": LONG}
        assert refused(browser.post("/repairs/report/", said), before, 422, "1000", LONG) == {}


def test_words_with_a_nul_come_back(world: World) -> None:
    with sending(world, "教师") as (_, browser, _, before):
        said = {"unit": world.place.room.pk, "topic": "RP-05", "words": KEPT + "\x00"}
        assert refused(browser.post("/repairs/report/", said), before, 422, "看不见的空字符", KEPT) == {}


@pytest.mark.parametrize(
    "words", ["灯🔦坏了", "𠮷野家 😀👨‍👩‍👧", "עברית ‮ الصف", "<b>&amp;'\"", "% { } \\ ; --", "a\u0301", "\ufeff灯"]
)
def test_words_of_any_script_are_kept_as_they_are(world: World, words: str) -> None:
    with sending(world, "教师") as (_, browser, _, _):
        answer = browser.post("/repairs/report/", {"unit": world.place.room.pk, "topic": "RP-05", "words": words})
        assert (answer.status_code, Words.objects.latest("pk").text) == (302, words)
        page = browser.get(answer["Location"]).content.decode()
        assert (kept_in(page, words), "<" in words and words in page) == (True, False)


# a file, a part of the sentence
BAD_FILES: dict[str, tuple[bytes, str]] = {
    "照片.jpg": (b"this is only text", "照片.jpg"),
    "大.jpg": (jpeg() + b"\0" * 30 * 1024 * 1024, "上限是 20 MB"),
    "空.jpg": (b"", "空"),
    "半张.jpg": (jpeg()[: len(jpeg()) // 2], "半张.jpg"),
    "网页.html": (b"<script>alert(1)</script>", "网页.html"),
    "图.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "图.svg"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_costs_neither_the_words_nor_the_good_photo(world: World, name: str) -> None:
    body, sentence = BAD_FILES[name]
    with sending(world, "教师") as (_, browser, _, before):
        files = [SimpleUploadedFile(name, body, "image/jpeg"), SimpleUploadedFile("好.jpg", jpeg("red"), "image/jpeg")]
        said = {"unit": world.place.room.pk, "topic": "RP-05", "words": KEPT, "photos": files}
        answer = browser.post("/repairs/report/", said)
        assert refused(answer, before, 422, sentence, KEPT) == {}
        assert answer.content.decode().count('name="photos" value=') == 1


# who, state, relation, step, what is sent, status, a part of the sentence, what must still be there
IN_STEPS: list[tuple[str, str, str, str, dict[str, Any], int, str, str]] = [
    ("维修员", "维修中", "派给自己", "finish", {"done": KEPT}, 422, "请至少上传 1 张照片", KEPT),
    ("维修员", "维修中", "派给自己", "finish", {"done": KEPT, "after": "别人的照片"}, 422, "照片已失效", KEPT),
    ("维修员", "维修中", "派给自己", "finish", {"done": KEPT, "after": ["x"] * 12}, 422, "照片", KEPT),
    ("维修员", "待上门", "派给自己", "finish", {"done": KEPT, "after": "自己的照片"}, 409, "不能再", KEPT),
    ("报修调度", "维修中", "本校", "accept", {"reply": KEPT}, 409, "不能再“受理”", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT, "version": "7"}, 412, "已有新的进展", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT, "version": "-1"}, 412, "已有新的进展", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT, "version": "abc"}, 412, "已有新的进展", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT, "version": HUGE}, 412, "已有新的进展", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": ""}, 422, "答复报修人", ""),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT + "\x00"}, 422, "看不见的空字符", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": LONG}, 422, "1000", LONG),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT, "key": "键" * 90}, 422, "提交编号", KEPT),
    ("报修调度", "待受理", "本校", "accept", {"reply": KEPT, "key": "a\x00b"}, 422, "提交编号", KEPT),
    ("报修调度", "待派工", "本校", "assign", {"assignee": "外校的人", "note": KEPT}, 422, "派给", KEPT),
    ("报修调度", "待派工", "本校", "assign", {"assignee": "教师", "note": KEPT}, 422, "派给", KEPT),
    ("报修调度", "待派工", "本校", "assign", {"assignee": "", "note": KEPT}, 422, "派给", KEPT),
    ("报修调度", "待派工", "本校", "assign", {"assignee": "-1", "note": KEPT}, 422, "派给", KEPT),
    ("报修调度", "待派工", "本校", "assign", {"assignee": HUGE, "note": KEPT}, 422, "派给", KEPT),
    ("报修调度", "待派工", "本校", "assign", {"assignee": "Infinity", "note": KEPT}, 422, "派给", KEPT),
    ("报修调度", "待派工", "本校", "replace", {"unit": "外校的教室", "reason": KEPT}, 422, "地点", KEPT),
    ("报修调度", "待派工", "本校", "replace", {"unit": HUGE, "reason": KEPT}, 422, "地点", KEPT),
    ("报修调度", "维修中", "本校", "reclassify", {"topic": "RP-77", "priority": "2", "reason": KEPT}, 422, "类别", KEPT),
    ("报修调度", "维修中", "本校", "reclassify", {"topic": "RP-03", "priority": "0", "reason": KEPT}, 422, "等级", KEPT),
    ("报修调度", "维修中", "本校", "reclassify", {"topic": "RP-03", "priority": HUGE, "reason": KEPT}, 422, "等级", KEPT),
    ("报修调度", "维修中", "本校", "reclassify", {"topic": "RP-03", "priority": "NaN", "reason": KEPT}, 422, "等级", KEPT),
    ("报修调度", "维修中", "本校", "enter_sheet", {"done": KEPT}, 422, "请至少上传 1 张照片", KEPT),
    ("教师", "待验收", "自己发起", "confirm", {"speed": "9", "quality": "5", "words": KEPT}, 422, "快不快", KEPT),
    ("教师", "待验收", "自己发起", "confirm", {"speed": "-1", "quality": "5", "words": KEPT}, 422, "快不快", KEPT),
    ("教师", "待验收", "自己发起", "confirm", {"speed": "", "quality": "5", "words": KEPT}, 422, "快不快", KEPT),
    ("教师", "待验收", "自己发起", "confirm", {"speed": "2", "quality": "5"}, 422, "哪里不满意", ""),
    ("教师", "待验收", "自己发起", "send_back", {"reason": "", "photos": "自己的照片"}, 422, "哪里没修好", ""),
    ("教师", "维修中", "自己发起", "raise_priority", {"priority": "1", "reason": KEPT}, 422, "等级", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "NaN", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "Infinity", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "-Infinity", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "sNaN", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "-5", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "0", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "1e400", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": HUGE, "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "6.55", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中", "派给自己", "ask_time", {"asked_hours": "六", "reason": KEPT}, 422, "多少时间", KEPT),
    ("维修员", "维修中，已申请延期", "派给自己", "ask_time", {"asked_hours": "6", "reason": KEPT}, 422, "已有一份延期申请", KEPT),
    ("总务主任", "维修中", "本校", "grant_time", {"note": KEPT}, 422, "没有等待答复", KEPT),
    ("校长", "待受理", "本校", "nudge", {"words": KEPT}, 422, "还没有超时", KEPT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "state", "relation", "step", "said", "status", "sentence", "kept"), IN_STEPS)
def test_a_step_comes_back_as_it_was_typed(
    world: World,
    name: str,
    state: str,
    relation: str,
    step: str,
    said: dict[str, Any],
    status: int,
    sentence: str,
    kept: str,
) -> None:
    with sending(world, name, state, relation) as (who, browser, number, before):
        ids = {
            "外校的教室": world.place.far_room.pk, "外校的人": world.sam.pk, "教师": world.rita.pk,
            "别人的照片": photo_of(world.rita).pk, "自己的照片": who.photo.pk if who.photo else "",
        }  # fmt: skip
        sent = {field: ids.get(value, value) if isinstance(value, str) else value for field, value in said.items()}
        answer = browser.post(f"/repairs/tickets/{number}/{step}/", sent)
        assert refused(answer, before, status, sentence, kept) == {}


def test_a_stale_page_says_what_happened_and_keeps_the_words(world: World) -> None:
    with sending(world, "报修调度", "待受理") as (_, browser, number, _):
        case = world.cases["待受理"]
        move(case, "accept", by=world.dora, data={"reply": "好"})
        answer = browser.post(f"/repairs/tickets/{number}/reject/", {"reason": KEPT, "version": str(case.version)})
        assert refused(answer, counts(), 412, "待派工", KEPT) == {}


# who, address, what is sent, a part of the sentence, what must still be there
IN_OTHER_FORMS: list[tuple[str, str, dict[str, str], str, str]] = [
    ("教师", "/me/absence/", {"since": "0000-00-00", "until": "2026-11-20", "substitute": "同事"}, "从哪天起", "0000-00-00"),
    ("教师", "/me/absence/", {"since": "2026-02-31", "until": "2026-11-20", "substitute": "同事"}, "从哪天起", "2026-02-31"),
    ("教师", "/me/absence/", {"since": "0001-01-01", "until": "2026-11-20", "substitute": "同事"}, "从哪天起", "0001-01-01"),
    ("教师", "/me/absence/", {"since": "2026-11-16", "until": "99999-12-31", "substitute": "同事"}, "到哪天止", "99999-12-31"),
    ("教师", "/me/absence/", {"since": "2026-11-16", "until": "9999-12-31", "substitute": "同事"}, "一年", "9999-12-31"),
    ("教师", "/me/absence/", {"since": "2026-11-18", "until": "2026-11-16", "substitute": "同事"}, "早于", "2026-11-18"),
    ("教师", "/me/absence/", {"since": "2026-11-16", "until": "2026-11-16", "substitute": "外校的人"}, "代理人", "2026-11-16"),
    ("教师", "/me/absence/", {"since": "2026-11-16", "until": "2026-11-16", "substitute": HUGE}, "代理人", "2026-11-16"),
    ("教师", "/me/absence/", {"since": "2026-11-16", "until": "2026-11-16", "substitute": "-1"}, "代理人", "2026-11-16"),
    ("教师", "/me/tokens/", {"name": LONG}, "60", LONG),
    ("教师", "/me/tokens/", {"name": ""}, "用途", ""),
    ("教师", "/me/password/", {"current": "x", "new": "y", "again": "z"}, "新密码", ""),
    ("教师", "/me/password/", {"current": LONG, "new": LONG, "again": LONG}, "200", ""),
    ("教师", "/me/second-factor/", {"code": LONG}, "20", ""),
    ("教师", "/me/second-factor/", {"code": "🔦"}, "验证码不对", ""),
    ("教师", "/receipt/", {"code": "😀"}, "没有找到这个回执码", "😀"),
    ("教师", "/receipt/", {"code": LONG}, "40", ""),
    ("未登录", "/sign-in/", {"username": LONG, "password": LONG}, "60", LONG),
    ("未登录", "/sign-in/", {"username": "ri\x00ta", "password": "x"}, "看不见的空字符", ""),
    ("局管理员", "/settings/units/{school}/add/?kind=building", {"name": ""}, "名称", ""),
    ("局管理员", "/settings/units/{school}/add/?kind=building", {"name": LONG}, "60", LONG),
    ("局管理员", "/settings/units/{school}/add/?kind=class", {"name": "一班", "entry_year": "-5"}, "入学年份", "一班"),
    ("局管理员", "/settings/units/{school}/add/?kind=class", {"name": "一班", "entry_year": "NaN"}, "入学年份", "一班"),
    ("局管理员", "/settings/units/{school}/add/?kind=class", {"name": "一班", "entry_year": HUGE}, "入学年份", "一班"),
    ("局管理员", "/settings/units/{school}/edit/", {"name": "新名", "code": "LX 01!"}, "字母和数字", "新名"),
    ("局管理员", "/settings/units/{school}/edit/", {"name": "新名\x00", "code": "LX01"}, "看不见的空字符", "新名"),
    ("局管理员", "/settings/units/{room}/move/", {"under": "外县的学校"}, "移到哪里", ""),
    ("局管理员", "/settings/units/{room}/move/", {"under": HUGE}, "移到哪里", ""),
    ("局管理员", "/settings/units/{room}/close/", {"on": "2026-02-31"}, "停用", "2026-02-31"),
    ("局管理员", "/settings/units/{room}/close/", {"on": "9999-12-31"}, "一年", "9999-12-31"),
    ("局管理员", "/settings/people/add/", {"home": "学校", "username": "新 来", "name": KEPT}, "工号", KEPT),
    ("局管理员", "/settings/people/add/", {"home": "学校", "username": "newone", "name": KEPT, "phone": "123"}, "手机号", KEPT),
    ("局管理员", "/settings/people/add/", {"home": "外县的学校", "username": "newone", "name": KEPT}, "您管理的单位", KEPT),
    ("局管理员", "/settings/people/add/", {"home": "学校", "username": "rita", "name": KEPT}, "已被使用", KEPT),
    ("局管理员", "/settings/posts/appoint/", {"person": "没有这个人", "unit": "学校", "role": "teacher", "since": "2026-11-16"}, "没有这个在用的人员", "没有这个人"),
    ("局管理员", "/settings/posts/appoint/", {"person": "rita", "unit": "学校", "role": "king", "since": "2026-11-16"}, "岗位", "rita"),
    ("局管理员", "/settings/posts/appoint/", {"person": "rita", "unit": "外县的学校", "role": "teacher", "since": "2026-11-16"}, "您管理的单位", "rita"),
    ("局管理员", "/settings/posts/appoint/", {"person": "rita", "unit": "学校", "role": "supplier", "since": "1026-11-16"}, "年份", "1026-11-16"),
    ("局管理员", "/settings/posts/appoint/", {"person": "rita", "unit": "学校", "role": "supplier", "since": "2026-11-16", "until": "20026-01-01"}, "到哪天止", "20026-01-01"),
    ("局管理员", "/settings/clocks/repairs.ticket/respond/?unit={school}", {"act": "save", "amount": "NaN", "measure": "wall"}, "时限", "NaN"),
    ("局管理员", "/settings/clocks/repairs.ticket/respond/?unit={school}", {"act": "save", "amount": "Infinity", "measure": "wall"}, "时限", "Infinity"),
    ("局管理员", "/settings/clocks/repairs.ticket/respond/?unit={school}", {"act": "save", "amount": "-3", "measure": "wall"}, "时限", "-3"),
    ("局管理员", "/settings/clocks/repairs.ticket/respond/?unit={school}", {"act": "save", "amount": "1e400", "measure": "wall"}, "时限", "1e400"),
    ("局管理员", "/settings/clocks/repairs.ticket/respond/?unit={school}", {"act": "save", "amount": "3", "measure": "moon"}, "时间走", ""),
    ("局管理员", "/settings/calendar/day/?unit={school}&date=2026-11-20", {"open": "0", "name": LONG}, "40", LONG),
    ("局管理员", "/settings/calendar/day/?unit={school}&date=2026-11-20", {"open": "7", "name": "运动会"}, "这一天", "运动会"),
    ("局管理员", "/settings/calendar/hours/?unit={school}", {"since": "2026-11-16", "every": "25:00-99:99"}, "08:00-12:00", "25:00-99:99"),
    ("局管理员", "/settings/calendar/hours/?unit={school}", {"since": "0000-00-00", "every": "08:00-12:00"}, "从哪天起", "0000-00-00"),
    ("局管理员", "/settings/calendar/hours/?unit={school}", {"since": "2026-11-16", "every": "12:00-08:00"}, "结束", "12:00-08:00"),
    ("局管理员", "/settings/calendar/terms/?unit={school}", {"first_starts": "2026-09-01"}, "一起填", "2026-09-01"),
    ("局管理员", "/settings/calendar/terms/?unit={school}", {"first_starts": "0001-01-01", "first_ends": "0001-02-01", "second_starts": "9999-01-01", "second_ends": "9999-12-31"}, "学年", "9999-12-31"),
    ("局管理员", "/settings/calendar/national/?year=2027", {"text": KEPT, "source": "文号"}, "通知", KEPT),
    ("局管理员", "/settings/calendar/national/?year=2027", {"text": "一、元旦：2月31日放假。", "source": "文号"}, "2月31日", "文号"),
    ("局管理员", "/settings/calendar/national/?year=2027", {"text": LONG, "source": "文号"}, "6000", LONG),
]  # fmt: skip


@pytest.mark.parametrize(("name", "address", "said", "sentence", "kept"), IN_OTHER_FORMS)
def test_other_forms_come_back_as_they_were_typed(
    world: World, name: str, address: str, said: dict[str, str], sentence: str, kept: str
) -> None:
    ids = {
        "同事": world.dora.pk, "外校的人": world.sam.pk, "学校": world.place.school.pk,
        "外县的学校": world.far_room.school.pk,
    }  # fmt: skip
    with sending(world, name) as (_, browser, _, before):
        url = address.format(school=world.place.school.pk, room=world.place.room.pk)
        answer = browser.post(url, {field: ids.get(value, value) for field, value in said.items()})
        assert refused(answer, before, 422, sentence, kept) == {}


BODIES: list[tuple[str, bytes, str, int]] = [
    ("wrong type", b'{"reply": "x"}', "application/json", 422),
    ("no type", b"reply=x", "", 422),
    ("text", b"reply=x", "text/plain", 422),
    ("no boundary", b"reply=x", "multipart/form-data", 400),
    ("nameless part", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", 422),
    ("headless part", b"--b\r\n\r\n\r\n--b--\r\n", "multipart/form-data; boundary=b", 422),
    ("false base64", b'--b\r\nContent-Disposition: form-data; name="reply"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--b--\r\n', "multipart/form-data; boundary=b", 422),
    ("other boundary", b"--c\r\n\r\n\r\n--c--", "multipart/form-data; boundary=b", 422),
    ("thousands of fields", b"&".join(b"f%d=1" % n for n in range(5000)), "application/x-www-form-urlencoded", 400),
    ("six megabytes", b"reply=" + b"x" * 6 * 1024 * 1024, "application/x-www-form-urlencoded", 400),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "status"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_a_body_that_is_no_form_gets_a_sentence(world: World, body: bytes, kind: str, status: int) -> None:
    with sending(world, "报修调度", "待受理") as (_, browser, number, before):
        answer = browser.generic("POST", f"/repairs/tickets/{number}/accept/", body, kind)
        assert refused(answer, before, status, "请" if status == 422 else "无法读取") == {}


def test_bytes_that_are_no_utf_8_become_signs_that_can_be_read(world: World) -> None:
    with sending(world, "报修调度", "待受理") as (_, browser, number, _):
        kind = "application/x-www-form-urlencoded"
        answer = browser.post(f"/repairs/tickets/{number}/accept/", b"reply=%ff%fe%c3(", content_type=kind)
        assert (answer.status_code, Words.objects.latest("pk").text) == (302, "\ufffd\ufffd\ufffd(")


QUERIES = [
    "/desk/?tab=nothing&state=x&affair=y&place=z&after=w", "/desk/?after=nan_1", "/desk/?after=inf_1", "/desk/?after=-1e300_9",
    "/desk/?after=1e400_99999999999999999999999", "/desk/?tab=opened&after=" + HUGE, "/desk/?place=" + HUGE, "/desk/?place=٣",
    "/desk/?q=" + "灯" * 3000, "/desk/?q=%ff%fe", "/desk/?q=😀", "/desk/?q=%", "/desk/?q=_%25\\", "/search/?q=", "/search/",
    "/places/?in=" + HUGE, "/places/?in=x&q=y", "/places/?q=" + "x" * 3000, "/inbox/?before=" + HUGE, "/inbox/?before=-1&show=z",
    "/repairs/report/?at=" + HUGE, "/repairs/report/?at=x&topic=RP-77", "/repairs/?tab=governed&q='&state=late", "/?x=y",
]  # fmt: skip


@pytest.mark.parametrize("url", QUERIES)
@pytest.mark.parametrize("name", ["教师", "校长"])
def test_an_address_nobody_wrote_shows_a_page(world: World, url: str, name: str) -> None:
    answer = world.people[name].browser.get(url, follow=True)
    assert (answer.status_code, title_of(answer.content.decode()) != "") == (200, True)


GONE = [
    "/inbox/{huge}/go", "/inbox/0/go", "/units/{huge}/", "/units/0/", "/evidence/00000000-0000-4000-8000-000000000000",
    "/repairs/tickets/BX-LX01-2026-99999/", "/repairs/tickets/%F0%9F%98%80/", "/repairs/tickets/" + "9" * 3000 + "/",
    "/repairs/nothing/BX-LX01-2026-00001/", "/canteen/tickets/BX-LX01-2026-00001/", "/nowhere/", "/settings/units/{huge}/",
    "/settings/people/{huge}/", "/settings/posts/{huge}/relieve/", "/settings/clocks/repairs.ticket/nothing/", "/places/?next=//evil.example",
    "/settings/clocks/nothing/respond/", "/settings/calendar/day/?date=2026-02-31", "/settings/pick/?next=//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("url", GONE)
def test_what_is_not_there_is_said_to_be_not_there(world: World, url: str) -> None:
    answer = world.people["局管理员"].browser.get(url.format(huge=HUGE))
    page = answer.content.decode()
    assert (answer.status_code, title_of(page) != "", "没有找到" in page) == (404, True, True)
