"""任职: who holds which post, appointing, and relieving."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from portal import clock
from portal.orgs.actions import appoint as appoint_person
from portal.orgs.actions import relieve as relieve_person
from portal.orgs.models import Appointment, Unit, User
from portal.orgs.policies import ADMIN, guard, person
from portal.orgs.roles import roles, title

from . import directory, reach
from .asking import Asking, sent
from .fields import ManagedPersonField
from .frame import frame, typed_words
from .post_forms import AppointForm, RelieveForm

TOP = ("任职与请假", reverse_lazy("settings-posts"))


def tabs() -> list[tuple[str, str, None, str]]:
    """Posts, absences and waivers beside each other."""
    named = {"posts": "任职", "absences": "请假", "waivers": "豁免"}
    return [(code, words, None, reverse(f"settings-{code}")) for code, words in named.items()]


@guard(GET=ADMIN)
def posts(request: HttpRequest) -> HttpResponse:
    """Appointments at the admin's units that last or are to come, the latest first."""
    words, role = typed_words(request), request.GET.get("role", "")
    under = reach.unit_asked(request) if request.GET.get("unit") else None
    after = request.GET.get("after", "")
    rows, last = directory.posts(person(request), under=under, role=role, words=words, after=after)
    page = frame(TOP[0]) | {"tabs": tabs(), "tab": "posts", "rows": rows, "last": last}
    page |= {"find": words, "role": role, "under": under}
    page["roles"] = [(code, one.title) for code, one in roles().items()]
    return render(request, "settings/posts.html", page)


@guard(GET=ADMIN, POST=ADMIN)
def appoint(request: HttpRequest) -> HttpResponse:
    """任命 somebody to a post; a conflict is refused with its rule and the way to a waiver."""
    by, unit = person(request), _unit(request)
    form = AppointForm(sent(request), initial=_initial(request, unit)).offer(request, unit)
    page = frame("任命", TOP, words="岗位管到这个单位和它下面的所有地方。") | {
        "act": "任命",
        "way_out": _waiver(request),
    }

    def write() -> str:
        made = appoint_person(**form.cleaned_data, by=by)
        return reverse("settings-person", args=[made.person_id])

    return Asking(request, form, "settings/form.html", write, "已任命。", context=page).answer()


@guard(GET=ADMIN, POST=ADMIN)
def relieve(request: HttpRequest, pk: int) -> HttpResponse:
    """免职, at once or with a last day; one's own post as admin is ended by another admin."""
    by, post = person(request), reach.appointment_at(request, pk)
    if post.role == "admin":
        reach.not_yourself(by, post.person, "自己的系统管理员岗位由另一位管理员免去。")
    form = RelieveForm(sent(request))
    page = frame("免职", TOP, (post.person.name, reverse("settings-person", args=[post.person_id])))
    page |= {"act": "免职", "danger": True, "words": f"{post.person.name} · {post.unit.name} {title(post.role)}"}
    page |= {"follows": _following(post), "follows_title": "免职以后"}

    def write() -> str:
        relieve_person(post, by=by, until=form.cleaned_data["until"])
        return reverse("settings-person", args=[post.person_id])

    return Asking(request, form, "settings/form.html", write, "已免职。", context=page).answer()


def _following(post: Appointment) -> list[str]:
    """What happens to the post and the person."""
    others = Appointment.objects.filter(reach.lasting(clock.today()), role=post.role, unit=post.unit).exclude(
        pk=post.pk
    )
    name = title(post.role)
    left = (
        f"{post.unit.name}还有 {others.count()} 位{name}。"
        if others.exists()
        else f"{post.unit.name}的{name}空缺，超时上报会跳过这一级。"
    )
    return [f"{post.person.name} 下一次打开页面起，不再有这个岗位的权限。", left, "账号、其他岗位和办过的记录不变。"]


def _unit(request: HttpRequest) -> Unit | None:
    """The unit chosen so far, if the admin manages it."""
    asked = request.POST.get("unit") or request.GET.get("unit") or ""
    return reach.units(person(request)).filter(pk=reach.number(asked)).first()


def _initial(request: HttpRequest, unit: Unit | None) -> dict[str, object]:
    """What the page that led here has chosen already."""
    asked = reach.number(request.GET.get("person", ""))
    who: User | None = reach.people(person(request)).filter(pk=asked).first() if asked else None
    known = {"person": ManagedPersonField.spelled(who), "unit": unit, "role": request.GET.get("role", "")}
    return known | {"since": clock.today()}


def _waiver(request: HttpRequest) -> tuple[str, str] | None:
    """The way to a waiver, for those who may grant one."""
    if not reach.manages_nation(person(request)):
        return None
    kept = {name: request.POST[name] for name in ("unit", "role") if request.POST.get(name)}
    kept |= {"named": request.POST["person"]} if request.POST.get("person") else {}
    return "登记豁免", f"{reverse('settings-waiver-add')}?{urlencode(kept)}"
