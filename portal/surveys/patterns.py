"""Questionnaires to begin with, each changed as the unit likes before it is issued (系统预置参考项)."""

from dataclasses import dataclass

from .models import Ask, Per
from .questions import Asked


@dataclass(frozen=True)
class Pattern:
    """A questionnaire to begin with."""

    code: str
    title: str
    icon: str
    asks: tuple[str, ...]
    per: str
    questions: tuple[Asked, ...]


REMARK = Asked(Ask.WORDS, "还想说的话", required=False)
PATTERNS = {
    one.code: one
    for one in (
        Pattern("blank", "自己写问题", "file-plus", ("parents",), Per.PERSON, ()),
        Pattern(
            "satisfaction", "工作满意度", "star", ("parents",), Per.HOUSEHOLD,
            (Asked(Ask.SCORE, "教学"), Asked(Ask.SCORE, "管理"), Asked(Ask.SCORE, "环境和卫生"), Asked(Ask.SCORE, "和家长的沟通"), REMARK),
        ),
        Pattern(
            "ballot", "征求意见（同意或不同意）", "vote", ("parents",), Per.HOUSEHOLD,
            (Asked(Ask.YES_NO, "您同意吗？"), REMARK),
        ),
        Pattern(
            "staff", "教职工满意度", "users", ("staff",), Per.PERSON,
            (Asked(Ask.SCORE, "工作安排"), Asked(Ask.SCORE, "后勤保障"), Asked(Ask.SCORE, "校务公开"), REMARK),
        ),
    )
}  # fmt: skip
