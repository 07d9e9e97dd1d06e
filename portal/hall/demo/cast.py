"""Who is in the demo by name: the accounts of the sign-in page, and the posts that are filled at each school."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """Somebody visitors may sign in as. `home` and the places in `posts` are keys of `District.place`."""

    username: str
    name: str
    post: str
    home: str
    posts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Opening:
    """A post one person fills, at one place or at several; without a name, anybody."""

    role: str
    at: tuple[str, ...]
    name: str = ""


# Those of 柳溪镇中心小学 and of the bureau whose roles every portal has; affairs bring theirs.
PEOPLE = (
    Account("linxiaoyun", "林晓芸", "教师、班主任", "LX01", (("teacher", "LX01"), ("class_teacher", "LX01/2/2"))),
    Account("pingyaqin", "平雅琴", "家长", "", (("parent", "LX01"), ("parent", "YG01"))),
    Account("shenzhixing", "沈知行", "高中学生", "YG01", (("student", "YG01/1/1"),)),
)
HEADS = (
    Account("zhouli", "周立", "总务主任", "LX01", (("logistics_head", "LX01"),)),
    Account("menglan", "孟岚", "分管副校长", "LX01", (("vice_principal", "LX01"),)),
    Account("huqiming", "胡启明", "校长", "LX01", (("principal", "LX01"),)),
    Account("chengyuan", "程远", "教育局领导", "bureau", (("director", "bureau"),)),
    Account("jiwenqing", "纪文清", "纪检监察", "纪检监察室", (("discipline_inspector", "bureau"),)),
    Account("xuyan", "许岩", "系统管理员", "办公室", (("admin", "bureau"),)),
)
ADMIN = "xuyan"
VACANT = (("vice_principal", "SM01"),)  # 石门小学 has been looking for one since the summer
KNOWN = {
    ("principal", "SM01"): "方岳",
    ("principal", "YT01"): "高原",
    ("logistics_head", "YT01"): "马成",
    ("principal", "HW01"): "罗为民",
}


def heads_of(code: str) -> list[Opening]:
    """The heads of a school, those of the cast and vacant posts left out."""
    named = {post for one in HEADS for post in one.posts}
    roles = ("principal", "vice_principal", "logistics_head")
    open_posts = [(role, code) for role in roles if (role, code) not in named and (role, code) not in VACANT]
    return [Opening(role, (code,), KNOWN.get((role, code), "")) for role, code in open_posts]
