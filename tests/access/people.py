"""The people of the table by the names it gives them: one in every role, and those in between roles and accounts.

The names are written by hand. A role nobody here holds fails `test_coverage`.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import SimpleCookie
from django.test import Client

from portal.cases.actors import Receipt
from portal.cases.receipts import KEPT
from portal.evidence.models import Piece
from portal.orgs.actions import appoint, leave, record_absence, relieve
from portal.orgs.models import Unit, User
from portal.orgs.tokens import issue_token, token_of
from tests.conftest import photo_of
from tests.district import MONDAY, District, hire
from tests.signing import browser_of

CODE = "ABCD-EFGH-JKMN-PQRS"  # the receipt of somebody without an account
RECEIPT = Receipt.of(CODE)
PROBLEM = {"Accept": "application/problem+json"}  # a refusal as its sentence alone, without the frame around it

# the table's name: role code, where it is held
ROLES = {
    "教师": ("teacher", "school"),
    "学生": ("student", "class"),
    "班主任": ("class_teacher", "class"),
    "总务主任": ("logistics_head", "school"),
    "分管副校长": ("vice_principal", "school"),
    "校长": ("principal", "school"),
    "局领导": ("director", "bureau"),
    "纪检监察": ("discipline_inspector", "bureau"),
    "家长": ("parent", "school"),
    "膳食委员会": ("meal_committee", "school"),
    "供应商": ("supplier", "school"),
    "系统管理员": ("admin", "school"),
    "局管理员": ("admin", "bureau"),
    "报修调度": ("dispatcher", "school"),
    "维修员": ("technician", "school"),
    "外包维修": ("contractor", "school"),
    "资产管理员": ("asset_manager", "school"),
    "局后勤": ("repairs_officer", "bureau"),
    "网格责任人": ("grid_holder", "school"),
    "安全办主任": ("safety_head", "school"),
    "包联领导": ("tied_leader", "school"),
    "局安全科": ("safety_officer", "bureau"),
    "心理专员": ("counsellor", "school"),
    "局关爱专员": ("care_officer", "bureau"),
    "保安": ("guard", "school"),
    "食堂管理员": ("canteen_manager", "school"),
    "采购员": ("canteen_buyer", "school"),
    "保管员": ("canteen_keeper", "school"),
    "验收员": ("canteen_inspector", "school"),
    "厨师长": ("canteen_chef", "school"),
    "食堂会计": ("canteen_accountant", "school"),
    "食堂出纳": ("canteen_cashier", "school"),
    "食品安全员": ("food_safety_officer", "school"),
    "食品安全总监": ("food_safety_director", "school"),
    "局食堂专管": ("canteen_officer", "bureau"),
}
# 未登录: nobody · 回执: a receipt's code, no account · 已离开: dispatched until they left, the browser still open
# 已免职: dispatched until a minute ago · 代理调度, 代理维修: stand in for somebody away · 欠验证码: an officer who has
# given the password alone · 欠新密码: a teacher who must choose a new password first
OTHERS = ("未登录", "回执", "已离开", "已免职", "代理调度", "代理维修", "欠验证码", "欠新密码")
EVERYBODY = (*ROLES, *OTHERS)


@dataclass
class Visitor:
    """Somebody with a browser and, where they have an account, a program's token."""

    name: str
    user: User | None = None
    stands_for: User | None = None
    token: str = ""
    browser: Client = field(default_factory=Client)
    photo: Piece | None = None

    def by_page(self, verb: str, address: str, data: dict[str, Any]) -> Any:
        """As a form of a page sends it; the browser's cookies stay as they were."""
        before = SimpleCookie({name: morsel.value for name, morsel in self.browser.cookies.items()})
        ask = getattr(self.browser, verb.lower())
        try:
            return ask(address, data, headers=PROBLEM) if verb in ("GET", "POST") else ask(address, headers=PROBLEM)
        finally:
            self.browser.cookies = before

    def by_program(self, verb: str, address: str, data: Any) -> Any:
        """As a program sends it: JSON and a token, no cookies."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        client, ask = PROGRAM, getattr(PROGRAM, verb.lower())
        client.cookies.clear()
        if verb == "GET":
            return ask(address, data, headers=headers)
        if verb == "POST" and any(hasattr(value, "read") for value in data.values()):
            return client.post(address, data, headers=headers)
        sent = {} if verb != "POST" else data
        return ask(address, sent, content_type="application/json", headers=headers)


PROGRAM = Client(raise_request_exception=False)


def gather(place: District, school_class: Unit) -> dict[str, Visitor]:
    """Everybody, signed in before whatever happened to them happened."""
    units = {"school": place.school, "class": school_class, "bureau": place.bureau}
    people = {name: _enter(name, hire(f"p{n}", name, units[at].school or units[at], (role, units[at])))
              for n, (name, (role, at)) in enumerate(ROLES.items())}  # fmt: skip
    people["家长"].user.home = None  # type: ignore[union-attr]
    User.objects.filter(pk=people["家长"].user.pk).update(home=None)  # type: ignore[union-attr]
    people["未登录"], people["回执"] = Visitor("未登录", browser=_browser()), Visitor("回执", browser=_browser())
    session = people["回执"].browser.session
    session[KEPT] = RECEIPT.digest
    session.save()
    people["已离开"] = _enter("已离开", hire("gone", "已离开", place.school, ("dispatcher", place.school)))
    people["已免职"] = _enter("已免职", hire("relieved", "已免职", place.school))
    post = appoint(person=people["已免职"].user, role="dispatcher", unit=place.school, by="clock")  # type: ignore[arg-type]
    relieve(post, by="clock")
    for name, role in (("代理调度", "dispatcher"), ("代理维修", "technician")):
        away = hire(f"away-{role}", f"请假的{name[2:]}", place.school, (role, place.school))
        people[name] = _enter(name, hire(f"for-{role}", name, place.school))
        people[name].stands_for = away
        since, until = MONDAY.date(), MONDAY.date() + timedelta(weeks=4)  # longer than anything the table lets pass
        record_absence(person=away, substitute=people[name].user, since=since, until=until, by="clock")  # type: ignore[arg-type]
    owing = hire("owing", "欠验证码", place.bureau, ("repairs_officer", place.bureau))
    people["欠验证码"] = _enter("欠验证码", owing, code_given=False)
    new = hire("new", "欠新密码", place.school, ("teacher", place.school))
    people["欠新密码"] = _enter("欠新密码", new)
    User.objects.filter(pk=new.pk).update(must_change_password=True)
    leave(people["已离开"].user, by="clock")  # type: ignore[arg-type]
    return people


def _browser() -> Client:
    return Client(raise_request_exception=False)


def _enter(name: str, user: User, *, code_given: bool = True) -> Visitor:
    browser = _browser()
    if code_given:
        browser_of(user, browser)
    else:
        browser.force_login(user)
    token = issue_token(person=user, name="表", by=user, second_factor=code_given)
    token_of(token)  # used today already: no question of the table writes it down again
    return Visitor(name, user, token=token, browser=browser, photo=photo_of(user))
