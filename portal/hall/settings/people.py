"""人员: looked up, added, corrected; passwords reset, devices signed out, and leaving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache

from portal.orgs import second_factor, signin
from portal.orgs.actions import amend, enter_people, leave
from portal.orgs.models import User
from portal.orgs.passwords import reset_password
from portal.orgs.policies import ADMIN, guard, person

from . import directory, reach, recent, tree
from .asking import Asking, SureForm, seen, sent
from .frame import Step, frame, typed_words
from .people_forms import NewPersonForm, PersonForm

TOP = ("人员", reverse_lazy("settings-people"))


@guard(GET=ADMIN)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the admin's units, by name, username or phone."""
    by, words, left = person(request), typed_words(request), request.GET.get("left") == "1"
    under = reach.unit_asked(request) if request.GET.get("unit") else None
    rows, last = directory.looked_up(by, under=under, words=words, left=left, after=request.GET.get("after", ""))
    page = frame(f"{under.name}的人员" if under else TOP[0])
    page |= {"rows": rows, "last": last, "find": words, "left": left, "under": under}
    page |= {"kept": [("unit", str(under.pk))] if under else []}
    return render(request, "settings/people.html", page)


@guard(GET=ADMIN)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts, absences and the account."""
    by, who = person(request), reach.person_at(request, pk)
    live, past = directory.posts_at(by, who)
    page: dict[str, Any] = {"who": who, "posts": live, "past": past, "absences": directory.absences_of(who)}
    page |= {"keeps": reach.keeps(by, who), "is_self": by.pk == who.pk, "account": directory.account_of(who)}
    subjects = {row.address: f"{row.unit.name} {post}" for row, post in [*live, *past]}
    subjects |= {away.address: away.substitute.name for away in page["absences"]}
    page["trail"] = recent.trail({who.address: ""} | subjects)
    return render(request, "settings/person.html", page | frame(who.name, TOP))


@guard(GET=ADMIN, POST=ADMIN)
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Opens an account with a one-time password, shown this one time."""
    form = NewPersonForm(sent(request), initial={"home": request.GET.get("home", "")})
    form.fields["home"].offer(request, "home", kinds=tree.OFFICES)  # type: ignore[attr-defined]
    page = frame("登记人员", TOP, words="登记后给出一次性密码，本人第一次登录时改。") | {"act": "登记"}
    return Handing(request, form, page, lambda by: _enter(form, by=by)).answer()


@guard(GET=ADMIN, POST=ADMIN)
@never_cache
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a new one-time password, shown this one time."""
    who = reach.person_at(request, pk)
    page = frame("重置密码", TOP, step(who)) | {"act": "重置密码", "follows_title": "重置以后"}
    page |= {"follows": ["原来的密码作废，所有设备退出登录。", "新的密码只显示一次，只能用一次，登录后要改。"]}
    return Handing(request, SureForm(sent(request)), page, lambda by: who).answer()


@guard(GET=ADMIN, POST=ADMIN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects name, phone, e-mail, or the unit the person belongs to."""
    who = reach.person_at(request, pk)
    now = {"home": request.GET.get("home") or who.home_id, "name": who.name, "phone": who.phone, "email": who.email}
    form = PersonForm(sent(request), initial=now)
    form.fields["home"].offer(request, "home", kinds=tree.OFFICES)  # type: ignore[attr-defined]
    page = frame("修改资料", TOP, step(who), words="换单位不会免去原来的岗位，岗位请另行免职。") | {"act": "保存"}

    def write() -> str:
        amend(who, **form.cleaned_data, by=person(request), version=seen(request))
        return reverse("settings-person", args=[pk])

    return Asking(request, form, "settings/form.html", write, version=who.version, context=page).answer()


@guard(GET=ADMIN, POST=ADMIN)
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """办理离开: what follows is said first."""
    by, who = person(request), reach.person_at(request, pk)
    reach.not_yourself(by, who, "自己的离开由另一位管理员办理。")
    page = frame(f"{who.name} 办理离开", TOP, step(who)) | {"act": "办理离开", "danger": True}
    page |= {"follows": directory.following_leave(by, who), "follows_title": "办理以后"}
    return _sure(request, who, page, lambda: leave(who, by=by), f"{who.name} 已办理离开。")


@guard(GET=ADMIN, POST=ADMIN)
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends all sessions, devices and tokens of a person."""
    by, who = person(request), reach.person_at(request, pk)
    page = frame("退出全部设备", TOP, step(who)) | {"act": "全部退出", "follows_title": "退出以后"}
    page |= {"follows": ["手机、电脑上都要重新登录，程序令牌作废。", "密码不变。"]}
    return _sure(request, who, page, lambda: signin.sign_out_everywhere(who, by=by), "已退出全部设备。")


@guard(GET=ADMIN, POST=ADMIN)
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a lost authenticator away."""
    by, who = person(request), reach.person_at(request, pk)
    reach.not_yourself(by, who, "自己的验证器请在“我的”里解除。")
    page = frame("解除两步验证", TOP, step(who)) | {"act": "解除", "danger": True, "follows_title": "解除以后"}
    page |= {"follows": ["手机丢了才需要解除：请先当面或电话核实是本人。", "岗位要求两步验证的，下次登录时重新绑定。"]}
    return _sure(request, who, page, lambda: second_factor.unbind(who, by=by), "已解除两步验证。")


@dataclass
class Handing:
    """A form whose answer is a one-time password, shown on the answer's page and kept nowhere.

    `whose` finds or makes the person. Sent twice, the second answer leads to the person's page without a password.
    """

    request: HttpRequest
    form: NewPersonForm | SureForm
    page: dict[str, object]
    whose: Callable[[User], User]
    password: str = ""
    who: User | None = None

    def answer(self) -> HttpResponse:
        """The form, or the password with what to do with it."""
        told = Asking(self.request, self.form, "settings/form.html", self._hand, "", context=self.page).answer()
        if not self.password or self.who is None:
            return told
        page = frame("一次性密码", TOP, step(self.who))
        return render(self.request, "settings/secret.html", page | {"who": self.who, "secret": self.password})

    def _hand(self) -> str:
        by = person(self.request)
        self.who = self.whose(by)
        self.password = reset_password(self.who, by=by)
        return reverse("settings-person", args=[self.who.pk])


def step(who: User) -> Step:
    """A person's page as a step of the way here."""
    return who.name, reverse("settings-person", args=[who.pk])


def _enter(form: NewPersonForm, *, by: User) -> User:
    """The new account, which nobody can sign in to until it has its one-time password."""
    new = User(**form.cleaned_data)
    new.set_unusable_password()
    return enter_people([new], by=by)[0]


def _sure(
    request: HttpRequest, who: User, page: dict[str, object], write: Callable[[], object], done: str
) -> HttpResponse:
    """A page that says what follows and has one button."""

    def effect() -> str:
        write()
        return reverse("settings-person", args=[who.pk])

    return Asking(request, SureForm(sent(request)), "settings/form.html", effect, done, context=page).answer()
