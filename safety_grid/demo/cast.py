"""Who keeps the campus safe: the named accounts at 柳溪镇中心小学 and the bureau, and the posts of the other schools."""

from collections.abc import Sequence

from portal.hall.demo.cast import Account, Opening

ACCOUNTS = (
    Account("qinhai", "秦海", "安全办主任", "LX01", (("safety_head", "LX01"), ("teacher", "LX01"))),
    Account("songmei", "宋梅", "心理与德育专员", "LX01", (("counsellor", "LX01"), ("teacher", "LX01"))),
    Account("dengyong", "邓勇", "保安", "LX01", (("guard", "LX01"),)),
    Account("caoyan", "曹严", "局安全科", "办公室", (("safety_officer", "bureau"),)),
    Account("lianghe", "梁禾", "包联领导", "办公室", (("tied_leader", "柳溪镇"),)),
    Account("henuan", "何暖", "局学生关爱专员", "办公室", (("care_officer", "bureau"),)),
)


def openings(codes: Sequence[str]) -> list[Opening]:
    """A safety head, a counsellor and a guard for each school."""
    posts = ("safety_head", "counsellor", "guard")
    return [Opening(role, (code,)) for code in codes if code != "LX01" for role in posts]
