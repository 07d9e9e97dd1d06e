"""未登录报修: a school's switch for reports from people without an account."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.errors import NotThere
from portal.orgs.models import UnitKind
from portal.orgs.policies import ADMIN, guard, person
from portal.stickers.actions import welcome
from portal.stickers.models import Welcome
from portal.templatetags.sunlit import when
from portal.widgets import Switch

from . import reach
from .asking import Asking, seen, sent
from .frame import frame

FOLLOWS = [
    "扫码的人不用登录，拍 1 到 3 张照片就能报；没有照片不收。",
    "先进“待核实”，只有报修调度和总务主任看得到；核实收下后才开始办。",
    "不属实的，照片和文字当即删除，只留摘要。",
    "同一网络、同一张贴纸、全校每天都有上限。",
]


class VisitorsForm(forms.Form):
    """The switch."""

    is_on = forms.BooleanField(
        label="接受未登录报修", required=False, widget=Switch, help_text="扫贴纸就能报，要附照片，核实后才办。"
    )


@guard(GET=ADMIN, POST=ADMIN)
def visitors(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches reports without login on or off for one school; every change is in the ledger."""
    here = reach.unit_at(request, pk)
    if here.kind != UnitKind.SCHOOL:
        raise NotThere
    row = Welcome.objects.select_related("changed_by").filter(school=here).first() or Welcome(school=here)
    form = VisitorsForm(sent(request), initial={"is_on": row.is_on})

    def write() -> str:
        welcome(here, is_on=form.cleaned_data["is_on"], by=person(request), seen=seen(request))
        return reverse("settings-unit", args=[pk])

    return Asking(request, form, "settings/form.html", write, version=row.version, context=_about(row)).answer()


def _about(row: Welcome) -> dict[str, Any]:
    """The page around the form: the way here, who changed it last, what follows."""
    school = row.school
    above = (("单位与地点", reverse("settings-units")), (school.name, reverse("settings-unit", args=[school.pk])))
    changed = f"上次由{row.changed_by.name}在{when(row.changed_at)}改过。" if row.changed_by else "默认不接受。"
    page = frame("未登录报修", *above, words=changed)
    return page | {"act": "保存", "follows": FOLLOWS, "follows_title": "打开以后"}
