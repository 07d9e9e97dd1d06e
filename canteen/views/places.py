"""A canteen's settings: opening one, what it is and its own numbers, closing it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from canteen.actions import change_canteen, close_canteen, open_canteen
from canteen.apps import KEEPERS
from canteen.forms.places import CanteenForm, NewCanteenForm, numbers_of
from canteen.queries import the_canteen
from canteen.queries.ingredients import schools_below
from canteen.rules.places import SETTERS
from portal.hall.settings.asking import SureForm, seen, sent
from portal.orgs.access import holds
from portal.orgs.policies import guard, holding, person

from .frame import asking

KEEPING, SETTING = holding(*KEEPERS), holding(*SETTERS)


@guard(GET=KEEPING, POST=KEEPING)
def add(request: HttpRequest) -> HttpResponse:
    """启用食堂, with as few words as will do."""
    by = person(request)
    schools = schools_below(by, *KEEPERS)
    form = NewCanteenForm(sent(request), schools=schools, initial={"school": schools.first()})

    def effect() -> str:
        made = open_canteen(by=by, **form.cleaned_data)
        return reverse("canteen:settings", args=[made.pk])

    words = "先填这几项就能用，其余的数按国家要求预置，下一页可以改。"
    return asking(
        request, form, effect, title="启用食堂", act="启用", words=words, done="已启用，请看一遍它的数。"
    ).answer()


@guard(GET=SETTING, POST=SETTING)
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """What a canteen is and its own numbers; every change stays in the ledger."""
    by = person(request)
    one = the_canteen(by, pk, *SETTERS)
    form = CanteenForm(sent(request), school=one.school, initial=numbers_of(one))

    def effect() -> str:
        change_canteen(one, by=by, seen=seen(request), **form.cleaned_data)
        return reverse("canteen:home")

    page = asking(request, form, effect, title=f"{one.name}的设置", act="保存", version=one.version)
    page.context |= {"words": f"{one.school.name}。每次改动都留在账上，改前改后都查得到。"}
    if holds(by, KEEPERS, one.school.path):
        page.context |= {"go": (reverse("canteen:close", args=[one.pk]), "停用这个食堂")}
    return page.answer()


@guard(GET=KEEPING, POST=KEEPING)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """停用: nothing new is opened for it."""
    by = person(request)
    one = the_canteen(by, pk, *KEEPERS)

    def effect() -> str:
        close_canteen(one, by=by)
        return reverse("canteen:home")

    above = (f"{one.name}的设置", reverse("canteen:settings", args=[one.pk]))
    words = "停用以后不再开出新的事项；账目、公示和已有的记录都留着，照样查得到。"
    title = f"停用{one.name}"
    return asking(request, SureForm(sent(request)), effect, above, title=title, act="停用", words=words).answer()
