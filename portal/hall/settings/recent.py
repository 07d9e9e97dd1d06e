"""最近改动: what the ledger says of a few rows, as sentences, newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.cases.faces import TrailFace
from portal.ledger.models import Event
from portal.orgs.models import User
from portal.templatetags.sunlit import full_day, when

MOST = 8
PARTS = {"name": "姓名", "phone": "手机号", "email": "邮箱", "home": "单位"}
UNIT_PARTS = {"name": "名称", "phone": "电话", "code": "编码"}
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Saying:
    """How one verb of the ledger is told: its icon and its sentence made from the facts, `{}` for whom it is about."""

    icon: str
    words: Callable[[Facts], str]
    tone: str = ""


def _plain(words: str) -> Callable[[Facts], str]:
    return lambda facts: words


def _day(text: Any) -> str:
    return full_day(date.fromisoformat(text)) if text else ""


def _amended(facts: Facts) -> str:
    return "修改了" + "、".join(PARTS.get(part, part) for part in facts["changed"])


def _renamed(facts: Facts) -> str:
    return "修改了 {} 的" + "、".join(UNIT_PARTS[part] for part in facts["changed"])


def _appointed(facts: Facts) -> str:
    until = f"，到{_day(facts['until'])}" if facts.get("until") else ""
    return f"任命 {{}}，{_day(facts.get('since'))}起{until}"


def _relieved(facts: Facts) -> str:
    return "免去 {}，立即生效" if facts.get("at_once") else f"免去 {{}}，最后一天 {_day(facts['until'])}"


def _unit_day(facts: Facts) -> str:
    return f"把 {_day(facts['date'])} 设为{'上学' if facts['open'] else '不上学'}"


def _terms(facts: Facts) -> str:
    return f"改了 {facts['year']}-{facts['year'] + 1} 学年的学期"


SAYINGS = {
    "entered": Saying("user-plus", _plain("登记了账号"), "good"),
    "amended": Saying("pencil-line", _amended),
    "password_reset": Saying("key-round", _plain("重置了密码")),
    "password_changed": Saying("key-round", _plain("修改了密码")),
    "second_factor_bound": Saying("shield-check", _plain("绑定了两步验证")),
    "second_factor_unbound": Saying("shield-off", _plain("解除了两步验证")),
    "token_issued": Saying("key-round", _plain("申请了程序令牌")),
    "token_revoked": Saying("key-round", _plain("作废了程序令牌")),
    "signed_out_everywhere": Saying("log-out", _plain("退出了全部设备")),
    "left": Saying("user-x", _plain("办理了离开"), "bad"),
    "appointed": Saying("user-check", _appointed, "good"),
    "relieved": Saying("user-minus", _relieved, "bad"),
    "absent": Saying("calendar-off", lambda facts: f"登记请假，{_day(facts['since'])}到{_day(facts['until'])}，{{}}代理"),
    "back": Saying("calendar-check", _plain("结束请假")),
    "waived": Saying("scale", lambda facts: f"批准豁免，到{_day(facts['until'])}"),
    "planted": Saying("circle-plus", _plain("添加了 {}"), "good"),
    "renamed": Saying("pencil-line", _renamed),
    "moved": Saying("move", _plain("把 {} 移到了别的上级单位")),
    "closed": Saying("circle-off", lambda facts: f"停用 {{}}，{_day(facts['on'])}起", "bad"),
    "unit_day_set": Saying("calendar", _unit_day),
    "unit_day_cleared": Saying("calendar", lambda facts: f"取消了 {_day(facts['date'])} 的单独设置"),
    "hours_set": Saying("clock", lambda facts: f"改了作息时间，{_day(facts['since'])}起"),
    "hours_cleared": Saying("clock", lambda facts: f"取消了 {_day(facts['since'])}起的作息时间"),
    "terms_set": Saying("calendar-range", _terms),
    "year_imported": Saying("calendar-check", lambda facts: f"导入了 {facts['year']} 年放假安排，改动 {len(facts['days'])} 天"),
    "year_confirmed": Saying("badge-check", lambda facts: f"核定了 {facts['year']} 年的日历", "good"),
    "day_set": Saying("calendar", lambda facts: f"改了全国日历里的 {_day(facts['date'])}"),
}  # fmt: skip


def trail(subjects: Mapping[str, str], *, most: int = MOST) -> list[TrailFace]:
    """The latest entries of these chains; `subjects` says by address what each is about. Two queries."""
    events = list(Event.objects.filter(address__in=list(subjects)).order_by("-at", "-pk")[:most])
    people = {int(one.who.partition(":")[2]) for one in events if one.who.startswith("person:")}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if events else {}
    return [_face(one, subjects[one.address], names) for one in events]


def _face(event: Event, subject: str, names: Mapping[int, str]) -> TrailFace:
    saying = SAYINGS.get(event.verb) or Saying("circle-dot", _plain(event.verb))
    kind, _, pk = event.who.partition(":")
    who = names.get(int(pk), "") if kind == "person" else "系统"
    did = saying.words(event.facts).replace("{}", subject)
    return TrailFace(saying.icon, saying.tone, who, did, when(event.at))
